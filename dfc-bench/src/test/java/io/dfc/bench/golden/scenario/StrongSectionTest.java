package io.dfc.bench.golden.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.bench.golden.GoldenCheck;
import io.dfc.bench.golden.GoldenFixtures;
import io.dfc.bench.golden.GoldenReader;
import io.dfc.bench.golden.compare.CheckReport;
import io.dfc.bench.golden.compare.FileOutcome;
import io.dfc.bench.golden.compare.Tolerances;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** What files of the kind strong may ask for, and what is refused in words. */
class StrongSectionTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir private Path folder;

    private static ObjectNode at(ObjectNode root, String path) {
        return (ObjectNode) root.at("/" + path.replace('.', '/'));
    }

    private Path edited(Consumer<ObjectNode> edit) {
        return GoldenFixtures.edited(folder, GoldenFixtures.STRONG, edit);
    }

    private static CheckReport check(Path file) {
        try (Backend reference =
                Backends.discover()
                        .select("reference", BackendOptions.defaults(), List.of())
                        .backend()) {
            return new GoldenCheck(reference, Tolerances.flat())
                    .run(List.of(GoldenReader.read(file)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "settings|low_pass_filter_u|true|settings.low_pass_filter_u: expected false, for no loop low-passes",
                "settings|low_pass_filter_noise|false|settings.low_pass_filter_noise: expected true, for phase single",
                "settings|instantaneous_apical_dynamics|false|settings.instantaneous_apical_dynamics: expected true",
                "settings|phase|\"three\"|settings.phase: expected single or two, got \"three\"",
                "settings|phase|\"two\"|settings.pretraining: expected false, for pretraining is of phase single",
                "settings|controller_error|\"huber\"|settings.controller_error: expected cross_entropy or mse",
                "settings|strong_feedback|false|settings.controller_error: expected mse, for cross_entropy goes with",
                "settings|strong_feedback|1|settings.strong_feedback: expected true or false",
                "settings|noise_time_constant|null|settings.noise_time_constant: expected a value, got null",
                "settings|noise_time_constant|0.001|must be at least the time step 0.002, got 0.001",
                "settings|filter_time_constant|null|settings.filter_time_constant: expected a value, got null",
                "settings|filter_time_constant|0|settings.filter_time_constant: expected a number above 0",
                "settings|filter_time_constant|0.001|follows by a share in (0, 1]",
                "settings|feedback|null|settings.feedback: expected a value, got null",
                "settings.feedback|learning_rule|\"special_controller\"|expected normal_controller",
                "settings.feedback|homeostatic_weight_decay|0.1|expected null, for the kind strong has no such decay",
                "noise|feedback|null|noise.feedback: expected a value, got null",
                "expected.feedback|u_high_pass_time_index|null|expected.feedback.u_high_pass_time_index: expected a value"
            })
    void whatNoLoopComputesIsRefusedInWords(
            String object, String key, String value, String message) {
        Path file = edited(root -> at(root, object).set(key, MAPPER.readTree(value)));

        assertThatThrownBy(() -> GoldenReader.read(file))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"feedback.trajectory.sample_loss", "feedback.u_high_pass"})
    void aTamperedValueIsAMiss(String quantity) {
        Path file =
                edited(
                        root -> {
                            ArrayNode data =
                                    (ArrayNode)
                                            root.at(
                                                    "/expected/"
                                                            + quantity.replace('.', '/')
                                                            + "/data");
                            int last = data.size() - 1;
                            data.set(last, data.get(last).doubleValue() + 1e-3);
                        });

        assertThat(check(file).misses())
                .singleElement()
                .satisfies(m -> assertThat(m.comparison().path()).isEqualTo(quantity));
    }

    @Test
    void inASinglePhaseTheApicalCompartmentIsInstantaneousWhateverItsConstant() {
        Path file = edited(root -> at(root, "settings.feedback").put("apical_time_constant", 0.7));

        assertThat(check(file).misses()).isEmpty();
    }

    @Test
    void softLabelsFollowFromTheClassValueWhereTheFileHasNone() {
        Path file = edited(root -> at(root, "minibatch").remove("y"));

        CheckReport report = check(file);

        assertThat(report.misses()).isEmpty();
        assertThat(report.of(FileOutcome.Checked.class)).hasSize(1);
    }

    @Test
    void noiseOfZeroNeedsNoRecordedNumbers() {
        Path file =
                edited(
                        root -> {
                            at(root, "settings.feedback").put("noise_sigma", 0.0);
                            at(root, "settings.feedback").put("noise_sigma_output", 0.0);
                            root.remove("noise");
                        });

        assertThat(check(file).of(FileOutcome.Checked.class)).hasSize(1);
        assertThat(check(file).misses()).isNotEmpty();
    }
}
