package io.dfc.bench.sweep;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table of a paper: methods by columns, each cell a published configuration with the number that
 * the paper reports of it.
 *
 * @param name its name on the command line
 * @param title what it is
 * @param columns its columns, the most telling first
 * @param entries its cells
 */
public record PaperTable(String name, String title, List<Column> columns, List<Entry> entries) {
    private static final double PERCENT = 100;
    private static final String FAST = "-fast";

    /** Table 1 of the paper (arXiv 2106.07887): mean and deviation over five seeds. */
    public static final PaperTable TABLE_1 =
            new PaperTable(
                    "table1",
                    "Table 1 of DFC (arXiv 2106.07887)",
                    List.of(
                            Column.error("mnist"),
                            Column.error("fashion-mnist"),
                            new Column(
                                    "mnist-autoencoder",
                                    "test loss x 100",
                                    Measure.TEST_LOSS,
                                    PERCENT),
                            new Column("mnist-train-loss", "training loss", Measure.TRAIN_LOSS, 1)),
                    Stream.of(
                                    row(
                                            "bp", 2.08, 0.15, 10.60, 0.34, 9.42, 0.09, 1.53e-7,
                                            0.19e-7),
                                    row(
                                            "dfc-ssa", 2.18, 0.16, 11.28, 0.27, 11.27, 0.09,
                                            4.89e-8, 1.26e-8),
                                    row(
                                            "dfc", 2.25, 0.094, 11.17, 0.27, 11.28, 0.18, 7.61e-8,
                                            0.65e-8),
                                    row(
                                            "dfc-ss", 2.29, 0.097, 11.15, 0.32, 11.21, 0.04,
                                            4.80e-8, 0.70e-8),
                                    row(
                                            "dfc-ssa-fixed",
                                            2.46,
                                            0.11,
                                            11.44,
                                            0.14,
                                            31.90,
                                            0.77,
                                            1.73e-6,
                                            0.39e-6),
                                    row(
                                            "dfc-ss-fixed",
                                            2.39,
                                            0.22,
                                            11.55,
                                            0.42,
                                            32.31,
                                            0.37,
                                            1.67e-6,
                                            0.70e-6),
                                    row(
                                            "dfc-fixed",
                                            2.47,
                                            0.12,
                                            11.62,
                                            0.30,
                                            33.37,
                                            0.60,
                                            1.30e-6,
                                            0.15e-6),
                                    row(
                                            "dfa", 2.69, 0.11, 11.38, 0.25, 29.95, 0.36, 7.09e-7,
                                            1.11e-7))
                            .flatMap(List::stream)
                            .toList());

    /** What the program of Strong-DFC reports of its command lines of 40 epochs, mostly "about". */
    public static final PaperTable STRONG_DFC =
            new PaperTable(
                    "strong-dfc",
                    "results of the Strong-DFC program, 40 epochs",
                    List.of(Column.error("strong/mnist"), Column.error("strong/fashion-mnist")),
                    List.of(
                            accuracy("strong/mnist", "bp", 98.17),
                            accuracy("strong/fashion-mnist", "bp", 89.40),
                            accuracy("strong/mnist", "dfc", 97.80),
                            accuracy("strong/fashion-mnist", "dfc", 88.70),
                            accuracy("strong/mnist", "strong-dfc", 97.72),
                            accuracy("strong/fashion-mnist", "strong-dfc", 87.26),
                            accuracy("strong/mnist", "strong-dfc-2phase", 97.75),
                            accuracy("strong/fashion-mnist", "strong-dfc-2phase", 87.22)));

    /** Copies the lists. */
    public PaperTable {
        columns = List.copyOf(columns);
        entries = List.copyOf(entries);
    }

    /**
     * A column.
     *
     * @param name its name, the folder of its configurations
     * @param unit what its numbers are
     * @param measure the number of a run
     * @param scale what that is multiplied with
     */
    public record Column(String name, String unit, Measure measure, double scale) {
        private static Column error(String name) {
            return new Column(name, "test error %", Measure.TEST_ERROR, PERCENT);
        }
    }

    /**
     * A cell.
     *
     * @param column name of its column
     * @param method method
     * @param mean the published number
     * @param deviation its deviation over seeds, if there is one
     */
    public record Entry(String column, String method, double mean, Optional<Double> deviation) {
        /** {@return its published configuration} */
        String configuration() {
            return column + "/" + method;
        }
    }

    /**
     * The runs of the table.
     *
     * @param chosen entries that are wanted
     * @param seeds seeds
     * @param expected whether feedback weights learn from the mean over noise where there is such a
     *     configuration
     * @param settings settings that all runs have
     * @return the series, a cell for each entry, in their order
     */
    public static Series series(
            List<Entry> chosen, List<Long> seeds, boolean expected, List<Setting> settings) {
        List<Cell> cells = new ArrayList<>();
        for (Entry entry : chosen) {
            String fast = entry.configuration() + FAST;
            String name =
                    expected && RunConfigurations.names().contains(fast)
                            ? fast
                            : entry.configuration();
            cells.add(new Cell(name, name, settings));
        }
        return new Series(cells, seeds);
    }

    private static List<Entry> row(String method, double... numbers) {
        List<String> columns =
                List.of("mnist", "fashion-mnist", "mnist-autoencoder", "mnist-train-loss");
        List<Entry> row = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            row.add(
                    new Entry(
                            columns.get(i),
                            method,
                            numbers[2 * i],
                            Optional.of(numbers[2 * i + 1])));
        }
        return row;
    }

    private static Entry accuracy(String column, String method, double percent) {
        return new Entry(column, method, PERCENT - percent, Optional.empty());
    }
}
