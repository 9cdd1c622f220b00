package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

/**
 * {@code J_i Q_i} of all layers for some samples side by side, {@code [n_L, depth, n_L, lanes]}: a
 * row to an output, in it the layers downwards.
 */
final class LoopGains {
    private static final int BLOCK = 4;

    private final int depth;
    private final int outputs;
    private final int lanes;

    /** {@code n_L} numbers of every lane. */
    private final int n;

    private final float[] gains;

    LoopGains(int depth, int outputs, int lanes) {
        this.depth = depth;
        this.outputs = outputs;
        this.lanes = lanes;
        n = Math.multiplyExact(outputs, lanes);
        gains = new float[Math.multiplyExact(depth * outputs, n)];
    }

    /** Takes the matrix of a layer and a lane, row-major with rows {@code stride} apart. */
    void set(int layer, int lane, float[] matrix, int at, int stride) {
        for (int j = 0; j < outputs; j++) {
            int to = (j * depth + depth - 1 - layer) * n + lane;
            for (int k = 0; k < outputs; k++) {
                gains[to] = matrix[at + j * stride + k];
                to += lanes;
            }
        }
    }

    /** The same of a row-major [n_L, n_L] matrix. */
    void set(int layer, int lane, double[] matrix) {
        for (int j = 0; j < outputs; j++) {
            int to = (j * depth + depth - 1 - layer) * n + lane;
            for (int k = 0; k < outputs; k++) {
                gains[to] = (float) matrix[j * outputs + k];
                to += lanes;
            }
        }
    }

    /** Switches a lane off. */
    void clear(int lane) {
        for (int k = lane; k < gains.length; k += lanes) {
            gains[k] = 0f;
        }
    }

    /**
     * {@code output = sum_i J_i Q_i x_i}.
     *
     * @param x from {@code xAt} on for the layers downwards, [depth, n_L, lanes]
     * @param output [n_L, lanes]
     */
    void multiply(float[] x, int xAt, float[] output) {
        for (int v = 0; v < lanes; v += LANES) {
            int j = 0;
            for (; j + BLOCK <= outputs; j += BLOCK) {
                fourRows(j, v, x, xAt + v, output);
            }
            if (j + 2 <= outputs) {
                twoRows(j, v, x, xAt + v, output);
                j += 2;
            }
            if (j < outputs) {
                oneRow(j, v, x, xAt + v, output);
            }
        }
    }

    private void fourRows(int j, int v, float[] x, int xAt, float[] output) {
        int length = depth * n;
        int first = j * length + v;
        int second = first + length;
        int third = second + length;
        int fourth = third + length;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int c = 0; c < length; c += lanes) {
            FloatVector a = fromArray(F, x, xAt + c);
            s0 = fromArray(F, gains, first + c).fma(a, s0);
            s1 = fromArray(F, gains, second + c).fma(a, s1);
            s2 = fromArray(F, gains, third + c).fma(a, s2);
            s3 = fromArray(F, gains, fourth + c).fma(a, s3);
        }
        int to = j * lanes + v;
        s0.intoArray(output, to);
        s1.intoArray(output, to + lanes);
        s2.intoArray(output, to + 2 * lanes);
        s3.intoArray(output, to + 3 * lanes);
    }

    private void twoRows(int j, int v, float[] x, int xAt, float[] output) {
        int length = depth * n;
        int first = j * length + v;
        int second = first + length;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        for (int c = 0; c < length; c += lanes) {
            FloatVector a = fromArray(F, x, xAt + c);
            s0 = fromArray(F, gains, first + c).fma(a, s0);
            s1 = fromArray(F, gains, second + c).fma(a, s1);
        }
        int to = j * lanes + v;
        s0.intoArray(output, to);
        s1.intoArray(output, to + lanes);
    }

    private void oneRow(int j, int v, float[] x, int xAt, float[] output) {
        int length = depth * n;
        int first = j * length + v;
        FloatVector sum = FloatVector.zero(F);
        for (int c = 0; c < length; c += lanes) {
            sum = fromArray(F, gains, first + c).fma(fromArray(F, x, xAt + c), sum);
        }
        sum.intoArray(output, j * lanes + v);
    }
}
