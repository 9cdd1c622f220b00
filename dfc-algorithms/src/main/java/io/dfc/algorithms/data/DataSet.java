package io.dfc.algorithms.data;

import io.dfc.algorithms.files.ContentHash;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.tensor.Rows;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;

/**
 * Samples with their targets: classes (classification) or vectors (regression; for an autoencoder
 * the inputs themselves).
 *
 * <p>Immutable and thread-safe. Images are stored as bytes and normalised in float64 while they are
 * gathered into a minibatch; views made by {@link #subset} and {@link #limit} share the contents.
 */
public final class DataSet {
    private static final int BYTE_VALUES = 256;

    private final String name;
    private final Samples inputs;
    private final SampleTargets targets;

    /** Position in {@link #inputs} of each sample, or null when they are the same. */
    private final int @Nullable [] order;

    private DataSet(String name, Samples inputs, SampleTargets targets, int @Nullable [] order) {
        this.name = name;
        this.inputs = inputs;
        this.targets = targets;
        this.order = order;
    }

    /**
     * Images with a class each.
     *
     * @param name name for messages and reports
     * @param pixels grey levels, row-major, shape [size, inputSize]; shared, not to be changed
     *     afterwards
     * @param inputSize number of pixels of an image, at least 1
     * @param normalization map from grey levels to inputs
     * @param labels one class per image; copied
     * @param classes number of classes, at least 1
     * @return the data set
     * @throws ShapeMismatchException if the lengths do not fit each other
     * @throws BadDataException if there are no samples or a label is not in [0, {@code classes})
     */
    public static DataSet images(
            String name,
            byte[] pixels,
            int inputSize,
            Normalization normalization,
            int[] labels,
            int classes) {
        double[] values = new double[BYTE_VALUES];
        for (int i = 0; i < BYTE_VALUES; i++) {
            values[i] = normalization.apply(i);
        }
        requireLength(name, "pixels", pixels.length, labels.length, inputSize);
        return labelled(name, Samples.Pixels.of(pixels, inputSize, values), labels, classes);
    }

    /**
     * Vectors with a class each.
     *
     * @param name name for messages and reports
     * @param inputs row-major, shape [size, inputSize]; copied
     * @param inputSize length of an input, at least 1
     * @param labels one class per sample; copied
     * @param classes number of classes, at least 1
     * @return the data set
     * @throws ShapeMismatchException if the lengths do not fit each other
     * @throws BadDataException if there are no samples, an input is not finite, or a label is not
     *     in [0, {@code classes})
     */
    public static DataSet classification(
            String name, double[] inputs, int inputSize, int[] labels, int classes) {
        requireLength(name, "inputs", inputs.length, labels.length, inputSize);
        return labelled(
                name,
                new Samples.Reals(inputs.clone(), inputSize).requireFinite(name, "input"),
                labels,
                classes);
    }

    /**
     * Vectors with a target vector each.
     *
     * @param name name for messages and reports
     * @param inputs row-major, shape [size, inputSize]; copied
     * @param inputSize length of an input, at least 1
     * @param targets row-major, shape [size, outputSize]; copied
     * @param outputSize length of a target, at least 1
     * @return the data set
     * @throws ShapeMismatchException if the lengths do not fit each other
     * @throws BadDataException if there are no samples, or an input or target is not finite
     */
    public static DataSet regression(
            String name, double[] inputs, int inputSize, double[] targets, int outputSize) {
        requireLength(
                name,
                "targets",
                targets.length,
                targets.length / Math.max(1, outputSize),
                outputSize);
        requireLength(name, "inputs", inputs.length, targets.length / outputSize, inputSize);
        Samples.Reals from =
                new Samples.Reals(inputs.clone(), inputSize).requireFinite(name, "input");
        Samples.Reals to =
                new Samples.Reals(targets.clone(), outputSize).requireFinite(name, "target");
        return new DataSet(requireSamples(name, from), from, new SampleTargets.Values(to, 1), null);
    }

