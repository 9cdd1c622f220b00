package io.dfc.algorithms.diagnostics.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.measure.Measurements;
import io.dfc.algorithms.measure.RunMeasurement;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.run.RunData;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Runs on the built-in digits, measured and not. */
class RunDiagnosticsTest {
    private static RunConfiguration configuration(String method, String... more) {
        List<Setting> settings =
                Stream.concat(
                                Stream.of(
                                        "network.hidden=[6,5]",
                                        "limit=60",
                                        "batch=6",
                                        "epochs=1",
                                        "diagnostics.every=4",
                                        "diagnostics.samples=3"),
                                Stream.of(more))
                        .map(Setting::parse)
                        .toList();
        return RunConfigurations.forRun("glyphs", method, settings);
    }

    private static List<Measurements> train(
            RunConfiguration configuration, boolean measured, List<TrainingResult> results) {
        DataSplits data = RunData.load(configuration);
        TrainingSpec spec = new RunAssembler(configuration, data.train()).assemble();
        List<Measurements> found = new ArrayList<>();
        TrainingListener listener =
                new TrainingListener() {
                    @Override
                    public void measured(int epoch, Measurements measurements) {
                        found.add(measurements);
                    }
                };
        RunMeasurement measurement =
                measured
                        ? RunDiagnostics.of(configuration.diagnostics(), spec.learning())
                        : RunMeasurement.none();
        try (Backend backend =
                Backends.discover()
                        .select("reference", BackendOptions.defaults(), List.of(spec.plan()))
                        .backend()) {
            results.add(new Trainer(spec, data, List.of(listener), measurement).run(backend));
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "dfc, solver=euler",
        "dfc, solver=auto",
        "dfc-ss, solver=steady-state",
        "dfc-ssa, epochs=1",
        "strong-dfc, epochs=1",
        "dfa, epochs=1",
        "bp, epochs=1"
    })
    void aMeasuredRunEndsWithTheBitsOfAnUnmeasuredOne(String method, String setting) {
        RunConfiguration configuration = configuration(method, setting);
        List<TrainingResult> results = new ArrayList<>();

        List<Measurements> measured = train(configuration, true, results);
        List<Measurements> nothing = train(configuration, false, results);

        assertThat(results.getFirst()).isEqualTo(results.getLast());
        assertThat(nothing).isEmpty();
        assertThat(measured).extracting(Measurements::minibatch).containsExactly(0, 4, 8);
        assertThat(measured.getFirst().values())
                .containsKeys("bp_angle", "gn_angle", "mn_angle", "condition_1");
        // Clipping tensor by tensor turns the whole update, but no layer.
        double largest =
                measured.getFirst().layers().get("bp_angle_W").stream()
                        .mapToDouble(angle -> angle)
                        .max()
                        .orElseThrow();
        assertThat(largest).isBetween(0.0, method.equals("bp") ? 1e-4 : 180);
        boolean loops = !method.equals("bp") && !method.equals("dfa");
        assertThat(measured.getFirst().values().containsKey("condition_2")).isEqualTo(loops);
        assertThat(measured.getFirst().values().containsKey("surrogate_loss")).isEqualTo(loops);
        assertThat(measured.getFirst().values().containsKey("analytic_angle"))
                .isEqualTo(loops && !method.equals("strong-dfc"));
        assertThat(measured.getFirst().layers().get("norm_W")).hasSize(3);
    }

    @Test
    void theAnalyticMethodFollowsItsOwnUpdate() {
        List<Measurements> measured = train(configuration("dfc-ssa"), true, new ArrayList<>());

        assertThat(measured.getFirst().values().get("analytic_angle")).isLessThan(1e-4);
        assertThat(measured.getFirst().values().get("analytic_distance")).isLessThan(1e-6);
    }

    @Test
    void onlyWhatIsAskedForIsMeasured() {
        Measurements some =
                train(
                                configuration("dfc-ssa", "diagnostics.measures=[bp, convergence]"),
                                true,
                                new ArrayList<>())
                        .getFirst();

        assertThat(some.values())
                .containsOnlyKeys("bp_angle", "converged", "diverged", "undecided");
        assertThat(some.layers()).containsOnlyKeys("bp_angle_W", "bp_angle_b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "diagnostics.measures=[angles] | diagnostics.measures",
                "diagnostics.measures=[] | needs at least one of all, norms",
                "diagnostics.every=-1 | diagnostics.every: must be a whole number from 0",
                "diagnostics.damping=-1 | diagnostics.damping: must be a finite number",
                "diagnostics.stability=no | refuse"
            })
    void wrongSettingsAreNamed(String setting, String message) {
        assertThatThrownBy(() -> configuration("dfc", setting))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining(message);
    }

    private static List<String> check(RunConfiguration configuration) {
        DataSplits data = RunData.load(configuration);
        TrainingSpec spec = new RunAssembler(configuration, data.train()).assemble();
        Tensor inputs = Tensor.zeros(ElementType.F64, 4, data.train().inputSize());
        data.train().copyInputs(IntStream.range(0, 4).toArray(), 0, 4, Rows.of(inputs));
        return LoopStability.check(
                spec.plan(), spec.initial(), inputs, configuration.diagnostics().stability());
    }

    @Test
    void anUnstableGainIsRefusedBeforeTheRunWithWhatToChange() {
        String gain = "control.proportional-gain=1000";

        assertThatThrownBy(() -> check(configuration("dfc", gain)))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("loop \"control\" is unstable on 4 of 4 samples")
                .hasMessageContaining("--set control.proportional-gain=")
                .hasMessageContaining("diagnostics.stability=warn");
        assertThat(check(configuration("dfc", gain, "diagnostics.stability=warn")))
                .anyMatch(w -> w.contains("is unstable on 4 of 4"));
        assertThat(check(configuration("dfc", gain, "diagnostics.stability=ignore"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dfc", "dfc-fixed", "dfc-ss", "strong-dfc", "strong-dfc-2phase", "bp"})
    void theDefaultsAreStable(String method) {
        assertThat(check(configuration(method))).isEmpty();
    }
}
