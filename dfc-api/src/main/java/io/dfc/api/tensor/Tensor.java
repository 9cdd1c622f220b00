package io.dfc.api.tensor;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.ShapeMismatchException;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * A dense, row-major array of floating-point numbers with a shape; the last index runs fastest.
 *
 * <p>A tensor is a mutable container without arithmetic. {@link #wrap(double[], int...)} shares the
 * caller's array, so that a minibatch can be refilled in place; {@link #of(double[], int...)}
 * copies it. Not thread-safe.
 */
public final class Tensor {
    private final int[] shape;
    private final float @Nullable [] floats;
    private final double @Nullable [] doubles;

    private Tensor(float @Nullable [] floats, double @Nullable [] doubles, int[] shape) {
        this.shape = shape;
        this.floats = floats;
        this.doubles = doubles;
        int length = size();
        if (length != elements(shape)) {
            throw new ShapeMismatchException(
                    "tensor of shape "
                            + Arrays.toString(shape)
                            + " needs "
                            + elements(shape)
                            + " elements, got "
                            + length);
        }
    }

    private static long elements(int[] shape) {
        long n = 1;
        for (int d : shape) {
            if (d < 0) {
                throw new ShapeMismatchException(
                        "tensor shape " + Arrays.toString(shape) + " has a negative dimension");
            }
            n = Math.multiplyExact(n, (long) d);
        }
        return n;
    }

    /**
     * A float64 tensor over a copy of an array.
     *
     * @param data elements, row-major; copied
     * @param shape dimensions, each at least 0; their product is {@code data.length}
     * @return the tensor
     * @throws ShapeMismatchException if the number of elements does not fit the shape
     */
    public static Tensor of(double[] data, int... shape) {
        return new Tensor(null, data.clone(), shape.clone());
    }

    /**
     * A float64 tensor that shares an array with its creator.
     *
     * @param data elements, row-major; shared, not copied
     * @param shape dimensions, each at least 0; their product is {@code data.length}
     * @return the tensor
     * @throws ShapeMismatchException if the number of elements does not fit the shape
     */
    public static Tensor wrap(double[] data, int... shape) {
        return new Tensor(null, data, shape.clone());
    }

    /**
     * A float32 tensor that shares an array with its creator.
     *
     * @param data elements, row-major; shared, not copied
     * @param shape dimensions, each at least 0; their product is {@code data.length}
     * @return the tensor
     * @throws ShapeMismatchException if the number of elements does not fit the shape
     */
    public static Tensor wrap(float[] data, int... shape) {
        return new Tensor(data, null, shape.clone());
    }

    /**
     * A tensor of zeros.
     *
     * @param type storage
     * @param shape dimensions, each at least 0
     * @return the tensor
     */
    public static Tensor zeros(ElementType type, int... shape) {
        int n = Math.toIntExact(elements(shape));
        return switch (type) {
            case F32 -> wrap(new float[n], shape);
            case F64 -> wrap(new double[n], shape);
        };
    }

    /** {@return how the elements are stored} */
    public ElementType type() {
        return floats != null ? ElementType.F32 : ElementType.F64;
    }

    /** {@return a copy of the dimensions} */
    public int[] shape() {
        return shape.clone();
    }

    /** {@return the number of dimensions} */
    public int rank() {
        return shape.length;
    }

    /**
     * One dimension.
     *
     * @param axis axis, counted from 0
     * @return its length
     */
    public int dim(int axis) {
        return shape[axis];
    }

    /** {@return the number of elements} */
    public int size() {
        return floats != null ? floats.length : doubles().length;
    }

    /**
     * One element.
     *
     * @param index position in row-major order, in [0, {@link #size()})
     * @return the element, widened to float64
     */
    public double get(int index) {
        return floats != null ? floats[index] : doubles()[index];
    }

    /**
     * Replaces one element.
     *
     * @param index position in row-major order, in [0, {@link #size()})
     * @param value new element, rounded to the tensor's type
     */
    public void set(int index, double value) {
        if (floats != null) {
            floats[index] = (float) value;
        } else {
            doubles()[index] = value;
        }
    }

    /**
     * The array behind a float64 tensor.
     *
     * @return the elements themselves, not a copy
     * @throws IllegalStateException if the tensor is float32
     */
    public double[] doubles() {
        if (doubles == null) {
            throw new IllegalStateException(
                    "tensor holds F32, asked for F64; use toDoubles() for a copy");
        }
        return doubles;
    }

    /**
     * The array behind a float32 tensor.
     *
     * @return the elements themselves, not a copy
     * @throws IllegalStateException if the tensor is float64
     */
    public float[] floats() {
        if (floats == null) {
            throw new IllegalStateException(
                    "tensor holds F64, asked for F32; use toFloats() for a copy");
        }
        return floats;
    }

    /** {@return a copy of the elements in float64} */
    public double[] toDoubles() {
        double[] out = new double[size()];
        copyTo(out, 0);
        return out;
    }

    /** {@return a copy of the elements, rounded to float32} */
    public float[] toFloats() {
        float[] out = new float[size()];
        copyTo(out, 0);
        return out;
    }

    /**
     * Copies all elements into an array.
     *
     * @param out destination
     * @param offset first position written
     */
    public void copyTo(double[] out, int offset) {
        if (doubles != null) {
            System.arraycopy(doubles, 0, out, offset, doubles.length);
        } else {
            float[] from = floats();
            for (int i = 0; i < from.length; i++) {
                out[offset + i] = from[i];
            }
        }
    }

    /**
     * Copies all elements into an array, rounded to float32.
     *
     * @param out destination
     * @param offset first position written
     */
    public void copyTo(float[] out, int offset) {
        if (floats != null) {
            System.arraycopy(floats, 0, out, offset, floats.length);
        } else {
            double[] from = doubles();
            for (int i = 0; i < from.length; i++) {
                out[offset + i] = (float) from[i];
            }
        }
    }

    /** {@return a tensor of the same type, shape and elements that shares nothing with this one} */
    public Tensor copy() {
        return floats != null
                ? new Tensor(floats.clone(), null, shape.clone())
                : new Tensor(null, doubles().clone(), shape.clone());
    }

    /**
     * Checks the shape.
     *
     * @param name what the tensor stands for, used in the message, such as {@code W[1]}
     * @param expected dimensions demanded
     * @return this tensor
     * @throws ShapeMismatchException if the shape is another one
     */
    public Tensor requireShape(String name, int... expected) {
        if (!Arrays.equals(shape, expected)) {
            throw mismatch(name, expected);
        }
        return this;
    }

    /**
     * Checks the shape of a matrix, without allocating.
     *
     * @param name what the tensor stands for, used in the message, such as {@code W[1]}
     * @param rows first dimension demanded
     * @param columns second dimension demanded
     * @return this tensor
     * @throws ShapeMismatchException if the shape is another one
     */
    public Tensor requireShape(String name, int rows, int columns) {
        if (shape.length != 2 || shape[0] != rows || shape[1] != columns) {
            throw mismatch(name, rows, columns);
        }
        return this;
    }

    private ShapeMismatchException mismatch(String name, int... expected) {
        boolean transposed =
                shape.length == 2
                        && expected.length == 2
                        && shape[0] == expected[1]
                        && shape[1] == expected[0];
        return new ShapeMismatchException(
                name
                        + ": expected shape "
                        + Arrays.toString(expected)
                        + ", got "
                        + Arrays.toString(shape)
                        + (transposed ? " (transposed?)" : ""));
    }

    /**
     * Tells whether every element is neither infinite nor NaN.
     *
     * @return true if all elements are finite
     */
    public boolean isFinite() {
        return isWithin(Double.MAX_VALUE);
    }

    /**
     * Tells whether every element can be stored in a type: no NaN, no infinity, no magnitude beyond
     * the type's largest number.
     *
     * @param type the type
     * @return true if there is a finite number of that type for all elements
     */
    public boolean fits(ElementType type) {
        return isWithin(
                switch (type) {
                    case F32 -> Float.MAX_VALUE;
                    case F64 -> Double.MAX_VALUE;
                });
    }

    /**
     * Without branches, so that a large minibatch costs microseconds: added to the bits of a
     * magnitude, what the limit leaves below the sign bit reaches it for larger ones and for NaN.
     */
    private boolean isWithin(double limit) {
        if (floats != null) {
            int left =
                    Integer.MAX_VALUE
                            - Float.floatToRawIntBits((float) Math.min(limit, Float.MAX_VALUE));
            int seen = 0;
            for (float x : floats) {
                seen |= (Float.floatToRawIntBits(x) & Integer.MAX_VALUE) + left;
            }
            return seen >= 0;
        }
        long left = Long.MAX_VALUE - Double.doubleToRawLongBits(limit);
        long seen = 0;
        for (double x : doubles()) {
            seen |= (Double.doubleToRawLongBits(x) & Long.MAX_VALUE) + left;
        }
        return seen >= 0;
    }

    /**
     * Checks that every element is a finite number that a type can hold.
     *
     * @param name what the tensor stands for, used in the message, such as {@code minibatch inputs}
     * @param type the type
     * @return this tensor
     * @throws BadDataException if an element is NaN, infinite or beyond the type; it says which
     */
    public Tensor requireFit(String name, ElementType type) {
        if (fits(type)) {
            return this;
        }
        int at = 0;
        double limit = type == ElementType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        while (Math.abs(get(at)) <= limit) {
            at++;
        }
        throw new BadDataException(
                name,
                "expected finite numbers, got "
                        + get(at)
                        + " at "
                        + place(at)
                        + (Double.isFinite(get(at)) ? ", beyond what " + type + " holds" : ""));
    }

    private String place(int index) {
        int[] place = new int[shape.length];
        int rest = index;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            place[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return Arrays.toString(place);
    }

    /**
     * Equality of type, shape and every bit of every element.
     *
     * @param other anything
     * @return true if {@code other} is such a tensor
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor t
                && Arrays.equals(shape, t.shape)
                && Arrays.equals(floats, t.floats)
                && Arrays.equals(doubles, t.doubles);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(shape) + Arrays.hashCode(floats))
                + Arrays.hashCode(doubles);
    }

    @Override
    public String toString() {
        return type() + Arrays.toString(shape);
    }
}
