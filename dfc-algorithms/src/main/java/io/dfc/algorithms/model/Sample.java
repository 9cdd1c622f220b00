package io.dfc.algorithms.model;

import io.dfc.api.error.BadDataException;

import java.util.Arrays;

/** One sample of a stream: an input with its class or its numbers to predict. Immutable. */
public final class Sample {
    /** In place of a class, where there are numbers to predict. */
    private static final int NO_CLASS = -1;

    private final double[] input;
    private final int label;
    private final double[] target;

    private Sample(double[] input, int label, double[] target) {
        this.input = input;
        this.label = label;
        this.target = target;
    }

    /**
     * A sample with a class.
     *
     * @param input the input, {@code n_0} numbers in their own units; copied
     * @param label the class, from 0
     * @return the sample
     * @throws BadDataException if the class is negative
     */
    public static Sample of(double[] input, int label) {
        if (label < 0) {
            throw new BadDataException("sample", "class " + label + ", expected 0 or more");
        }
        return new Sample(input.clone(), label, new double[0]);
    }

    /**
     * A sample with a class.
     *
     * @param input the input, {@code n_0} numbers in their own units; copied
     * @param label the class, from 0
     * @return the sample
     * @throws BadDataException if the class is negative
     */
    public static Sample of(float[] input, int label) {
        return of(Rows.widen(input), label);
    }

    /**
     * A sample with numbers to predict.
     *
     * @param input the input, {@code n_0} numbers in their own units; copied
     * @param target {@code n_L} numbers in their own units; copied
     * @return the sample
     */
    public static Sample of(double[] input, double[] target) {
        return new Sample(input.clone(), NO_CLASS, target.clone());
    }

    /**
     * A sample with numbers to predict.
     *
     * @param input the input, {@code n_0} numbers in their own units; copied
     * @param target {@code n_L} numbers in their own units; copied
     * @return the sample
     */
    public static Sample of(float[] input, float[] target) {
        return of(Rows.widen(input), Rows.widen(target));
    }

    boolean isLabelled() {
        return label != NO_CLASS;
    }

    /** The input itself, not to be changed. */
    double[] input() {
        return input;
    }

    int label() {
        return label;
    }

    /** The target itself, not to be changed. */
    double[] target() {
        return target;
    }

    @Override
    public String toString() {
        return Arrays.toString(input)
                + " -> "
                + (isLabelled() ? "class " + label : Arrays.toString(target));
    }
}
