package io.dfc.api.tensor;

import io.dfc.api.error.ShapeMismatchException;

/**
 * Rows of numbers in an array that two parties share: one writes them, the other reads them where
 * they lie. Row {@code b} is {@code length()} numbers from position {@code b * stride()} on. What
 * lies between rows and behind the last one is nobody's: it may hold anything, and whoever reads
 * rows may overwrite it. Not thread-safe.
 */
public sealed interface Rows {
    /** {@return numbers of a row, at least 1} */
    int length();

    /** {@return distance between the first numbers of neighbouring rows, at least the length} */
    int stride();

    /** {@return how the numbers are stored} */
    ElementType type();

    /**
     * Rows in float32.
     *
     * @param values the array; shared, not copied
     * @param length numbers of a row, at least 1
     * @param stride distance of rows, at least {@code length}
     */
    @SuppressWarnings("ArrayRecordComponent")
    record F32(float[] values, int length, int stride) implements Rows {
        /** Checks the stride. */
        public F32 {
            requireStride(length, stride);
        }

        @Override
        public ElementType type() {
            return ElementType.F32;
        }
    }

    /**
     * Rows in float64.
     *
     * @param values the array; shared, not copied
     * @param length numbers of a row, at least 1
     * @param stride distance of rows, at least {@code length}
     */
    @SuppressWarnings("ArrayRecordComponent")
    record F64(double[] values, int length, int stride) implements Rows {
        /** Checks the stride. */
        public F64 {
            requireStride(length, stride);
        }

        @Override
        public ElementType type() {
            return ElementType.F64;
        }
    }

    /**
     * Rows in float32, one behind the other.
     *
     * @param values the array; shared, not copied
     * @param length numbers of a row, at least 1
     * @return the rows
     */
    static Rows of(float[] values, int length) {
        return new F32(values, length, length);
    }

    /**
     * Rows in float64, one behind the other.
     *
     * @param values the array; shared, not copied
     * @param length numbers of a row, at least 1
     * @return the rows
     */
    static Rows of(double[] values, int length) {
        return new F64(values, length, length);
    }

    /**
     * The rows of a matrix.
     *
     * @param matrix shape [rows, length]; shared, not copied
     * @return the rows
     */
    static Rows of(Tensor matrix) {
        return switch (matrix.type()) {
            case F32 -> of(matrix.floats(), matrix.dim(1));
            case F64 -> of(matrix.doubles(), matrix.dim(1));
        };
    }

    private static void requireStride(int length, int stride) {
        if (length < 1 || stride < length) {
            throw new ShapeMismatchException(
                    "rows: expected a length of at least 1 and a stride of at least the length, got "
                            + length
                            + " and "
                            + stride);
        }
    }

    /**
     * Checks that there is room for some rows of a length.
     *
     * @param name what the rows stand for, used in the message
     * @param count number of rows, at least 1
     * @param width numbers of a row demanded
     * @return these rows
     * @throws ShapeMismatchException if rows have another length, or the array is too short
     */
    default Rows requireRoom(String name, int count, int width) {
        int size =
                switch (this) {
                    case F32(float[] values, _, _) -> values.length;
                    case F64(double[] values, _, _) -> values.length;
                };
        if (length() != width || (count - 1L) * stride() + width > size) {
            throw new ShapeMismatchException(
                    name
                            + ": expected room for "
                            + count
                            + " rows of "
                            + width
                            + ", got rows of "
                            + length()
                            + ", "
                            + stride()
                            + " apart, in "
                            + size
                            + " numbers");
        }
        return this;
    }

    /**
     * Tells whether every number of the first rows is finite and can be stored in a type. Allocates
     * nothing.
     *
     * @param count number of rows
     * @param other the type
     * @return true if a finite number of that type stands for each
     */
    default boolean fit(int count, ElementType other) {
        double limit =
                switch (other) {
                    case F32 -> Float.MAX_VALUE;
                    case F64 -> Double.MAX_VALUE;
                };
        boolean fit = true;
        for (int b = 0; b < count; b++) {
            int from = b * stride();
            switch (this) {
                case F32(float[] values, int n, _) -> {
                    for (int i = from; i < from + n; i++) {
                        fit &= Math.abs(values[i]) <= Float.MAX_VALUE;
                    }
                }
                case F64(double[] values, int n, _) -> {
                    for (int i = from; i < from + n; i++) {
                        fit &= Math.abs(values[i]) <= limit;
                    }
                }
            }
        }
        return fit;
    }

    /**
     * Copies the first rows.
     *
     * @param count number of rows
     * @return a dense tensor of the same type, shape [count, length]
     */
    default Tensor toTensor(int count) {
        Tensor copy = Tensor.zeros(type(), count, length());
        for (int b = 0; b < count; b++) {
            switch (this) {
                case F32(float[] values, int n, int stride) ->
                        System.arraycopy(values, b * stride, copy.floats(), b * n, n);
                case F64(double[] values, int n, int stride) ->
                        System.arraycopy(values, b * stride, copy.doubles(), b * n, n);
            }
        }
        return copy;
    }
}
