package io.dfc.algorithms.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.yaml.Yaml;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Configurations beside published ones differ from them in the learning of feedback weights; those
 * of MNIST in the epsilon of the output layer, too.
 */
class FastConfigurationsTest {
    private static final Set<String> FEEDBACK =
            Set.of(
                    "feedback.estimator",
                    "feedback.pretraining-epochs",
                    "feedback.pretraining-minibatches",
                    "feedback.extra-epochs",
                    "feedback.epoch-before-forward",
                    "feedback.every",
                    "feedback.learning-rate",
                    "feedback.pretraining-learning-rate");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mnist/dfc",
                "mnist/dfc-ss",
                "mnist/dfc-ssa",
                "fashion-mnist/dfc",
                "fashion-mnist/dfc-ss",
                "fashion-mnist/dfc-ssa"
            })
    void onlyWhatTheFileNamesIsOtherThanPublished(String published) {
        RunConfiguration slow = RunConfigurations.load(published, List.of());
        RunConfiguration fast = RunConfigurations.load(published + "-fast", List.of());

        assertThat(RunConfigurations.names()).contains(published + "-fast");
        assertThat(RunConfigurations.differences(slow, fast, Set.of("published")))
                .extracting(difference -> difference.substring(0, difference.indexOf(' ')))
                .containsExactlyInAnyOrderElementsOf(
                        published.startsWith("mnist/")
                                ? Stream.concat(FEEDBACK.stream(), Stream.of("forward.epsilon"))
                                        .toList()
                                : FEEDBACK);
        assertThat(fast.published()).as("it was not").isEmpty();
        assertThat(slow.published()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mnist/dfc-ssa-fast", "fashion-mnist/dfc-fast"})
    void theFileSaysWhatIsOtherAndWhy(String name) {
        String text = Yaml.resource(RunConfigurations.class, "named/" + name + ".yaml");

        assertThat(text.lines().takeWhile(line -> line.startsWith("#")).toList())
                .first()
                .asString()
                .startsWith("# " + name.replace("-fast", "") + ", the run of Table 1");
        assertThat(text).contains("All else is as published.");
    }
}
