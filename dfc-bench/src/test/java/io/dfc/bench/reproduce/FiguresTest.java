package io.dfc.bench.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** What the paper reports of its figures holds in the numbers of short, seeded runs. */
class FiguresTest {
    @TempDir private Path folder;

    private static Lab lab(Optional<Integer> epochs, int seeds, String... methods) {
        return new Lab(
                new Scale(42, seeds, epochs, true, List.of(methods)),
                2,
                List.of(),
                plans ->
                        Backends.discover()
                                .select(Backends.AUTO, new BackendOptions(1), plans)
                                .backend(),
                line -> {});
    }

    /** The rows of the figure's CSV file. */
    private List<CSVRecord> rows(Reproduced figure) throws IOException {
        Path file = folder.resolve(figure.name() + ".csv");
        figure.table().write(file);
        try (CSVParser parser =
                CSVParser.parse(
                        file,
                        java.nio.charset.StandardCharsets.UTF_8,
                        CSVFormat.RFC4180.builder().setHeader().get())) {
            return parser.getRecords();
        }
    }

    private static double number(CSVRecord row, String column) {
        return Double.parseDouble(row.get(column));
    }

    private static double mean(List<CSVRecord> rows, String column, Predicate<CSVRecord> chosen) {
        return rows.stream()
                .filter(chosen)
                .mapToDouble(r -> number(r, column))
                .average()
                .orElseThrow();
    }

    private static CSVRecord last(List<CSVRecord> rows, Predicate<CSVRecord> chosen) {
        return rows.stream().filter(chosen).reduce((a, b) -> b).orElseThrow();
    }

    private static void assertAllHold(Reproduced figure) {
        assertThat(figure.claims())
                .isNotEmpty()
                .allSatisfy(
                        c -> assertThat(c.holds()).as("%s: %s", c.statement(), c.found()).isTrue());
    }

    @Test
    void controlDrivesOutputsToTheirTargets() throws IOException {
        Reproduced figure = new Fig1d().reproduce(lab(Optional.of(3), 1));

        List<CSVRecord> rows = rows(figure);
        assertThat(rows).hasSize(3 * 2000);
        for (String sample : List.of("0", "1", "2")) {
            CSVRecord end = last(rows, r -> r.get("sample").equals(sample));
            double target = number(end, "target_change");
            assertThat(Math.abs(number(end, "output_change") - target))
                    .as("sample %s", sample)
                    .isLessThan(0.02 * Math.abs(target));
        }
        assertThat(number(rows.getLast(), "mean_relative_error")).isLessThan(0.02);
        assertAllHold(figure);
    }

    @Test
    void manyFeedbackMatricesAreStableAndTheTheorysAreAmongThem() throws IOException {
        Reproduced figure = new Fig2().reproduce(lab(Optional.empty(), 2));

        List<CSVRecord> rows = rows(figure);
        assertThat(rows).hasSize(2 * (2000 + 100 + 2));
        assertThat(rows.stream().filter(r -> !r.get("kind").equals("random")))
                .allSatisfy(r -> assertThat(number(r, "growth")).isNegative());
        // P turns an eigenvalue to either side with the same chance: a quarter has both right.
        double stable =
                rows.stream()
                        .filter(r -> r.get("kind").equals("random"))
                        .mapToInt(r -> r.get("stable").equals("true") ? 1 : 0)
                        .average()
                        .orElseThrow();
        assertThat(stable).isBetween(0.2, 0.3);
        assertAllHold(figure);
    }

    @Test
    @Tag("slow")
    void trainedFeedbackAlignsBestFixedFeedbackLessDirectFeedbackLeast() throws IOException {
        List<AlignmentVariant> variants =
                List.of(
                        AlignmentVariant.DFC_SSA,
                        AlignmentVariant.DFC_SSA_FIXED,
                        AlignmentVariant.DFA);
        Lab lab = lab(Optional.empty(), 1);
        Reproduced figure = new Fig3(variants).reproduce(lab);

        List<CSVRecord> rows = rows(figure);
        assertLearntFeedbackFulfilsConditionTwo(rows);
        double trained = angleAtEnd(rows, "dfc-ssa");
        double fixed = angleAtEnd(rows, "dfc-ssa-fixed");
        double direct = angleAtEnd(rows, "dfa");
        assertThat(trained).isLessThan(fixed).isLessThan(0.5 * direct);
        assertThat(fixed).isLessThan(direct);
        assertThat(rows.stream().filter(r -> r.get("method").equals("dfc-ssa")))
                .allSatisfy(r -> assertThat(number(r, "stability_a_pi")).isNegative());
        assertAllHold(figure);
        assertAllHold(new FigS1(variants).reproduce(lab));
    }

