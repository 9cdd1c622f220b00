package io.dfc.api.network;

import io.dfc.api.noise.Philox;
import io.dfc.api.tensor.Tensor;

/**
 * Random initialisation of a weight matrix with {@code out} rows and {@code in} columns.
 * Deterministic: the same seed and tag give the same matrix on every machine.
 */
public enum Initialization {
    /**
     * Normal with variance {@code 2 / (in + out)}; all published runs use it for the forward
     * weights.
     */
    XAVIER_NORMAL("xavier-normal"),
    /** Uniform on {@code +-sqrt(6 / (in + out))}. */
    XAVIER("xavier"),
    /**
     * A matrix with orthonormal rows or columns, whichever are fewer, times {@code sqrt(6 / (in +
     * out))}.
     */
    ORTHOGONAL("orthogonal"),
    /**
     * Uniform on {@code +-1/sqrt(in)}, the biases too; the start of all linear maps in the program
     * of the least-control principle (arXiv 2207.01332).
     */
    FAN_IN("fan-in"),
    /** {@link #XAVIER_NORMAL} with three times the standard deviation; for teacher networks. */
    TEACHER("teacher");

    private static final double TEACHER_FACTOR = 3;

    private final String label;

    Initialization(String label) {
        this.label = label;
    }

    /** {@return the name used in configurations} */
    public String label() {
        return label;
    }

    /**
     * Draws a matrix.
     *
     * @param out number of rows, at least 1
     * @param in number of columns, at least 1
     * @param seed seed of the run
     * @param tag distinguishes the matrices of one run, at least 0
     * @return float64 tensor of shape [out, in]
     */
    public Tensor draw(int out, int in, long seed, int tag) {
        double[] normal = new double[Math.multiplyExact(out, in)];
        double scale = Math.sqrt(2.0 / (in + out));
        double bound = Math.sqrt(6.0 / (in + out));
        switch (this) {
            case XAVIER_NORMAL -> fillNormal(normal, seed, tag, scale);
            case TEACHER -> fillNormal(normal, seed, tag, TEACHER_FACTOR * scale);
            case XAVIER -> fillUniform(normal, seed, place(0), tag, bound);
            case FAN_IN -> fillUniform(normal, seed, place(0), tag, 1 / Math.sqrt(in));
            case ORTHOGONAL -> {
                fillNormal(normal, seed, tag, 1);
                orthogonalize(normal, out, in);
                for (int i = 0; i < normal.length; i++) {
                    normal[i] *= bound;
                }
            }
        }
        return Tensor.wrap(normal, out, in);
    }

    /**
     * Draws the biases of a matrix that was drawn: 0, but for {@link #FAN_IN}.
     *
     * @param out number of rows of the matrix, at least 1
     * @param in number of its columns, at least 1
     * @param seed seed of the run
     * @param tag tag of the matrix
     * @return float64 tensor of shape [out]
     */
    public Tensor drawBiases(int out, int in, long seed, int tag) {
        double[] biases = new double[out];
        if (this == FAN_IN) {
            fillUniform(biases, seed, place(1), tag, 1 / Math.sqrt(in));
        }
        return Tensor.wrap(biases, out);
    }

    /**
     * Normal numbers: element {@code e} takes the place of a neuron in the counter, the tag that of
     * a step.
     */
    static void fillNormal(double[] values, long seed, int tag, double scale) {
        Philox.normals(seed, place(0), tag, 0, values, 0, values.length, new int[4]);
        for (int i = 0; i < values.length; i++) {
            values[i] *= scale;
        }
    }

    /** Place of weights (0) and of biases (1) in the counter. */
    private static int place(int kind) {
        return Philox.place(Philox.PHASE_INITIALIZATION, kind, 0);
    }

    private static void fillUniform(double[] values, long seed, int place, int tag, double bound) {
        int[] words = new int[4];
        for (int i = 0; i < values.length; i++) {
            if (i % 4 == 0) {
                Philox.block(i / 4, place, tag, 0, (int) seed, (int) (seed >>> 32), words, 0);
            }
            values[i] = (((words[i % 4] & 0xFFFFFFFFL) + 0.5) * 0x1p-31 - 1) * bound;
        }
    }

    /**
     * Gram-Schmidt on the rows of a wide matrix or the columns of a tall one, run twice against
     * rounding.
     */
    private static void orthogonalize(double[] a, int rows, int columns) {
        boolean wide = rows <= columns;
        int vectors = wide ? rows : columns;
        int length = wide ? columns : rows;
        int step = wide ? 1 : columns;
        int stride = wide ? columns : 1;
        for (int v = 0; v < vectors; v++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int w = 0; w < v; w++) {
                    double dot = 0;
                    for (int i = 0; i < length; i++) {
                        dot += a[v * stride + i * step] * a[w * stride + i * step];
                    }
                    for (int i = 0; i < length; i++) {
                        a[v * stride + i * step] -= dot * a[w * stride + i * step];
                    }
                }
            }
            double norm = 0;
            for (int i = 0; i < length; i++) {
                norm += a[v * stride + i * step] * a[v * stride + i * step];
            }
            norm = Math.sqrt(norm);
            for (int i = 0; i < length; i++) {
                a[v * stride + i * step] /= norm;
            }
        }
    }
}
