package io.dfc.algorithms.formats.onnx;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The fields of a protobuf message that is read. */
final class ProtoFields {
    private static final int FIXED64 = 1;

    private final List<Field> fields = new ArrayList<>();

    /**
     * One field.
     *
     * @param number its number
     * @param wire how it is written
     * @param value a whole number, or the bits of another
     * @param bytes bytes of a text, a message or packed numbers
     */
    private record Field(int number, int wire, long value, ByteBuffer bytes) {}

    /**
     * Reads a message.
     *
     * @param message its bytes
     * @throws MalformedException if it is none
     */
    ProtoFields(ByteBuffer message) {
        ByteBuffer in = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (in.hasRemaining()) {
                long tag = varint(in);
                int wire = (int) (tag & 7);
                switch (wire) {
                    case ProtoMessage.VARINT -> add(tag, wire, varint(in), in.slice(0, 0));
                    case FIXED64 -> add(tag, wire, in.getLong(), in.slice(0, 0));
                    case ProtoMessage.FIXED32 -> add(tag, wire, in.getInt(), in.slice(0, 0));
                    case ProtoMessage.BYTES -> {
                        long length = varint(in);
                        if (length < 0 || length > in.remaining()) {
                            throw new MalformedException("a field goes on behind its message");
                        }
                        add(tag, wire, 0, in.slice(in.position(), (int) length));
                        in.position(in.position() + (int) length);
                    }
                    default -> throw new MalformedException("a field has no known form");
                }
            }
        } catch (BufferUnderflowException e) {
            throw new MalformedException("a message is cut short");
        }
    }

    /** Bytes that are no such message. */
    static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedException(String problem) {
            super(problem);
        }
    }

    private void add(long tag, int wire, long value, ByteBuffer bytes) {
        fields.add(new Field((int) (tag >>> 3), wire, value, bytes.order(ByteOrder.LITTLE_ENDIAN)));
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new MalformedException("a number has more than 64 bits");
    }

    /** {@return the last whole number of a field, or 0} */
    long integer(int number) {
        List<Long> all = integers(number);
        return all.isEmpty() ? 0 : all.getLast();
    }

    /** {@return all whole numbers of a field, packed or not} */
    List<Long> integers(int number) {
        List<Long> all = new ArrayList<>();
        for (Field field : fields) {
            if (field.number == number && field.wire == ProtoMessage.VARINT) {
                all.add(field.value);
            } else if (field.number == number && field.wire == ProtoMessage.BYTES) {
                ByteBuffer packed = field.bytes.slice();
                while (packed.hasRemaining()) {
                    all.add(varint(packed));
                }
            }
        }
        return all;
    }

    /** {@return the last float32 number of a field, or 0} */
    float number(int number) {
        float last = 0;
        for (Field field : fields) {
            if (field.number == number && field.wire == ProtoMessage.FIXED32) {
                last = Float.intBitsToFloat((int) field.value);
            }
        }
        return last;
    }

    /** {@return the texts of a field} */
    List<String> texts(int number) {
        return bytes(number).stream()
                .map(b -> StandardCharsets.UTF_8.decode(b.slice()).toString())
                .toList();
    }

    /** {@return the last text of a field, or an empty one} */
    String text(int number) {
        List<String> all = texts(number);
        return all.isEmpty() ? "" : all.getLast();
    }

    /** {@return the messages of a field} */
    List<ProtoFields> messages(int number) {
        return bytes(number).stream().map(ProtoFields::new).toList();
    }

    /** {@return the last message of a field, or one without fields} */
    ProtoFields message(int number) {
        List<ProtoFields> all = messages(number);
        return all.isEmpty() ? new ProtoFields(ByteBuffer.allocate(0)) : all.getLast();
    }

    /** {@return the byte fields of a number, little endian} */
    List<ByteBuffer> bytes(int number) {
        return fields.stream()
                .filter(f -> f.number == number && f.wire == ProtoMessage.BYTES)
                .map(f -> f.bytes.slice().order(ByteOrder.LITTLE_ENDIAN))
                .toList();
    }
}
