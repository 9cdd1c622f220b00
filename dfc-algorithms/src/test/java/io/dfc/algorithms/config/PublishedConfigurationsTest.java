package io.dfc.algorithms.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Holds the shipped configurations of the DFC program against the list of published values, where
 * that list lies beside the repository.
 */
class PublishedConfigurationsTest {
    private static final Map<String, String> SETTINGS =
            Map.ofEntries(
                    Map.entry("epochs", "/epochs"),
                    Map.entry("batch_size", "/batch"),
                    Map.entry("random_seed", "/seed"),
                    Map.entry("size_hidden", "/network/hidden"),
                    Map.entry("lr", "/forward/learning-rate/0"),
                    Map.entry("beta1", "/forward/beta1"),
                    Map.entry("beta2", "/forward/beta2"),
                    Map.entry("epsilon", "/forward/epsilon/0"),
                    Map.entry("forward_wd", "/forward/weight-decay"),
                    Map.entry("target_stepsize", "/target/step-size"),
                    Map.entry("alpha_di", "/control/leakage"),
                    Map.entry("k_p", "/control/proportional-gain"),
                    Map.entry("dt_di", "/control/time-step"),
                    Map.entry("tmax_di", "/control/time-points"),
                    Map.entry("time_constant_ratio", "/control/time-constant-ratio"),
                    Map.entry("apical_time_constant", "/control/apical-time-constant"),
                    Map.entry("epochs_fb", "/feedback/pretraining-epochs"),
                    Map.entry("extra_fb_epochs", "/feedback/extra-epochs"),
                    Map.entry("lr_fb", "/feedback/learning-rate"),
                    Map.entry("lr_fb_init", "/feedback/pretraining-learning-rate"),
                    Map.entry("feedback_wd", "/feedback/weight-decay"),
                    Map.entry("alpha_fb", "/feedback/leakage"),
                    Map.entry("k_p_fb", "/feedback/proportional-gain"),
                    Map.entry("dt_di_fb", "/feedback/time-step"),
                    Map.entry("tmax_di_fb", "/feedback/time-points"),
                    Map.entry("time_constant_ratio_fb", "/feedback/time-constant-ratio"),
                    Map.entry("apical_time_constant_fb", "/feedback/apical-time-constant"),
                    Map.entry("sigma_fb", "/feedback/noise-sigma"),
                    Map.entry("sigma_output_fb", "/feedback/noise-sigma-output"));

    @ParameterizedTest
    @ValueSource(strings = {"table1_configs", "toy_configs", "alignment_figure_configs"})
    void everyPublishedValueIsShippedExactly(String list) throws Exception {
        JsonNode published = JsonMapper.shared().readTree(Files.readString(publishedList()));
        List<JsonNode> shipped =
                RunConfigurations.names().stream()
                        .map(name -> RunConfigurations.load(name, List.of()))
                        .<JsonNode>map(c -> ConfigurationTree.of(c).root())
                        .toList();

        assertThat(published.path(list).size()).isPositive();
        for (JsonNode entry : published.path(list)) {
            List<List<String>> misses =
                    shipped.stream()
                            .filter(s -> s.at("/published/file").equals(entry.path("file")))
                            .map(s -> misses(entry.path("effective"), s))
                            .toList();

            assertThat(misses)
                    .as(
                            "values of %s missing in each configuration from its file",
                            entry.path("id"))
                    .contains(List.of());
        }
    }

    /** Those of relatives have no settings that were changed on the way, but for one rate. */
    private static final Map<String, String> OF_RELATIVES =
            Map.ofEntries(
                    Map.entry("epochs", "/epochs"),
                    Map.entry("num_epochs", "/epochs"),
                    Map.entry("batch_size", "/batch"),
                    Map.entry("beta1", "/forward/beta1"),
                    Map.entry("beta2", "/forward/beta2"),
                    Map.entry("epsilon", "/forward/epsilon/0"),
                    Map.entry("meta_lr", "/forward/learning-rate/0"),
                    Map.entry("target_stepsize", "/target/step-size"),
                    Map.entry("sigma", "/feedback/noise-sigma"),
                    Map.entry("epochs_fb", "/feedback/pretraining-epochs"),
                    Map.entry("extra_fb_epochs", "/feedback/extra-epochs"),
                    Map.entry("lr_fb", "/feedback/learning-rate"),
                    Map.entry("beta1_fb", "/feedback/beta1"),
                    Map.entry("beta2_fb", "/feedback/beta2"),
                    Map.entry("epsilon_fb", "/feedback/epsilon"),
                    Map.entry("feedback_wd", "/feedback/weight-decay"),
                    Map.entry("size_hidden_fb", "/hidden-units"),
                    Map.entry("k_i", "/control/integral-gain"),
                    Map.entry("k_p", "/control/proportional-gain"),
                    Map.entry("kp_wd", "/shrinkage"),
                    Map.entry("wd_Q", "/feedback/weight-decay"),
                    Map.entry("tau_Q", "/feedback/time-constant"),
                    Map.entry("timescale_factor", "/feedback/timescale-factor"),
                    Map.entry("ebd_lr", "/energy/learning-rate"));

    @ParameterizedTest
    @CsvSource({"target-propagation/, 26", "least-control/, 5"})
    void configurationsOfRelativesHoldWhatTheyWerePublishedWith(String folder, int count) {
        List<JsonNode> shipped =
                RunConfigurations.names().stream()
                        .filter(name -> name.startsWith(folder))
                        .map(name -> RunConfigurations.load(name, List.of()))
                        .<JsonNode>map(c -> ConfigurationTree.of(c).root())
                        .toList();

        assertThat(shipped).hasSize(count);
        for (JsonNode configuration : shipped) {
            JsonNode published = configuration.at("/published/parameters");
            OF_RELATIVES.forEach(
                    (name, path) -> {
                        if (published.path(name).isNumber()
                                && !configuration.at(path).isMissingNode()) {
                            assertThat(configuration.at(path).doubleValue())
                                    .as("%s of %s", name, configuration.at("/published/item"))
                                    .isEqualTo(published.path(name).doubleValue());
                        }
                    });
            if (published.has("target_stepsize")) {
                assertThat(configuration.at("/forward/learning-rate/0").doubleValue())
                        .isEqualTo(
                                published.path("lr").doubleValue()
                                        / published.path("target_stepsize").doubleValue());
            }
        }
    }

    private static List<String> misses(JsonNode effective, JsonNode configuration) {
        List<String> misses = new ArrayList<>();
        SETTINGS.forEach(
                (name, path) -> {
                    JsonNode value = effective.path(name);
                    if (!same(value, configuration.at(path))
                            && !same(value, configuration.at("/published/parameters/" + name))) {
                        misses.add(name + " " + value + ", shipped " + configuration.at(path));
                    }
                });
        return misses;
    }

    private static boolean same(JsonNode published, JsonNode shipped) {
        return published.isNumber()
                ? shipped.isNumber() && published.doubleValue() == shipped.doubleValue()
                : published.equals(shipped);
    }

    private static Path publishedList() {
        Path list =
                Path.of(System.getProperty("dfc.root", "."))
                        .toAbsolutePath()
                        .normalize()
                        .resolveSibling("shared/spec/paper-configs.json");
        assumeTrue(Files.isRegularFile(list), () -> "skipped: there is no " + list);
        return list;
    }
}
