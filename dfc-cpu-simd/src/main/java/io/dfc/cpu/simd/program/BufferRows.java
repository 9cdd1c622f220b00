package io.dfc.cpu.simd.program;

import io.dfc.cpu.simd.kernel.Simd;

import java.util.Arrays;

/**
 * A buffer of a program: a row of {@code width} numbers per sample, padded to {@code stride}. The
 * padding may hold any numbers.
 *
 * @param data [capacity, stride]
 */
record BufferRows(float[] data, int stride, int width) {
    /** Zeros. */
    static BufferRows zeros(int capacity, int width) {
        int stride = Simd.stride(width);
        return new BufferRows(new float[Math.multiplyExact(capacity, stride)], stride, width);
    }

    /** Whether both share an array. */
    @SuppressWarnings("ReferenceEquality") // asks whether it is the very array
    boolean sharesWith(BufferRows other) {
        return data == other.data;
    }

    void clear(int first, int rows) {
        Arrays.fill(data, first * stride, (first + rows) * stride, 0f);
    }
}
