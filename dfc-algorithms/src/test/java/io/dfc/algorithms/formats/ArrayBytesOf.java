package io.dfc.algorithms.formats;

import io.dfc.api.tensor.Tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Files of arrays, made byte by byte. */
final class ArrayBytesOf {
    private ArrayBytesOf() {}

    /** An array of NumPy with a header as it is given, and numbers in hexadecimal digits. */
    static byte[] npy(String header, String numbers) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        byte[] data = HexFormat.of().parseHex(numbers.replace(" ", ""));
        return ByteBuffer.allocate(10 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) text.length)
                .put(text)
                .put(data)
                .array();
    }

    /** The usual header of an array. */
    static String header(String type, boolean fortran, String shape) {
        return "{'descr': '"
                + type
                + "', 'fortran_order': "
                + (fortran ? "True" : "False")
                + ", 'shape': "
                + shape
                + ", }\n";
    }

    /** A file of safetensors with a header as it is given, and numbers in hexadecimal digits. */
    static byte[] safetensors(String header, String numbers) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        byte[] data = HexFormat.of().parseHex(numbers.replace(" ", ""));
        return ByteBuffer.allocate(8 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data)
                .array();
    }

    static byte[] npy(Tensor tensor) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Npy.write(out, tensor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] npz(NamedArrays arrays) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Npz.write(out, arrays);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] safetensors(NamedArrays arrays) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Safetensors.write(out, arrays);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
