package io.dfc.algorithms.formats;

import io.dfc.api.tensor.ElementType;

import java.nio.ByteOrder;
import java.util.Optional;

/**
 * How the numbers of an array lie in a file.
 *
 * @param type their type
 * @param order order of the bytes of a number
 * @param fortran whether the first index runs fastest
 * @param shape dimensions
 */
@SuppressWarnings("ArrayRecordComponent") // made from a header, never compared
record ArrayLayout(NumberType type, ByteOrder order, boolean fortran, int[] shape) {
    /** Dimensions of an array; NumPy allows no more. */
    static final int MOST_DIMENSIONS = 64;

    /** Java's largest arrays are a little smaller than the largest int. */
    private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

    /**
     * A layout, if arrays can have its shape.
     *
     * @param dimensions dimensions as the file says
     * @return absent if one is negative or there would be too many numbers
     */
    static Optional<ArrayLayout> of(
            NumberType type, ByteOrder order, boolean fortran, long[] dimensions) {
        int[] shape = new int[dimensions.length];
        long count = 1;
        for (int i = 0; i < shape.length; i++) {
            long d = dimensions[i];
            // Of an array without numbers, the other dimensions must be in range as well.
            if (d < 0 || d > MOST_NUMBERS || count > MOST_NUMBERS / Math.max(d, 1)) {
                return Optional.empty();
            }
            count *= Math.max(d, 1);
            shape[i] = (int) d;
        }
        return shape.length > MOST_DIMENSIONS
                ? Optional.empty()
                : Optional.of(new ArrayLayout(type, order, fortran, shape));
    }

    /** {@return the number of numbers} */
    int count() {
        int n = 1;
        for (int d : shape) {
            n *= d;
        }
        return n;
    }

    /** {@return the number of bytes in the file} */
    long bytes() {
        return (long) count() * type.bytes();
    }

    /** {@return the number of bytes in memory} */
    long memory() {
        return (long) count() * (type.element() == ElementType.F32 ? Float.BYTES : Double.BYTES);
    }
}
