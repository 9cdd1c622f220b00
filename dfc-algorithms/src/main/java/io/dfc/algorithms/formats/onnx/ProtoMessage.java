package io.dfc.algorithms.formats.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A protobuf message to be written. Its size is known before its bytes are made. */
final class ProtoMessage {
    static final int VARINT = 0;
    static final int BYTES = 2;
    static final int FIXED32 = 5;
    private static final int TAG_BITS = 3;
    private static final int GROUP_BITS = 7;

    private final List<Part> parts = new ArrayList<>();
    private long size;

    /** Writes bytes. */
    @FunctionalInterface
    interface Contents {
        void write(OutputStream out) throws IOException;
    }

    private record Part(byte[] head, Contents contents) {}

    /** Adds a whole number. */
    ProtoMessage integer(int field, long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(tag(field, VARINT), out);
        varint(value, out);
        return add(out.toByteArray(), 0, _ -> {});
    }

    /** Adds a float32 number. */
    ProtoMessage number(int field, float value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(tag(field, FIXED32), out);
        out.writeBytes(
                ByteBuffer.allocate(Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(value)
                        .array());
        return add(out.toByteArray(), 0, _ -> {});
    }

    /** Adds a text. */
    ProtoMessage text(int field, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return bytes(field, bytes.length, out -> out.write(bytes));
    }

    /** Adds a message, which must not be changed afterwards. */
    ProtoMessage message(int field, ProtoMessage message) {
        return bytes(field, message.size, message::write);
    }

    /** Adds bytes that are made when they are written. */
    ProtoMessage bytes(int field, long length, Contents contents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(tag(field, BYTES), out);
        varint(length, out);
        return add(out.toByteArray(), length, contents);
    }

    private ProtoMessage add(byte[] head, long length, Contents contents) {
        parts.add(new Part(head, contents));
        size += head.length + length;
        return this;
    }

    private static long tag(int field, int wire) {
        return (long) field << TAG_BITS | wire;
    }

    private static void varint(long value, ByteArrayOutputStream out) {
        long left = value;
        while ((left & -(1L << GROUP_BITS)) != 0) {
            out.write((int) (left & 0x7f | 0x80));
            left >>>= GROUP_BITS;
        }
        out.write((int) left);
    }

    /** {@return the number of bytes} */
    long size() {
        return size;
    }

    /** Writes the bytes of all fields. */
    void write(OutputStream out) throws IOException {
        for (Part part : parts) {
            out.write(part.head);
            part.contents.write(out);
        }
    }
}
