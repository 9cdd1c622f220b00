package io.dfc.cpu.simd.kernel;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

/**
 * Orthonormal vectors of one Krylov space per sample (Arnoldi 1951), all of the same length, in
 * padded rows. The samples advance together, so that a product is one pass through the network for
 * all of them.
 */
public final class KrylovBasis {
    private final int stride;
    private final double least;
    private final float[][] vectors;
    private final float[] lanes = new float[2 * LANES];

    /**
     * Room for spaces.
     *
     * @param rows most samples
     * @param n length of a vector
     * @param dimension most vectors of a sample
     * @param least share of a vector's length: what is orthogonal to the space counts as zero if it
     *     is no longer
     */
    public KrylovBasis(int rows, int n, int dimension, double least) {
        this.least = least;
        stride = Simd.stride(n);
        vectors = new float[dimension][];
        for (int i = 0; i < dimension; i++) {
            vectors[i] = new float[Math.multiplyExact(rows, stride)];
        }
    }

    /** A vector of every sample's space, in padded rows; zero where the space has no more. */
    public float[] vector(int index) {
        return vectors[index];
    }

    /**
     * Begins the space of a sample.
     *
     * @param work rows; the sample's first vector is the direction of its row
     * @return length of that row
     */
    public double begin(float[] work, int s) {
        double norm = Math.sqrt(dot(work, work, s));
        scale(work, norm == 0 ? 0 : 1 / norm, vectors[0], s);
        return norm;
    }

    /**
     * Adds a vector to the space of a sample, which has {@code size}.
     *
     * @param work rows; of the sample's, what is orthogonal to the space is left
     * @param h receives the components along the space, and the length of what is left, {@code
     *     hStep} apart from {@code hAt} on
     */
    public void extend(float[] work, int s, int size, double[] h, int hAt, int hStep) {
        double whole = least == 0 ? 0 : Math.sqrt(dot(work, work, s));
        for (int i = 0; i < size; i++) {
            double component = dot(work, vectors[i], s);
            h[hAt + i * hStep] = component;
            subtract((float) component, vectors[i], work, s);
        }
        double norm = Math.sqrt(dot(work, work, s));
        h[hAt + size * hStep] = norm;
        scale(work, norm <= least * whole ? 0 : 1 / norm, vectors[size], s);
    }

    /** Product of a sample's rows. */
    public double dot(float[] a, float[] b, int s) {
        FloatVector even = FloatVector.zero(F);
        FloatVector odd = even;
        int k = s * stride;
        int end = k + stride;
        for (; k + LANES < end; k += 2 * LANES) {
            even = fromArray(F, a, k).fma(fromArray(F, b, k), even);
            odd = fromArray(F, a, k + LANES).fma(fromArray(F, b, k + LANES), odd);
        }
        if (k < end) {
            even = fromArray(F, a, k).fma(fromArray(F, b, k), even);
        }
        even.intoArray(lanes, 0);
        odd.intoArray(lanes, LANES);
        return LaneSums.sum(lanes);
    }

    private void subtract(float factor, float[] x, float[] from, int s) {
        FloatVector f = FloatVector.broadcast(F, -factor);
        for (int k = s * stride; k < (s + 1) * stride; k += LANES) {
            fromArray(F, x, k).fma(f, fromArray(F, from, k)).intoArray(from, k);
        }
    }

    private void scale(float[] x, double factor, float[] out, int s) {
        FloatVector f = FloatVector.broadcast(F, (float) factor);
        for (int k = s * stride; k < (s + 1) * stride; k += LANES) {
            fromArray(F, x, k).mul(f).intoArray(out, k);
        }
    }
}
