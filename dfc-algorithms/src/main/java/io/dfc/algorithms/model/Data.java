package io.dfc.algorithms.model;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.MinibatchCopy;
import io.dfc.api.error.BadDataException;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;

/**
 * Samples with what is to be learnt of them: a class each, or numbers. Inputs and numbers to
 * predict are given in their own units; a model standardises them by the samples that it learns
 * from first. Immutable and thread-safe; arrays are copied.
 */
public final class Data {
    private static final String NAME = "arrays";

    private final DataSet samples;
    private final Names names;
    private final boolean standardised;

    /** Names that were given; an empty list where none were. */
    private record Names(
            String data, List<String> classes, List<String> columns, List<String> targets) {
        static final Names NONE = new Names(NAME, List.of(), List.of(), List.of());
    }

    private Data(DataSet samples, Names names, boolean standardised) {
        this.samples = samples;
        this.names = names;
        this.standardised = standardised;
    }

    private static Data labelled(double[] inputs, int[] labels) {
        int most = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                throw new BadDataException(
                        "classes", "row " + i + " is " + labels[i] + ", expected 0 or more");
            }
            most = Math.max(most, labels[i]);
        }
        int width = inputs.length / labels.length;
        return new Data(
                DataSet.classification(NAME, inputs, width, labels, most + 1), Names.NONE, true);
    }

    /**
     * Samples of classes.
     *
     * @param x inputs, shape [B, n_0], B any number of at least 1
     * @param classes class of each row, from 0
     * @return the samples
     * @throws BadDataException if rows differ in length, a number is not finite, a class is
     *     negative, or there are not as many classes as rows
     */
    public static Data of(double[][] x, int[] classes) {
        double[] inputs = Rows.join("x", x);
        Rows.requireSameCount(x.length, "classes", classes.length);
        return labelled(inputs, classes);
    }

    /**
     * Samples of classes.
     *
     * @param x inputs, shape [B, n_0], B any number of at least 1
     * @param classes class of each row, from 0
     * @return the samples
     * @throws BadDataException as {@link #of(double[][], int[])}
     */
    public static Data of(float[][] x, int[] classes) {
        return of(Rows.widen(x), classes);
    }

    /**
     * Samples of classes that have names; a model that has no classes yet takes them in the order
     * of the alphabet.
     *
     * @param x inputs, shape [B, n_0], B any number of at least 1
     * @param classes name of the class of each row
     * @return the samples
     * @throws BadDataException as {@link #of(double[][], int[])}
     */
    public static Data of(double[][] x, String[] classes) {
        double[] inputs = Rows.join("x", x);
        Rows.requireSameCount(x.length, "classes", classes.length);
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] == null || classes[i].isBlank()) {
                throw new BadDataException("classes", "row " + i + " has no name");
            }
        }
        List<String> known = List.copyOf(new TreeSet<>(Arrays.asList(classes)));
        int[] labels = Arrays.stream(classes).mapToInt(known::indexOf).toArray();
        return labelled(inputs, labels).classNames(known);
    }

    /**
     * Samples of classes that have names.
     *
     * @param x inputs, shape [B, n_0], B any number of at least 1
     * @param classes name of the class of each row
     * @return the samples
     * @throws BadDataException as {@link #of(double[][], int[])}
     */
    public static Data of(float[][] x, String[] classes) {
        return of(Rows.widen(x), classes);
    }

    /**
     * Samples with numbers to predict.
     *
     * @param x inputs, shape [B, n_0], B any number of at least 1
     * @param y numbers to predict, shape [B, n_L]
     * @return the samples
     * @throws BadDataException if rows differ in length, a number is not finite, or there are not
     *     as many rows of both
     */
    public static Data of(double[][] x, double[][] y) {
        double[] inputs = Rows.join("x", x);
        double[] targets = Rows.join("y", y);
        Rows.requireSameCount(x.length, "y", y.length);
        return new Data(
                DataSet.regression(NAME, inputs, x[0].length, targets, y[0].length),
                Names.NONE,
                true);
    }

    /**
     * Samples with numbers to predict.
     *
     * @param x inputs, shape [B, n_0], B any number of at least 1
     * @param y numbers to predict, shape [B, n_L]
     * @return the samples
     * @throws BadDataException as {@link #of(double[][], double[][])}
     */
    public static Data of(float[][] x, float[][] y) {
        return of(Rows.widen(x), Rows.widen(y));
    }

    /**
     * Samples with one number to predict.
     *
     * @param x inputs, shape [B, n_0], B any number of at least 1
     * @param y number to predict of each row
     * @return the samples
     * @throws BadDataException as {@link #of(double[][], double[][])}
     */
    public static Data of(double[][] x, double[] y) {
        return of(x, Arrays.stream(y).mapToObj(v -> new double[] {v}).toArray(double[][]::new));
    }

    /**
     * A data set, whose inputs and targets are taken as they are: readers of files have
     * standardised them, and images stay bytes. {@link #standardised()} has them standardised.
     *
     * @param samples the samples
     * @return the samples
     */
    public static Data of(DataSet samples) {
        Rows.requireSome(samples.name(), samples.size());
        return new Data(samples, new Names(samples.name(), List.of(), List.of(), List.of()), false);
    }

    /**
     * Collects the samples of a publisher, of which it requests a few hundred at a time, and waits
     * for its end.
     *
     * @param publisher publishes samples of one kind
     * @param most number of samples that it may publish, so that a stream without an end is no end
     *     of memory; at least 1
     * @return the samples
     * @throws BadDataException if there are none, more than that, or they are not of one kind
     * @throws java.util.concurrent.CancellationException if this thread is interrupted, which it
     *     stays; the subscription is cancelled
     */
    public static Data collect(Flow.Publisher<Sample> publisher, int most) {
        return of(SampleCollector.collect(publisher, most));
    }

    /** Samples that have been taken from somewhere, all of one kind. */
    static Data of(List<Sample> samples) {
        Rows.requireSome("samples", samples.size());
        boolean labels = samples.getFirst().isLabelled();
        for (int i = 0; i < samples.size(); i++) {
            if (samples.get(i).isLabelled() != labels) {
                throw new BadDataException(
                        "samples",
                        "sample "
                                + i
                                + " has "
                                + (labels ? "numbers" : "a class")
                                + " to predict, the first "
                                + (labels ? "a class" : "numbers"));
            }
        }
        double[][] x = samples.stream().map(Sample::input).toArray(double[][]::new);
        return labels
                ? of(x, samples.stream().mapToInt(Sample::label).toArray())
                : of(x, samples.stream().map(Sample::target).toArray(double[][]::new));
    }

    /**
     * The same with names of the classes.
     *
     * @param classes names in the order of the classes, from 0
     * @return the samples
     * @throws BadDataException if there are fewer than classes, or one comes twice
     */
    public Data classNames(List<String> classes) {
        if (!samples.classification() || classes.size() < samples.outputSize()) {
            throw new BadDataException(
                    "classNames",
                    samples.classification()
                            ? "there are "
                                    + classes.size()
                                    + " names, expected one for each of the "
                                    + samples.outputSize()
                                    + " classes"
                            : "there are numbers to predict, and no classes");
        }
        Rows.requireNames("classNames", classes, classes.size());
        return new Data(
                samples,
                new Names(names.data, List.copyOf(classes), names.columns, names.targets),
                standardised);
    }

    /**
     * The same with names of the classes.
     *
     * @param classes names in the order of the classes, from 0
     * @return the samples
     * @throws BadDataException as {@link #classNames(List)}
     */
    public Data classNames(String... classes) {
        return classNames(List.of(classes));
    }

    /**
     * The same with names of the inputs, by which {@code ./dfc predict} finds the columns of a
     * table.
     *
     * @param columns one name for each input
     * @return the samples
     * @throws BadDataException if there are not as many as inputs, or one comes twice
     */
    public Data columns(String... columns) {
        List<String> list = Rows.requireNames("columns", List.of(columns), samples.inputSize());
        return new Data(
                samples, new Names(names.data, names.classes, list, names.targets), standardised);
    }

    /**
     * The same with names of what is to be predicted: of the class, or of each number.
     *
     * @param targets one name, or one for each number
     * @return the samples
     * @throws BadDataException if there are not as many as that, or one comes twice
     */
    public Data targets(String... targets) {
        int wanted = samples.classification() ? 1 : samples.outputSize();
        List<String> list = Rows.requireNames("targets", List.of(targets), wanted);
        return new Data(
                samples, new Names(names.data, names.classes, names.columns, list), standardised);
    }

    /**
     * The same under another name, which a saved model tells.
     *
     * @param name name of the data
     * @return the samples
     */
    public Data named(String name) {
        Objects.requireNonNull(name, "name");
        return new Data(
                samples,
                new Names(name, names.classes, names.columns, names.targets),
                standardised);
    }

    /**
     * {@return the same with inputs and numbers to predict standardised by the model; so are arrays
     * and streams, data sets not}
     */
    public Data standardised() {
        return new Data(samples, names, true);
    }

    /** {@return the number of samples} */
    public int size() {
        return samples.size();
    }

    DataSet samples() {
        return samples;
    }

    boolean isStandardised() {
        return standardised;
    }

    String name() {
        return names.data;
    }

    List<String> classNames() {
        return names.classes;
    }

    List<String> columns() {
        return names.columns;
    }

    List<String> targets() {
        return names.targets;
    }

    /** Some of the samples. */
    Data part(int from, int to) {
        int[] indices = IntStream.range(from, to).toArray();
        return new Data(samples.subset(indices), names, standardised);
    }

    /** All inputs, row-major. */
    static double[] inputs(DataSet samples) {
        return MinibatchCopy.first(samples, samples.size()).inputs().toDoubles();
    }

    @Override
    public String toString() {
        return names.data + " " + samples;
    }
}
