package io.dfc.algorithms.formats;

import io.dfc.algorithms.files.Excerpt;
import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads the numbers of arrays, one array after the other. */
final class ArrayReader {
    private static final int CHUNK = 1 << 16;
    private static final long EXACT = 1L << 53;

    private final String source;
    private final InputStream in;
    private byte[] bytes = {};

    /**
     * A reader.
     *
     * @param source the file, for messages
     * @param in its bytes, from the first number on
     */
    ArrayReader(String source, InputStream in) {
        this.source = source;
        this.in = in;
    }

    /**
     * Makes sure that numbers fit into the heap of this virtual machine.
     *
     * @param source the file, for messages
     * @param memory bytes that they need
     * @throws BadDataException if they do not
     */
    static void requireMemory(String source, long memory) {
        long heap = Runtime.getRuntime().maxMemory();
        if (memory > heap) {
            throw new BadDataException(
                    source,
                    "needs "
                            + (memory >> 20)
                            + " MiB for its numbers, and the Java heap may have "
                            + (heap >> 20)
                            + " MiB; allow more with -Xmx");
        }
    }

    /**
     * Reads an array. It is allocated whole, so the caller has compared its length with the file's.
     *
     * @param name its name
     * @param layout how it lies in the file
     * @return the array, row-major
     * @throws BadDataException if the file ends before, or a number is none that can be held
     * @throws IOException if reading fails
     */
    Tensor read(String name, ArrayLayout layout) throws IOException {
        NumberType type = layout.type();
        int count = layout.count();
        if (bytes.length < CHUNK && bytes.length < layout.bytes()) {
            bytes = new byte[(int) Math.min(CHUNK, layout.bytes())];
        }
        ByteBuffer chunk = ByteBuffer.wrap(bytes).order(layout.order());
        Tensor out = Tensor.zeros(type.element(), layout.shape());
        Places places =
                layout.fortran() && layout.shape().length > 1 ? new Places(layout.shape()) : null;
        int most = CHUNK / type.bytes();
        for (int done = 0; done < count; ) {
            int n = Math.min(count - done, most);
            fill(name, n * type.bytes());
            if (places == null && type == NumberType.F32) {
                chunk.asFloatBuffer().get(out.floats(), done, n);
            } else if (places == null && type == NumberType.F64) {
                chunk.asDoubleBuffer().get(out.doubles(), done, n);
            } else {
                for (int i = 0; i < n; i++) {
                    double x = number(name, type, chunk, i * type.bytes());
                    out.set(places == null ? done + i : places.next(), x);
                }
            }
            done += n;
        }
        return out;
    }

    private void fill(String name, int length) throws IOException {
        int read = in.readNBytes(bytes, 0, length);
        if (read < length) {
            throw new BadDataException(
                    source,
                    "is cut short: array "
                            + Excerpt.of(name)
                            + " lacks at least "
                            + (length - read)
                            + " bytes");
        }
    }

    private double number(String name, NumberType type, ByteBuffer from, int at) {
        return switch (type) {
            case BOOL -> truth(name, from.get(at));
            case I8 -> from.get(at);
            case U8 -> Byte.toUnsignedInt(from.get(at));
            case I16 -> from.getShort(at);
            case U16 -> Short.toUnsignedInt(from.getShort(at));
            case I32 -> from.getInt(at);
            case U32 -> Integer.toUnsignedLong(from.getInt(at));
            case I64 -> exact(name, from.getLong(at), Long.toString(from.getLong(at)));
            case U64 -> exact(name, from.getLong(at), Long.toUnsignedString(from.getLong(at)));
            case F16 -> Float.float16ToFloat(from.getShort(at));
            case BF16 -> Float.intBitsToFloat(from.getShort(at) << Short.SIZE);
            case F32 -> from.getFloat(at);
            case F64 -> from.getDouble(at);
        };
    }

    private double truth(String name, byte value) {
        if (value != 0 && value != 1) {
            throw new BadDataException(
                    source,
                    "array "
                            + Excerpt.of(name)
                            + " has the byte "
                            + Byte.toUnsignedInt(value)
                            + " among truth values, expected 0 or 1");
        }
        return value;
    }

    /** An unsigned number beyond the signed ones is negative here, and shown as it is. */
    private double exact(String name, long value, String shown) {
        if (value < -EXACT || value > EXACT || value < 0 && !shown.startsWith("-")) {
            throw new BadDataException(
                    source,
                    "array "
                            + Excerpt.of(name)
                            + " has the integer "
                            + shown
                            + ", which "
                            + ElementType.F64
                            + " does not hold; expected at most 2^53");
        }
        return value;
    }

    /** Row-major places of numbers whose first index runs fastest, one after the other. */
    private static final class Places {
        private final int[] shape;
        private final int[] strides;
        private final int[] index;
        private int place;

        Places(int[] shape) {
            this.shape = shape;
            index = new int[shape.length];
            strides = new int[shape.length];
            int stride = 1;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                strides[axis] = stride;
                stride *= Math.max(shape[axis], 1);
            }
        }

        int next() {
            int now = place;
            for (int axis = 0; axis < shape.length; axis++) {
                place += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                place -= shape[axis] * strides[axis];
                index[axis] = 0;
            }
            return now;
        }
    }
}
