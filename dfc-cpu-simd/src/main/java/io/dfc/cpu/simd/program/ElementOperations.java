package io.dfc.cpu.simd.program;

import io.dfc.api.network.Activation;
import io.dfc.api.plan.Operation;
import io.dfc.cpu.simd.kernel.Rates;

import java.util.Arrays;

/**
 * Element-wise operations of programs. Plain loops that the compiler vectorises; they include the
 * padding of rows.
 */
final class ElementOperations {
    private ElementOperations() {}

    /** {@code out = value}. */
    static RowOperation fill(BufferRows out, float value) {
        int stride = out.stride();
        return (task, first, rows, round) ->
                Arrays.fill(out.data(), first * stride, (first + rows) * stride, value);
    }

    /**
     * {@code out = a x + b y}, or {@code a x} if {@code b} is zero, even where {@code y} is
     * undefined.
     */
    static RowOperation combine(BufferRows out, float a, BufferRows x, float b, BufferRows y) {
        int stride = out.stride();
        if (b == 0) {
            return (task, first, rows, round) ->
                    scale(out.data(), a, x.data(), first * stride, (first + rows) * stride);
        }
        return (task, first, rows, round) ->
                combine(
                        out.data(),
                        a,
                        x.data(),
                        b,
                        y.data(),
                        first * stride,
                        (first + rows) * stride);
    }

    private static void scale(float[] out, float a, float[] x, int from, int to) {
        for (int k = from; k < to; k++) {
            out[k] = a * x[k];
        }
    }

    private static void combine(
            float[] out, float a, float[] x, float b, float[] y, int from, int to) {
        for (int k = from; k < to; k++) {
            out[k] = a * x[k] + b * y[k];
        }
    }

    /** {@code out_n = x_n y_n}. */
    static RowOperation multiply(BufferRows out, BufferRows x, BufferRows y) {
        int stride = out.stride();
        return (task, first, rows, round) ->
                multiply(out.data(), x.data(), y.data(), first * stride, (first + rows) * stride);
    }

    private static void multiply(float[] out, float[] x, float[] y, int from, int to) {
        for (int k = from; k < to; k++) {
            out[k] = x[k] * y[k];
        }
    }

    /**
     * {@code out = in + b}.
     *
     * @param bias {@code b}, padded as the rows are
     */
    static RowOperation addRow(BufferRows out, BufferRows in, float[] bias) {
        int stride = out.stride();
        return (task, first, rows, round) -> {
            for (int row = first; row < first + rows; row++) {
                add(out.data(), in.data(), bias, row * stride, stride);
            }
        };
    }

    private static void add(float[] out, float[] x, float[] bias, int at, int n) {
        for (int k = 0; k < n; k++) {
            out[at + k] = x[at + k] + bias[k];
        }
    }

    /** The first numbers of one buffer and the others of another. */
    static RowOperation select(BufferRows out, int count, BufferRows first, BufferRows rest) {
        return (task, firstRow, rows, round) -> {
            for (int row = firstRow; row < firstRow + rows; row++) {
                int at = row * out.stride();
                System.arraycopy(first.data(), row * first.stride(), out.data(), at, count);
                System.arraycopy(
                        rest.data(), at + count, out.data(), at + count, out.width() - count);
            }
        };
    }

    /**
     * A rate function, its derivative or its inverse.
     *
     * @param scratch as large as {@code out}: receives the slope of a rate or the rate of a slope,
     *     which is not read
     */
    static RowOperation activate(
            BufferRows out,
            Operation.Activate.Form form,
            Activation activation,
            BufferRows in,
            BufferRows scratch) {
        int stride = out.stride();
        float[] x = in.data();
        float[] y = out.data();
        float[] z = scratch.data();
        return switch (form) {
            case RATE ->
                    (task, first, rows, round) ->
                            Rates.evaluate(
                                    activation, x, y, z, first * stride, (first + rows) * stride);
            case SLOPE ->
                    (task, first, rows, round) ->
                            Rates.evaluate(
                                    activation, x, z, y, first * stride, (first + rows) * stride);
            case INVERSE ->
                    (task, first, rows, round) -> {
                        for (int k = first * stride; k < (first + rows) * stride; k++) {
                            y[k] = (float) activation.inverse(x[k]);
                        }
                    };
        };
    }
}
