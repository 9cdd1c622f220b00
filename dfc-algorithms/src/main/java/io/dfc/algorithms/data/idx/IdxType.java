package io.dfc.algorithms.data.idx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Types of the numbers in IDX files, which are big endian. */
enum IdxType {
    UNSIGNED_BYTE(0x08, Byte.BYTES),
    BYTE(0x09, Byte.BYTES),
    SHORT(0x0B, Short.BYTES),
    INT(0x0C, Integer.BYTES),
    FLOAT(0x0D, Float.BYTES),
    DOUBLE(0x0E, Double.BYTES);

    private final int code;
    private final int bytes;

    IdxType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** The type with a code. */
    static Optional<IdxType> of(int code) {
        return Arrays.stream(values()).filter(t -> t.code == code).findFirst();
    }

    /** Bytes of a number. */
    int bytes() {
        return bytes;
    }

    /** Widens numbers to float64. */
    double[] numbers(byte[] from) {
        ByteBuffer buffer = ByteBuffer.wrap(from);
        double[] numbers = new double[from.length / bytes];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] =
                    switch (this) {
                        case UNSIGNED_BYTE -> buffer.get() & 0xFF;
                        case BYTE -> buffer.get();
                        case SHORT -> buffer.getShort();
                        case INT -> buffer.getInt();
                        case FLOAT -> buffer.getFloat();
                        case DOUBLE -> buffer.getDouble();
                    };
        }
        return numbers;
    }
}
