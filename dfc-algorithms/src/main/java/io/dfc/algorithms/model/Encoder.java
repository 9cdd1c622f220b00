package io.dfc.algorithms.model;

import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.MinibatchCopy;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.data.sampling.Moments;
import io.dfc.algorithms.files.Excerpt;
import io.dfc.algorithms.run.PlainEncoding;
import io.dfc.api.error.BadDataException;
import io.dfc.api.spi.Targets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * From the numbers of callers to inputs and targets of the network.
 *
 * @param encoding what was fitted to the samples learnt from first
 * @param ofFiles whether a reader of files fitted it, which encodes the data sets that it makes;
 *     others hold what fit was given
 */
record Encoder(DataEncoding encoding, boolean ofFiles) {
    /**
     * An encoding for samples that are the first of a model.
     *
     * @param data the samples
     * @param train those that moments are taken of; none, to take all numbers as they are
     * @param outputs outputs of the network
     */
    static Encoder fit(Data data, int[] train, int outputs) {
        DataSet samples = data.samples();
        int width = samples.inputSize();
        List<String> columns =
                data.columns().isEmpty() ? PlainEncoding.names("x", width) : data.columns();
        boolean standardises = data.isStandardised() && train.length > 0;
        double[] inputs = standardises ? Data.inputs(samples) : new double[0];
        List<ColumnEncoding> encoded = new ArrayList<>();
        for (int j = 0; j < width; j++) {
            int column = j;
            Moments m =
                    standardises
                            ? moments(columns.get(j), train, i -> inputs[i * width + column])
                            : new Moments(0, 1);
            encoded.add(new ColumnEncoding.Numeric(columns.get(j), m.mean(), m.divisor()));
        }
        return new Encoder(
                new TableEncoding(
                        data.targets().size() == 1
                                ? data.targets().getFirst()
                                : PlainEncoding.TARGET,
                        encoded,
                        MissingPolicy.ERROR,
                        samples.classification()
                                ? new TargetEncoding.Classes(classes(data, outputs))
                                : numbers(data, standardises ? train : new int[0])),
                false);
    }

    private static Moments moments(String name, int[] rows, IntToDoubleFunction numbers) {
        Moments m = Moments.of(rows, numbers);
        if (!Double.isFinite(m.deviation() * m.deviation())) {
            throw new BadDataException(
                    name, "has numbers too far apart for float64; give them in another unit");
        }
        return m;
    }

    /** A model that has learnt names knows as many classes; without, one for each output. */
    private static List<String> classes(Data data, int outputs) {
        if (!data.classNames().isEmpty()) {
            return data.classNames();
        }
        int known = data.isStandardised() ? outputs : data.samples().outputSize();
        return IntStream.range(0, known).mapToObj(Integer::toString).toList();
    }

    private static TargetEncoding numbers(Data data, int[] train) {
        DataSet samples = data.samples();
        int width = samples.outputSize();
        if (samples.autoencoder()) {
            return new TargetEncoding.Inputs();
        }
        List<String> names =
                data.targets().isEmpty() ? PlainEncoding.names("y", width) : data.targets();
        double[] targets = train.length == 0 ? new double[0] : targets(samples);
        List<TargetEncoding.Component> parts = new ArrayList<>();
        for (int j = 0; j < width; j++) {
            int column = j;
            Moments m =
                    train.length == 0
                            ? new Moments(0, 1)
                            : moments(names.get(j), train, i -> targets[i * width + column]);
            parts.add(new TargetEncoding.Component(names.get(j), m.mean(), m.divisor()));
        }
        return width == 1 ? parts.getFirst().scale() : new TargetEncoding.Vector(parts);
    }

    private static double[] targets(DataSet samples) {
        return MinibatchCopy.first(samples, samples.size()).targets()
                        instanceof Targets.Values(var values)
                ? values.toDoubles()
                : new double[0];
    }

    /** Length of a row of the caller. */
    int width() {
        return encoding.inputs();
    }

    /** Names of the classes; none where there are numbers to predict. */
    List<String> classNames() {
        return encoding.targets() instanceof TargetEncoding.Classes c ? c.names() : List.of();
    }

    /**
     * Encodes rows in place.
     *
     * @param rows numbers of the caller, row-major, of the right width
     * @return the same array, with inputs of the network
     */
    double[] encode(double[] rows) {
        switch (encoding) {
            case ImageEncoding images -> Arrays.setAll(rows, i -> near(i, images.encode(rows[i])));
            case TableEncoding table -> {
                List<ColumnEncoding.Numeric> columns = numeric(table);
                int width = columns.size();
                Arrays.setAll(rows, i -> near(i, columns.get(i % width).encode(rows[i])));
            }
        }
        return rows;
    }

