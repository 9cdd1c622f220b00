package io.dfc.algorithms.data.csv;

import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.data.sampling.Moments;
import io.dfc.algorithms.data.sampling.TableSplit;
import io.dfc.algorithms.files.Excerpt;
import io.dfc.api.error.BadDataException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A CSV file as a data set.
 *
 * <p>80 % of the rows are for training, 10 % for validation (none if not wanted: then 90 % train)
 * and 10 % for the test; see {@link TableSplit}. Each column of numbers is standardised with the
 * mean and deviation of the training rows, and so are the targets of a regression, whose losses are
 * in their own unit all the same; a column of text becomes one input for each of its values.
 */
public final class CsvFile {
    private static final int MIN_ROWS = 10;

    private CsvFile() {}

    /** Rows as numbers. */
    private record Numbers(
            TableEncoding encoding, double[] inputs, double[] targets, TableSplit split) {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @param options how to read it
     * @param holdOut whether validation rows are held out
     * @param fitted encoding with which the data are read; absent: it is fitted to the training
     *     samples
     * @return training, validation and test rows
     * @throws BadDataException if the file is no table that can be learnt from
     */
    public static DataSplits load(
            Path file, CsvOptions options, boolean holdOut, Optional<FittedEncoding> fitted) {
        List<String> notes = new ArrayList<>();
        Numbers n =
                fitted.isPresent()
                        ? again(file, options, holdOut, fitted.get())
                        : first(file, options, holdOut, notes);
        DataSet all = dataSet(file, n.encoding, n.inputs, n.targets);
        return new DataSplits(
                all.subset(n.split.train()),
                all.subset(n.split.validation()),
                all.subset(n.split.test()),
                Optional.of(n.encoding),
                notes);
    }

    /**
     * Reads all rows of a file with an encoding that was fitted before.
     *
     * @param file the file
     * @param options how to read it
     * @param fitted the encoding
     * @return the rows
     * @throws BadDataException if the columns are others
     */
    public static DataSet all(Path file, CsvOptions options, FittedEncoding fitted) {
        TableEncoding encoding = (TableEncoding) fitted.encoding();
        requireOneTarget(file, encoding);
        Rows rows = rows(file, options, fitted);
        if (rows.count == 0) {
            throw new BadDataException(
                    file.toString(), "expected at least 1 row of data, found none");
        }
        return dataSet(file, encoding, rows.inputs(), rows.targets());
    }

    private static void requireOneTarget(Path file, TableEncoding encoding) {
        if (encoding.targets() instanceof TargetEncoding.Vector(var components)) {
            throw new BadDataException(
                    file.toString(),
                    "is a table with one target column, and the network has "
                            + components.size()
                            + " outputs; evaluate it where it is embedded");
        }
    }

    private static DataSet dataSet(
            Path file, TableEncoding encoding, double[] inputs, double[] targets) {
        String name = "csv:" + file;
        return switch (encoding.targets()) {
            case TargetEncoding.Classes c ->
                    DataSet.classification(
                            name, inputs, encoding.inputs(), labels(targets), c.names().size());
            case TargetEncoding.Scale s ->
                    DataSet.regression(name, inputs, encoding.inputs(), targets, 1)
                            .withTargetUnit(s.deviation());
            case TargetEncoding.Vector _, TargetEncoding.Inputs _ ->
                    throw new IllegalArgumentException("tables have one target column");
        };
    }

    private static int[] labels(double[] targets) {
        return Arrays.stream(targets).mapToInt(t -> (int) t).toArray();
    }

    private static Numbers first(
            Path file, CsvOptions options, boolean holdOut, List<String> notes) {
        CsvTable table = CsvTable.read(file, options);
        TableFit fit = new TableFit(table, options);
        int[] used = fit.usedRows();
        requireRows(file, used.length);
        notes.addAll(fit.notes(used.length));
        double[] targets;
        TargetEncoding targetEncoding;
        TableSplit split;
        if (fit.task() == CsvTask.REGRESSION) {
            split = TableSplit.plain(used.length, holdOut);
            TargetEncoding.Scale scale = fit.scale(rows(used, split.train()));
            targets =
                    Arrays.stream(used)
                            .mapToDouble(row -> table.target().number(row))
                            .map(v -> near(file, table.target().name(), v, scale.encode(v)))
                            .toArray();
            targetEncoding = scale;
        } else {
            ClassNames classes = fit.classes(used);
            targets = classes.targets();
            notes.addAll(classes.notes());
            split = TableSplit.stratified(labels(targets), classes.names().size(), holdOut);
            targetEncoding = new TargetEncoding.Classes(classes.names());
        }
        int[] train = rows(used, split.train());
        List<ColumnEncoding> columns =
                table.others().stream().map(c -> fit.encoding(c, train)).toList();
        List<String> constant = fit.constant(columns, train);
        if (!constant.isEmpty()) {
            notes.add("the same in all training rows, so of no use: " + Excerpt.listed(constant));
        }
        TableEncoding encoding =
                new TableEncoding(
                        table.target().name(), columns, options.missing(), targetEncoding);
        return new Numbers(encoding, inputs(table, encoding, used), targets, split);
    }

    private static int[] rows(int[] used, int[] positions) {
        return Arrays.stream(positions).map(p -> used[p]).toArray();
    }

    private static double[] inputs(CsvTable table, TableEncoding encoding, int[] used) {
        int width = encoding.inputs();
        requireRoom(table.file(), used.length, width);
        double[] inputs = new double[used.length * width];
        int first = 0;
        for (int i = 0; i < encoding.columns().size(); i++) {
            CsvColumn column = table.others().get(i);
            switch (encoding.columns().get(i)) {
                case ColumnEncoding.Numeric c -> {
                    for (int r = 0; r < used.length; r++) {
                        double value =
                                column.isMissing(used[r]) ? c.mean() : column.number(used[r]);
                        inputs[r * width + first] =
                                near(table.file(), c.name(), value, c.encode(value));
                    }
                }
                case ColumnEncoding.Category c -> {
                    int[] places = column.texts().stream().mapToInt(c.values()::indexOf).toArray();
                    for (int r = 0; r < used.length; r++) {
                        int code = column.code(used[r]);
                        inputs[r * width + first + (code < 0 ? c.usual() : places[code])] = 1;
                    }
                }
            }
            first += encoding.columns().get(i).width();
        }
        return inputs;
    }

    private static double near(Path file, String column, double value, double encoded) {
        if (!Moments.isNear(encoded)) {
            throw new BadDataException(
                    file.toString(),
                    "column '"
                            + column
                            + "': expected a number like those of the training rows, found "
                            + value
                            + ", which is "
                            + Moments.FAR);
        }
        return encoded;
    }

    private static Numbers again(
            Path file, CsvOptions options, boolean holdOut, FittedEncoding fitted) {
        TableEncoding encoding = (TableEncoding) fitted.encoding();
        Rows rows = rows(file, options, fitted);
        requireRows(file, rows.count);
        double[] targets = rows.targets();
        TableSplit split =
                encoding.targets() instanceof TargetEncoding.Classes c
                        ? TableSplit.stratified(labels(targets), c.names().size(), holdOut)
                        : TableSplit.plain(rows.count, holdOut);
        return new Numbers(encoding, rows.inputs(), targets, split);
    }

    private static Rows rows(Path file, CsvOptions options, FittedEncoding fitted) {
        try (EncodedRows from = EncodedRows.open(file, fitted, options)) {
            Rows rows = new Rows(fitted.encoding().inputs());
            while (from.next()) {
                rows.add(from);
            }
            return rows;
        }
    }

    private static void requireRows(Path file, int rows) {
        if (rows < MIN_ROWS) {
            throw new BadDataException(
                    file.toString(),
                    "expected at least " + MIN_ROWS + " rows of data to split, found " + rows);
        }
    }

    private static void requireRoom(Path file, long rows, int width) {
        if (rows * width > CsvTable.MAX_NUMBERS) {
            throw new BadDataException(
                    file.toString(),
                    "has "
                            + rows
                            + " rows of "
                            + width
                            + " inputs, more than "
                            + CsvTable.MAX_NUMBERS
                            + " numbers, the most that is read");
        }
    }

    /** Encoded rows, as many as there are. */
    private static final class Rows {
        private final int width;
        private double[] inputs;
        private double[] targets = new double[64];
        private int count;

        Rows(int width) {
            this.width = width;
            inputs = new double[64 * width];
        }

        void add(EncodedRows from) {
            if (count == targets.length) {
                requireRoom(from.file(), 2L * count, width);
                inputs = Arrays.copyOf(inputs, 2 * inputs.length);
                targets = Arrays.copyOf(targets, 2 * count);
            }
            double target = from.target();
            if (from.inputs(inputs, count * width) && !Double.isNaN(target)) {
                targets[count++] = target;
            }
        }

        double[] inputs() {
            return Arrays.copyOf(inputs, count * width);
        }

        double[] targets() {
            return Arrays.copyOf(targets, count);
        }
    }
}