    /**
     * The same samples, with targets that stand for numbers in another unit, in which losses are
     * reported.
     *
     * @param unit size of a difference of 1 between targets in that unit, above 0
     * @return a view
     * @throws IllegalStateException if this is not a regression data set
     */
    public DataSet withTargetUnit(double unit) {
        if (!(targets instanceof SampleTargets.Values values)) {
            throw new IllegalStateException(name + " has no target vectors");
        }
        return new DataSet(name, inputs, new SampleTargets.Values(values.values(), unit), order);
    }

    /**
     * {@return the factor that turns a squared error between targets into one in the unit of the
     * user; 1 unless {@link #withTargetUnit} says otherwise}
     */
    public double lossFactor() {
        return targets instanceof SampleTargets.Values values ? values.unit() * values.unit() : 1;
    }

    private static DataSet labelled(String name, Samples inputs, int[] labels, int classes) {
        requireSamples(name, inputs);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new BadDataException(
                        name,
                        i,
                        "label "
                                + labels[i]
                                + " of sample "
                                + i
                                + ", expected 0.."
                                + (classes - 1));
            }
        }
        return new DataSet(name, inputs, new SampleTargets.Labels(labels.clone(), classes), null);
    }

    private static String requireSamples(String name, Samples inputs) {
        if (inputs.count() == 0) {
            throw new BadDataException(name, "no samples, expected at least 1");
        }
        return name;
    }

    private static void requireLength(
            String name, String what, int length, int samples, int width) {
        if (width < 1 || length != (long) samples * width) {
            throw new ShapeMismatchException(
                    name
                            + ": expected "
                            + what
                            + " of shape ["
                            + samples
                            + ", "
                            + width
                            + "] with a width of at least 1, got "
                            + length
                            + " numbers");
        }
    }

    /** {@return the name for messages and reports} */
    public String name() {
        return name;
    }

    /** {@return the number of samples; 0 only for an empty view} */
    public int size() {
        return order == null ? inputs.count() : order.length;
    }

    /** {@return the length {@code n_0} of an input} */
    public int inputSize() {
        return inputs.width();
    }

    /**
     * {@return the length {@code n_L} of an output: the number of classes, or the length of a
     * target}
     */
    public int outputSize() {
        return switch (targets) {
            case SampleTargets.Labels labels -> labels.classes();
            case SampleTargets.Values values -> values.values().width();
            case SampleTargets.Inputs _ -> inputs.width();
        };
    }

    /** {@return whether the targets are classes; otherwise they are vectors} */
    public boolean classification() {
        return targets instanceof SampleTargets.Labels;
    }

    /** {@return whether the targets are the inputs themselves} */
    public boolean autoencoder() {
        return targets instanceof SampleTargets.Inputs;
    }

    /**
     * Gathers inputs into a minibatch.
     *
     * @param indices samples, each in [0, {@link #size()})
     * @param from first position of {@code indices} used
     * @param count number of samples {@code B}
     * @param out receives the inputs, rows of n_0 numbers; in float32 they are rounded
     * @throws ShapeMismatchException if there is no room for so many rows of that length
     */
    public void copyInputs(int[] indices, int from, int count, Rows out) {
        gather("inputs", inputs, indices, from, count, out);
    }

    /**
     * Gathers target vectors into a minibatch.
     *
     * @param indices samples, each in [0, {@link #size()})
     * @param from first position of {@code indices} used
     * @param count number of samples {@code B}
     * @param out receives the targets, rows of n_L numbers; in float32 they are rounded
     * @throws ShapeMismatchException if there is no room for so many rows of that length
     * @throws IllegalStateException if this is a classification data set
     */
    public void copyTargets(int[] indices, int from, int count, Rows out) {
        gather("targets", targets(), indices, from, count, out);
    }

    /**
     * Gathers classes into a minibatch.
     *
     * @param indices samples, each in [0, {@link #size()})
     * @param from first position of {@code indices} used
     * @param count number of samples {@code B}
     * @param out receives the classes, from position 0
     * @throws IllegalStateException if this is not a classification data set
     */
    public void copyLabels(int[] indices, int from, int count, int[] out) {
        int[] labels = labels();
        for (int i = 0; i < count; i++) {
            out[i] = labels[position(indices[from + i])];
        }
    }

    /**
     * The class of a sample.
     *
     * @param index sample, in [0, {@link #size()})
     * @return its class, in [0, {@link #outputSize()})
     * @throws IllegalStateException if this is not a classification data set
     */
    public int label(int index) {
        return labels()[position(index)];
    }

    /**
     * Some of the samples, in a given order.
     *
     * @param indices samples, each in [0, {@link #size()}); copied
     * @return a view that shares the contents; empty if there are no indices
     * @throws IndexOutOfBoundsException if an index is not a sample
     */
    public DataSet subset(int[] indices) {
        int[] positions = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            positions[i] = position(Objects.checkIndex(indices[i], size()));
        }
        return new DataSet(name, inputs, targets, positions);
    }

    /**
     * The first samples.
     *
     * @param samples number of samples, at least 0
     * @return this data set if it is no larger, otherwise a view of its first samples
     * @throws IllegalArgumentException if {@code samples} is negative
     */
    public DataSet limit(int samples) {
        if (samples < 0) {
            throw new IllegalArgumentException(
                    "number of samples to keep: expected at least 0, got " + samples);
        }
        if (samples >= size()) {
            return this;
        }
        int[] first = new int[samples];
        Arrays.setAll(first, i -> i);
        return subset(first);
    }

    /**
     * The same inputs with themselves as targets.
     *
     * @param autoencoderName name of the new data set
     * @return a view for training an autoencoder
     */
    public DataSet asAutoencoder(String autoencoderName) {
        return new DataSet(autoencoderName, inputs, new SampleTargets.Inputs(), order);
    }

    /**
     * Identifies the contents: shape, inputs (images before normalisation) and targets, in order,
     * but not the name.
     *
     * @return the first 16 hexadecimal digits of a SHA-256 digest, the same on every machine
     */
    public String fingerprint() {
        ContentHash hash = ContentHash.sha256();
        hash.integer(size());
        hash.integer(inputSize());
        hash.integer(outputSize());
        for (int i = 0; i < size(); i++) {
            int at = position(i);
            inputs.hash(at, hash);
            switch (targets) {
                case SampleTargets.Labels labels -> hash.integer(labels.labels()[at]);
                case SampleTargets.Values values -> values.values().hash(at, hash);
                case SampleTargets.Inputs _ -> {}
            }
        }
        return hash.shortHex();
    }

    @Override
    public String toString() {
        return name + "[" + size() + " x " + inputSize() + " -> " + outputSize() + "]";
    }

    private void gather(String what, Samples source, int[] indices, int from, int count, Rows out) {
        out.requireRoom(what, count, source.width());
        switch (out) {
            case Rows.F32(float[] values, _, int stride) -> {
                for (int i = 0; i < count; i++) {
                    source.read(position(indices[from + i]), values, i * stride);
                }
            }
            case Rows.F64(double[] values, _, int stride) -> {
                for (int i = 0; i < count; i++) {
                    source.read(position(indices[from + i]), values, i * stride);
                }
            }
        }
    }

    private int position(int index) {
        return order == null ? index : order[index];
    }

    private int[] labels() {
        return switch (targets) {
            case SampleTargets.Labels labels -> labels.labels();
            case SampleTargets.Values _, SampleTargets.Inputs _ ->
                    throw new IllegalStateException(name + " has target vectors, not labels");
        };
    }

    private Samples targets() {
        return switch (targets) {
            case SampleTargets.Labels _ ->
                    throw new IllegalStateException(name + " has labels, not target vectors");
            case SampleTargets.Values values -> values.values();
            case SampleTargets.Inputs _ -> inputs;
        };
    }
}