    private static List<ColumnEncoding.Numeric> numeric(TableEncoding table) {
        List<ColumnEncoding.Numeric> columns = new ArrayList<>();
        for (ColumnEncoding column : table.columns()) {
            if (!(column instanceof ColumnEncoding.Numeric numeric)) {
                throw new BadDataException(
                        "x",
                        "rows of numbers have no place for the text of column '"
                                + column.name()
                                + "', which the model learnt from; pass the data set that a reader of tables makes");
            }
            columns.add(numeric);
        }
        return columns;
    }

    private double near(int at, double encoded) {
        if (!Moments.isNear(encoded)) {
            throw new BadDataException(
                    "x",
                    "row "
                            + at / width()
                            + ", number "
                            + at % width()
                            + ": expected a number like those learnt from, got one that is "
                            + Moments.FAR);
        }
        return encoded;
    }

    private boolean isPlain() {
        return encoding instanceof TableEncoding table
                && table.columns().stream()
                        .allMatch(
                                c ->
                                        c instanceof ColumnEncoding.Numeric n
                                                && n.mean() == 0
                                                && n.deviation() == 1);
    }

    /** Whether samples hold what the network takes. */
    private boolean isEncoded(Data data) {
        return isPlain() || ofFiles && !data.isStandardised();
    }

    /** Inputs of samples without regard to their targets. */
    double[] inputs(Data data) {
        requireWidth(data.name(), data.samples().inputSize());
        double[] rows = Data.inputs(data.samples());
        return isEncoded(data) ? rows : encode(rows);
    }

    void requireWidth(String what, int found) {
        if (found != width()) {
            throw new BadDataException(
                    what,
                    "has rows of " + found + " numbers, but the model has " + width() + " inputs");
        }
    }

    /** Encodes inputs and targets of samples. */
    DataSet encode(Data data) {
        DataSet samples = data.samples();
        requireWidth("x", samples.inputSize());
        return switch (encoding.targets()) {
            case TargetEncoding.Classes c -> classified(data, c.names());
            case TargetEncoding.Scale s -> numbers(data, List.of(component(s)));
            case TargetEncoding.Vector v -> numbers(data, v.components());
            case TargetEncoding.Inputs _ -> samples;
        };
    }

    private static TargetEncoding.Component component(TargetEncoding.Scale s) {
        return new TargetEncoding.Component("y", s.mean(), s.deviation());
    }

    private DataSet classified(Data data, List<String> classes) {
        DataSet samples = data.samples();
        if (!samples.classification()) {
            throw new BadDataException("y", "holds numbers, but the model has learnt classes");
        }
        boolean sameNames = data.classNames().isEmpty() || data.classNames().equals(classes);
        if (isEncoded(data) && sameNames && samples.outputSize() == classes.size()) {
            return samples;
        }
        int[] labels = new int[samples.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = label(data, i, classes);
        }
        return DataSet.classification(data.name(), inputs(data), width(), labels, classes.size());
    }

    private static int label(Data data, int row, List<String> classes) {
        int label = data.samples().label(row);
        boolean named = !data.classNames().isEmpty();
        int known = named ? classes.indexOf(data.classNames().get(label)) : label;
        if (known < 0 || known >= classes.size()) {
            throw new BadDataException(
                    "classes",
                    "row "
                            + row
                            + (named
                                    ? " is '"
                                            + data.classNames().get(label)
                                            + "', expected one of "
                                            + Excerpt.listed(classes)
                                    : " is class "
                                            + label
                                            + ", expected 0 to "
                                            + (classes.size() - 1)));
        }
        return known;
    }

    private DataSet numbers(Data data, List<TargetEncoding.Component> parts) {
        DataSet samples = data.samples();
        if (samples.classification()) {
            throw new BadDataException("classes", "the model has learnt to predict numbers");
        }
        if (samples.outputSize() != parts.size()) {
            throw new BadDataException(
                    "y",
                    "has rows of "
                            + samples.outputSize()
                            + " numbers, but the model has "
                            + parts.size()
                            + " outputs");
        }
        if (ofFiles && !data.isStandardised()) {
            return samples;
        }
        double[] targets = targets(samples);
        int width = parts.size();
        Arrays.setAll(targets, i -> parts.get(i % width).scale().encode(targets[i]));
        DataSet encoded = DataSet.regression(data.name(), inputs(data), width(), targets, width);
        return width == 1 ? encoded.withTargetUnit(parts.getFirst().deviation()) : encoded;
    }
}