    private static void assertLearntFeedbackFulfilsConditionTwo(List<CSVRecord> rows) {
        List<CSVRecord> pretraining = new ArrayList<>();
        for (CSVRecord row : rows) {
            if (row.get("method").equals("dfc-ssa") && number(row, "epoch") <= 0) {
                pretraining.add(row);
            }
        }
        assertThat(number(pretraining.getFirst(), "condition2")).isLessThan(0.6);
        assertThat(number(pretraining.getLast(), "condition2")).isGreaterThan(0.9);
        for (int i = 5; i < pretraining.size(); i += 5) {
            assertThat(number(pretraining.get(i), "condition2"))
                    .as("pre-training sweep %d", i)
                    .isGreaterThan(number(pretraining.get(i - 5), "condition2"));
        }
    }

    private static double angleAtEnd(List<CSVRecord> rows, String method) {
        return mean(
                rows, "angle_mn", r -> r.get("method").equals(method) && number(r, "epoch") > 30);
    }

    @Test
    void feedbackWeightsApproachADampedPseudoInverse() throws IOException {
        Reproduced figure = FeedbackCurves.s2().reproduce(lab(Optional.of(4), 1));

        List<CSVRecord> rows = rows(figure);
        for (String activation : List.of("linear", "tanh")) {
            Predicate<CSVRecord> undamped =
                    r -> r.get("activation").equals(activation) && r.get("value").equals("0");
            Predicate<CSVRecord> damped =
                    r -> r.get("activation").equals(activation) && r.get("value").equals("10");
            double start =
                    number(
                            rows.stream().filter(damped).findFirst().orElseThrow(),
                            "angle_damped_pseudo_inverse");
            double end = number(last(rows, damped), "angle_damped_pseudo_inverse");
            assertThat(end).isLessThan(0.5 * start);
            assertThat(end).isLessThan(number(last(rows, undamped), "angle_damped_pseudo_inverse"));
            assertThat(number(last(rows, damped), "condition2")).isGreaterThan(0.9);
        }
    }

    /** Every figure whole, as {@code --quick} runs it. */
    @Test
    @Tag("slow")
    void everyQuickFigureShowsWhatThePaperReports() {
        Lab lab = lab(Optional.empty(), 1);
        for (Figure figure : Figures.all()) {
            if (!figure.name().endsWith("-table")) {
                assertAllHold(figure.reproduce(lab));
            }
        }
    }

    @Test
    void theTableOfMethodsTakesTheBestRateAndSaysWhatIsDeclined() throws IOException {
        Reproduced toy =
                new MethodTable(MethodTask.TOY)
                        .reproduce(lab(Optional.of(1), 2, "bp", "gait-prop"));

        List<CSVRecord> rows = rows(toy);

        assertThat(rows).extracting(r -> r.get("method")).containsExactly("bp", "gait-prop");
        assertThat(number(rows.get(0), "seeds")).isEqualTo(2);
        assertThat(number(rows.get(0), "test_loss")).isPositive();
        assertThat(number(rows.get(0), "core_seconds_per_epoch")).isPositive();
        assertThat(rows.get(0).get("test_error_percent")).isEmpty();
        assertThat(rows.get(1).get("problem")).contains("one width");
    }

    @Test
    void onTheDigitsEveryMethodIsJudgedByItsErrors() throws IOException {
        List<String> progress = new CopyOnWriteArrayList<>();
        Lab lab =
                new Lab(
                        new Scale(1, 1, Optional.of(2), true, List.of("bp")),
                        1,
                        List.of(),
                        plans ->
                                Backends.discover()
                                        .select(Backends.AUTO, new BackendOptions(1), plans)
                                        .backend(),
                        progress::add);

        CSVRecord row = rows(new MethodTable(MethodTask.GLYPHS).reproduce(lab)).getFirst();

        assertThat(number(row, "test_error_percent")).isBetween(0.1, 20.0);
        assertThat(row.get("network")).contains("784");
        // Six rates were tried, and none has fewer validation errors than the one that was taken.
        assertThat(progress).hasSize(7);
        String taken = "rate x " + row.get("rate_factor") + ":";
        assertThat(progress.subList(0, 6)).anyMatch(l -> l.contains(taken));
        assertThat(progress.getLast()).contains(taken);
        assertThat(validationErrors(progress.subList(0, 6), taken))
                .isEqualTo(validationErrors(progress.subList(0, 6), "rate"));
    }

    /** The lowest validation error in lines that contain a text. */
    private static double validationErrors(List<String> lines, String text) {
        return lines.stream()
                .filter(l -> l.contains(text))
                .mapToDouble(l -> Double.parseDouble(l.replaceAll(".* error ([0-9.]+) %.*", "$1")))
                .min()
                .orElseThrow();
    }
}
