package io.dfc.bench.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class SweepFileTest {
    private static Series parse(String... lines) {
        return SweepFile.parse(String.join("\n", lines), "sweep.yaml");
    }

    @Test
    void aConfigurationAloneIsOneCellWithOneSeed() {
        Series series = parse("config: glyphs/bp");

        assertThat(series.cells()).singleElement().extracting(Cell::name).isEqualTo("runs");
        assertThat(series.seeds()).containsExactly(1L);
    }

    @Test
    void listGridAndRandomMultiply() {
        Series series =
                parse(
                        "config: glyphs/bp",
                        "seeds: [3, 5]",
                        "settings: {epochs: 2}",
                        "list: [{method: bp}, {method: dfa, batch: 64}]",
                        "grid: {limit: [100, 200, 300]}",
                        "random: {trials: 4, settings: {forward.learning-rate: {from: 1e-4, to: 1e-2, scale: log}}}");

        assertThat(series.cells()).hasSize(2 * 3 * 4);
        assertThat(series.seeds()).containsExactly(3L, 5L);
        Cell last = series.cells().getLast();
        assertThat(last.name()).startsWith("method=dfa,batch=64,limit=300,forward.learning-rate=");
        assertThat(last.settings().getFirst().key()).isEqualTo("epochs");
    }

    @Test
    void drawsLieInTheirRangeAndAreThoseOfTheirSeed() {
        List<Double> drawn =
                rates(
                        "random: {trials: 50, seed: 7, settings: {epochs: {from: 1, to: 100, scale: log}}}");

        assertThat(drawn).allMatch(x -> x >= 1 && x <= 100);
        assertThat(drawn.stream().filter(x -> x < 10).count()).isBetween(15L, 35L);
        assertThat(
                        rates(
                                "random: {trials: 50, seed: 7, settings: {epochs: {from: 1, to: 100, scale: log}}}"))
                .isEqualTo(drawn);
        assertThat(
                        rates(
                                "random: {trials: 50, seed: 8, settings: {epochs: {from: 1, to: 100, scale: log}}}"))
                .isNotEqualTo(drawn);
    }

    private static List<Double> rates(String random) {
        return parse("config: glyphs/bp", random).cells().stream()
                .map(c -> Double.parseDouble(c.settings().getFirst().value()))
                .toList();
    }

    @Test
    void ofFewCombinationsEachIsDrawnOnce() {
        Series series =
                parse("config: glyphs/bp", "random: {trials: 50, settings: {batch: [32, 64]}}");

        assertThat(series.cells())
                .extracting(Cell::name)
                .containsExactlyInAnyOrder("batch=32", "batch=64");
    }

    @Test
    void aLongNameIsCutAndStaysItsOwn() {
        Series series =
                parse(
                        "config: glyphs/bp",
                        "grid: {data: [\"csv:"
                                + "x".repeat(200)
                                + "\", \"csv:"
                                + "x".repeat(201)
                                + "\"]}");

        assertThat(series.cells())
                .extracting(Cell::name)
                .doesNotHaveDuplicates()
                .allMatch(n -> n.length() < 120);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seeds: 3 | config: expected the name",
                "config: [a] | config: expected the name",
                "config: a; grids: {} | grids: is not known; did you mean \"grid\"?",
                "config: a; seeds: 0 | seeds: expected a number from 1",
                "config: a; seeds: [1, 1] | list of different whole numbers",
                "config: a; seeds: [1.5] | list of different whole numbers",
                "config: a; grid: {batch: 3} | grid.batch: expected a list of values, got 3",
                "config: a; grid: {batch: []} | grid.batch: expected a list of values",
                "config: a; grid: [1] | grid: expected settings",
                "config: a; grid: {seed: [1, 2]} | list the seeds under seeds",
                "config: a; grid: {batch: [1, 1]} | describes the runs batch=1 twice",
                "config: a; list: {} | list: expected a list of settings",
                "config: a; list: [3] | list[0]: expected settings",
                "config: a; random: {trials: 3} | random.settings: expected settings to draw",
                "config: a; random: {trials: 0, settings: {batch: [1]}} | random.trials: expected a number",
                "config: a; random: {trial: 1} | random.trial: is not known",
                "config: a; random: {trials: 1, seed: x, settings: {batch: [1]}} | random.seed: expected a whole number",
                "config: a; random: {trials: 1, settings: {batch: 3}} | random.settings.batch: expected a list",
                "config: a; random: {trials: 1, settings: {batch: {from: 3, to: 2}}} | expected numbers with from < to",
                "config: a; random: {trials: 1, settings: {batch: {from: 0, to: 2, scale: log}}} | positive on a log scale",
                "config: a; random: {trials: 1, settings: {batch: {from: 0, to: 2, scale: lg}}} | scale is linear or log",
                "config: a; random: {trials: 1, settings: {batch: {from: 0, upto: 2}}} | upto is not known"
            })
    void refusesInWords(String text, String message) {
        assertThatThrownBy(() -> SweepFile.parse(text.replace("; ", "\n"), "sweep.yaml"))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("sweep.yaml")
                .hasMessageContaining(message.strip());
    }

    @Test
    void tooManyCombinationsAreRefusedBeforeTheyAreMade() {
        String values =
                "["
                        + String.join(
                                ", ",
                                java.util.stream.IntStream.range(1, 1000)
                                        .mapToObj(String::valueOf)
                                        .toList())
                        + "]";

        assertThatThrownBy(
                        () ->
                                parse(
                                        "config: a",
                                        "grid: {batch: " + values + ", epochs: " + values + "}"))
                .hasMessageContaining("more than 10000 combinations");
    }
}
