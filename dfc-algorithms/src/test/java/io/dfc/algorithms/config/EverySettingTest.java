package io.dfc.algorithms.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.api.error.BadConfigurationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every setting is checked, whatever the method makes of it. */
class EverySettingTest {
    private static final List<String> HOSTILE =
            List.of(
                    "null",
                    "''",
                    "foo",
                    "-1",
                    "0",
                    "1.5",
                    "1e400",
                    "-1e400",
                    ".nan",
                    "[]",
                    "[null]",
                    "[foo, -1]",
                    "{a: 1}",
                    "true",
                    "3000000000",
                    "99999999999999999999999",
                    "\"a\\0b\"",
                    "*alias",
                    "[1, 2");

    /** Settings whose rules name the method. */
    private static final Set<String> OF_THE_METHOD =
            Set.of("method", "solver", "forward.presynaptic", "control.noise-sigma");

    private static final Map<String, RunConfiguration> BASES =
            Stream.of("dfc", "dfc-ss-fixed", "dfc-ssa", "bp")
                    .collect(
                            Collectors.toMap(
                                    m -> m,
                                    m ->
                                            RunConfigurations.forRun(
                                                    "csv:a.csv",
                                                    m,
                                                    List.of(
                                                            new Setting(
                                                                    "network.hidden", "[3, 3]")))));

    static List<String> keys() {
        List<String> keys = new ArrayList<>();
        collect("", ConfigurationTree.defaults("dfc").root(), keys);
        keys.remove("published");
        return keys;
    }

    private static void collect(String prefix, ObjectNode tree, List<String> keys) {
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            if (entry.getValue() instanceof ObjectNode inner) {
                collect(prefix + entry.getKey() + ".", inner, keys);
            } else {
                keys.add(prefix + entry.getKey());
            }
        }
    }

    private static List<String> methodsWith(String key) {
        return BASES.keySet().stream()
                .filter(method -> RunConfigurations.has(BASES.get(method), key))
                .toList();
    }

    private static Optional<BadConfigurationException> refusal(
            String method, String key, String value) {
        try {
            configuration(method, key, value);
            return Optional.empty();
        } catch (BadConfigurationException e) {
            return Optional.of(e);
        }
    }

    private static RunConfiguration configuration(String method, String key, String value) {
        return RunConfigurations.with(BASES.get(method), List.of(new Setting(key, value)));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyMethodTakesAHostileValueOrRefusesItInOneLineThatNamesTheKey(String key) {
        for (String value : HOSTILE) {
            boolean refused = refusal("dfc", key, value).isPresent();
            for (String method : methodsWith(key)) {
                Optional<BadConfigurationException> refusal = refusal(method, key, value);
                refusal.ifPresent(
                        e -> {
                            assertThat(e.getMessage()).as(value).doesNotContain("\n");
                            assertThat(e.key()).as(value).isEqualTo(key);
                        });
                if (!OF_THE_METHOD.contains(key)) {
                    assertThat(refusal.isPresent())
                            .as("%s=%s with %s", key, value, method)
                            .isEqualTo(refused);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void whatIsTakenCanBeAssembled(String key) {
        DataSet data =
                key.equals("loss")
                        ? DataSet.regression("d", new double[8], 4, new double[4], 2)
                        : DataSet.classification("d", new double[8], 4, new int[] {0, 1}, 2);
        for (String method : methodsWith(key)) {
            for (String value : HOSTILE) {
                if (refusal(method, key, value).isEmpty()) {
                    assertThat(new RunAssembler(configuration(method, key, value), data).assemble())
                            .isNotNull();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "feedback.initialization=foo | unknown value \"foo\"; allowed: weight-product",
                "feedback.optimizer=foo | allowed: adam, sgd",
                "feedback.rule=foo | allowed: normal-controller",
                "feedback.estimator=mean | allowed: sampled, expected",
                "feedback.noise-sigma=-1 | above 0, got -1.0",
                "feedback.time-step=0.5 | unstable",
                "control.leak=foo | allowed: total, integral",
                "control.time-step=-1 | above 0, got -1.0",
                "control.time-points=1 | from 2 to 10000000, got 1",
                "control.convergence-epsilon=0 | above 0",
            })
    void fixedFeedbackRefusesNonsenseInTheSettingsThatItDoesNotUse(String setting, String words) {
        assertThatThrownBy(
                        () ->
                                RunConfigurations.forRun(
                                        "glyphs", "dfc-fixed", List.of(Setting.parse(setting))))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epochs=3000000000 | epochs: must be a whole number from 0 to 2147483647, got 3000000000",
                "epochs=1e9 | got 1.0E9",
                "batch=2000000 | from 1 to 1048576",
                "seed=99999999999999999999 | from -9223372036854775808 to 9223372036854775807",
                "network.hidden=[99999999999] | network.hidden: must be a whole number from 1 to 1048576",
                "teacher.width=20000 | teacher.width: must be a whole number from 1 to 10000",
                "teacher.depth=21 | from 1 to 20",
            })
    void aNumberOutOfRangeIsNamedWithItsRange(String setting, String words) {
        assertThatThrownBy(
                        () ->
                                RunConfigurations.forRun(
                                        "glyphs", "dfc", List.of(Setting.parse(setting))))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining(words);
    }

    @Test
    void aSettingWithoutAValueSaysWhatItIsLike() {
        assertThatThrownBy(
                        () ->
                                RunConfigurations.forRun(
                                        "glyphs", "dfc", List.of(Setting.parse("network.hidden="))))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("network.hidden")
                .hasMessageContaining("[256,256,256]");
    }
}
