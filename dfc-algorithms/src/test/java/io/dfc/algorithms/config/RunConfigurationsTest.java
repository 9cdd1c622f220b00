package io.dfc.algorithms.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.method.dfc.DfcSettings;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.StorageException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class RunConfigurationsTest {
    @TempDir Path folder;

    static List<String> names() {
        return RunConfigurations.names();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), text);
    }

    private RunConfiguration load(String text) throws IOException {
        return RunConfigurations.load(file(text).toString(), List.of());
    }

    private static RunConfiguration set(String... settings) {
        return RunConfigurations.with(
                RunConfigurations.defaults(),
                List.of(settings).stream().map(Setting::parse).toList());
    }

    private static DfcSettings dfc(RunConfiguration configuration) {
        return configuration.settings(DfcSettings.class);
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyShippedConfigurationComesBackEqualFromItsOwnYaml(String name) throws IOException {
        RunConfiguration shipped = RunConfigurations.load(name, List.of());

        assertThat(load(RunConfigurations.toYaml(shipped))).isEqualTo(shipped);
    }

    @ParameterizedTest
    @CsvSource({
        "clamp-time-constants: %s, clamp-time-constants, 1",
        "clamp-time-constants: %s, clamp-time-constants, '\"true\"'",
        "validation: %s, validation, 0",
        "'network: {bias: %s}', network.bias, yes",
        "'feedback: {freeze-output: %s}', feedback.freeze-output, 1.0",
        "'control: {proactive: %s}', control.proactive, null",
        "'control: {proactive: %s}', control.proactive, '[true]'",
    })
    void whatIsNeitherTrueNorFalseIsRefused(String line, String key, String value)
            throws IOException {
        Path file = file(line.formatted(value));
        String shown = value.equals("yes") ? "\"yes\"" : value;
        assertThatThrownBy(() -> RunConfigurations.load(file.toString(), List.of()))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage(key + ": must be true or false, got " + shown + " (in " + file + ")");
        assertThatThrownBy(() -> set(key + "=" + value))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage(key + ": must be true or false, got " + shown);
        assertThat(dfc(set("clamp-time-constants=true")).clampTimeConstants()).isTrue();
    }

    @Test
    void namesAreSortedAndDistinct() {
        assertThat(names()).isNotEmpty().isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aPublishedConfigurationKeepsItsDigits() {
        DfcSettings dfc = dfc(RunConfigurations.load("mnist/dfc", List.of()));

        assertThat(dfc.target().stepSize()).isEqualTo(0.07794471150634391);
        assertThat(dfc.forward().learningRate()).containsExactly(0.001188786936042919);
        assertThat(dfc.feedback().noiseSigma()).isEqualTo(0.001524181852173024);
    }

    @Test
    void aRunOnPublishedDataTakesThePublishedConfiguration() {
        assertThat(RunConfigurations.forRun("mnist", "dfc-ssa", List.of()))
                .isEqualTo(RunConfigurations.load("mnist/dfc-ssa", List.of()));
    }

    @Test
    void aRunOnOtherDataTakesTheDefaults() {
        RunConfiguration run = RunConfigurations.forRun("csv:a.csv", "dfc", List.of());

        assertThat(run.data()).isEqualTo("csv:a.csv");
        assertThat(run.settings()).isEqualTo(RunConfigurations.defaults().settings());
    }

    @Test
    void aMisspeltNameSuggestsTheNearest() {
        assertThatThrownBy(() -> RunConfigurations.load("mnist/dfc-sa", List.of()))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("mnist/dfc-sa")
                .hasMessageContaining("did you mean \"mnist/dfc-");
    }

    @Test
    void aMisspeltKeyInASectionSuggestsTheRightOneAndNamesTheFile() {
        assertThatThrownBy(() -> load("control:\n  time-stp: 0.01\n"))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("control.time-stp")
                .hasMessageContaining("did you mean \"time-step\"?")
                .hasMessageContaining("run.yaml");
    }

    @Test
    void aMisspeltOverrideSuggestsTheRightKey() {
        assertThatThrownBy(() -> set("feedback.extra-epoch=1"))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("did you mean \"extra-epochs\"?");
    }

    @Test
    void anOverrideReplacesNothingElse() {
        RunConfiguration defaults = RunConfigurations.defaults();
        RunConfiguration changed = set("epochs=3");

        assertThat(changed.epochs()).isEqualTo(3);
        assertThat(RunConfigurations.with(changed, List.of(new Setting("epochs", "10"))))
                .isEqualTo(defaults);
    }

    @Test
    void laterOverridesWin() {
        assertThat(set("epochs=3", "epochs=4").epochs()).isEqualTo(4);
    }

    @Test
    void anUnknownMethodListsTheKnownOnes() {
        assertThatThrownBy(() -> RunConfigurations.forRun("glyphs", "dfd", List.of()))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("unknown value \"dfd\"")
                .hasMessageContaining("dfc-ssa-fixed");
    }

    @ParameterizedTest
    @CsvSource({"control,time-step", "feedback,time-step"})
    void aTimeStepAboveTheTimeConstantIsRefusedWithTheReason(String section, String key) {
        assertThatThrownBy(() -> set(section + "." + key + "=0.5"))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining(section + ".time-step")
                .hasMessageContaining("unstable");
    }

    @Test
    void clampingRaisesTheTimeConstantToTheTimeStepAndRecordsIt() {
        RunConfiguration clamped = set("control.time-step=0.5", "clamp-time-constants=true");

        assertThat(dfc(clamped).control().timeConstantRatio()).isEqualTo(0.5);
        assertThat(RunConfigurations.toYaml(clamped)).contains("time-constant-ratio: 0.5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epochs=-1 | epochs",
                "batch=0 | batch",
                "epochs=1.5 | epochs",
                "epochs=many | epochs",
                "network.hidden=[10, 0] | network.hidden",
                "network.activations=[tanh, tanh] | network.activations",
                "forward.learning-rate=[0.1, 0.2] | forward.learning-rate",
                "forward.beta1=1.0 | forward.beta1",
                "forward.clip-norm=0 | forward.clip-norm",
                "control.leakage=.nan | control.leakage",
                "control.leakage=.inf | control.leakage",
                "control.time-points=1 | control.time-points",
                "target.step-size=-0.1 | target.step-size",
                "target.kind=push | target.kind",
                "feedback.noise-sigma=-1 | feedback.noise-sigma",
                "precision=half | precision",
                "solver=steady-state | solver",
                "control=3 | control",
            })
    void aValueThatIsNotAllowedIsNamedInOneLine(String setting, String key) {
        assertThatThrownBy(() -> set(setting))
                .isInstanceOfSatisfying(
                        BadConfigurationException.class, e -> assertThat(e.key()).isEqualTo(key))
                .message()
                .doesNotContain("\n");
    }

    @Test
    void duplicateKeysAreRefused() {
        assertThatThrownBy(() -> load("epochs: 1\nepochs: 2\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("epochs");
    }

    @Test
    void anEmptyFileIsRefused() {
        assertThatThrownBy(() -> load(""))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("holds no settings");
    }

    @Test
    void brokenYamlIsRefusedWithItsLine() {
        assertThatThrownBy(() -> load("epochs: 1\nnetwork: [1, 2\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("line ");
    }

    @Test
    void aMissingFileIsAnErrorInOneLine() {
        String missing = folder.resolve("no.yaml").toString();

        assertThatThrownBy(() -> RunConfigurations.load(missing, List.of()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void aHugeFileIsRefusedBeforeItIsParsed() {
        assertThatThrownBy(() -> load("# " + "x".repeat(2_000_000)))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("larger than");
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> load("epochs: " + "[".repeat(5_000) + "]".repeat(5_000)))
                .isInstanceOf(DfcException.class)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aliasesThatMultiplyAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }

        assertThatThrownBy(() -> load(bomb.toString())).isInstanceOf(DfcException.class);
    }

    @Test
    void anOverrideWithoutAnEqualsSignIsRefused() {
        assertThatThrownBy(() -> Setting.parse("epochs"))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("key=value");
    }
}
