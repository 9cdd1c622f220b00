package io.dfc.algorithms.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.method.dfc.DfcSettings;
import io.dfc.algorithms.method.program.ForwardSettings;
import io.dfc.api.error.BadConfigurationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A configuration holds the general settings and those of its method, no others. */
class MethodKeysTest {
    @TempDir Path folder;

    private static List<Setting> settings(String... texts) {
        return Stream.of(texts).map(Setting::parse).toList();
    }

    private static RunConfiguration bp(String... texts) {
        return RunConfigurations.forRun("glyphs", "bp", settings(texts));
    }

    private RunConfiguration load(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("run.yaml"), text);
        return RunConfigurations.load(file.toString(), List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "control.leakage=1 | control.leakage: method bp has no such setting; it is one of dfc, dfc-",
                "solver=euler | solver: method bp has no such setting; it is one of dfc,",
                "forward.rule=derivative | forward.rule: method bp has no such setting; it is one of dfc,",
                "forward.learning-rat=1 | forward.learning-rat: no such setting; did you mean \"learning-rate\"?",
                "contrl.leakage=1 | contrl: no such setting; there are: method, data,",
                "leakage=1 | leakage: no such setting; there are: method, data,",
            })
    void aKeyThatAMethodDoesNotKnowIsRefusedWithWhereItBelongs(String setting, String message) {
        assertThatThrownBy(() -> bp(setting))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith(message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void theSameInAFileNamesTheFile() {
        assertThatThrownBy(() -> load("method: bp\ncontrol:\n  time-points: 9\n"))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageMatching(
                        "control.time-points: method bp has no such setting \\(in .*run.yaml\\); it is one of dfc, .*");
    }

    @Test
    void backpropagationHasSettingsOfItsOwn() throws IOException {
        RunConfiguration bp = bp("forward.clip-scope=layer", "forward.learning-rate=0.25");

        assertThat(bp.settings(ForwardSettings.class).forward().learningRate())
                .containsExactly(0.25);
        String yaml = RunConfigurations.toYaml(bp);
        assertThat(yaml)
                .contains("forward:", "clip-scope: layer")
                .doesNotContain("control:", "feedback:", "target:", "solver", "presynaptic");
        assertThat(load(yaml)).isEqualTo(bp);
    }

    @Test
    void aMethodThatIsChangedTakesItsOwnDefaultsAlong() {
        RunConfiguration dfc =
                RunConfigurations.forRun(
                        "csv:a.csv", "dfc", settings("forward.beta1=0.5", "seed=7"));

        RunConfiguration bp = RunConfigurations.with(dfc, settings("method=bp"));

        assertThat(bp.seed()).isEqualTo(7);
        assertThat(bp.settings(ForwardSettings.class).forward().beta1()).isEqualTo(0.5);
        RunConfiguration ss = RunConfigurations.with(dfc, settings("method=dfc-ss"));
        assertThat(ss.settings()).isEqualTo(dfc.settings());
        RunConfiguration loop = RunConfigurations.with(dfc, settings("control.leakage=2"));
        assertThatThrownBy(() -> RunConfigurations.with(loop, settings("method=bp")))
                .hasMessageStartingWith("control.leakage: method bp has no such setting");
    }

    @Test
    void otherDefaultsReachTheMethodsThatHaveThem() {
        List<Setting> base = settings("forward.beta1=0.5", "feedback.beta1=0.25");

        RunConfiguration dfc = RunConfigurations.forRun("glyphs", "dfc", base, List.of());
        RunConfiguration bp = RunConfigurations.forRun("glyphs", "bp", base, List.of());

        assertThat(dfc.settings(DfcSettings.class).feedback().beta1()).isEqualTo(0.25);
        assertThat(bp.settings(ForwardSettings.class).forward().beta1()).isEqualTo(0.5);
        assertThat(RunConfigurations.has(bp, "feedback.beta1")).isFalse();
        assertThat(RunConfigurations.holds(dfc, Setting.parse("forward.beta1=0.5"))).isTrue();
        assertThat(RunConfigurations.holds(bp, Setting.parse("feedback.beta1=0.25"))).isFalse();
        assertThat(RunConfigurations.numbers(dfc, "forward.learning-rate")).hasSize(1);
        assertThat(RunConfigurations.numbers(dfc, "forward.rule")).isEmpty();
        assertThat(RunConfigurations.numbers(bp, "control.leakage")).isEmpty();
    }

    @Test
    void runsOfTwoMethodsDifferByTheirMethod() {
        RunConfiguration dfc = RunConfigurations.forRun("csv:a.csv", "dfc", List.of());
        RunConfiguration bp = RunConfigurations.forRun("csv:a.csv", "bp", List.of());

        assertThat(RunConfigurations.differences(dfc, bp, Set.of()))
                .contains("method is \"dfc\" there, \"bp\" here");
        assertThat(RunConfigurations.differences(dfc, dfc, Set.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "control.time-points, 2147483648",
        "feedback.extra-epochs, 1.5",
        "feedback.time-points, 1"
    })
    void aWholeNumberOfTheMethodIsOne(String key, String value) {
        assertThatThrownBy(
                        () ->
                                RunConfigurations.forRun(
                                        "glyphs", "dfc", settings(key + "=" + value)))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith(key + ": must be a whole number from ")
                .hasMessageContaining("got " + value);
    }

    @Test
    void everyListedConfigurationHasAMethodThatCanBeTrained() {
        assertThat(RunConfigurations.names())
                .allSatisfy(
                        name ->
                                assertThat(RunConfigurations.load(name, List.of()).settings())
                                        .isNotNull());
    }
}
