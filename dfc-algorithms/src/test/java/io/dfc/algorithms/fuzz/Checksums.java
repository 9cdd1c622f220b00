package io.dfc.algorithms.fuzz;

import io.dfc.algorithms.store.TensorFile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Puts header length and checksum of a changed checkpoint right, so that what is behind is read.
 */
final class Checksums {
    private static final String KEY = "\"crc32c\":\"";
    private static final String OF_PROPERTIES = "properties-crc32c";
    private static final int LENGTH_BYTES = 8;

    private Checksums() {}

    /**
     * Mends a file: the header ends with the last closing brace that its length may mean, or behind
     * it.
     *
     * @param bytes a file
     * @return the file with length and checksum that fit, if it has room for them
     */
    static byte[] mended(byte[] bytes) {
        if (bytes.length < LENGTH_BYTES) {
            return bytes;
        }
        long said = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int end = Math.clamp(said, 0, bytes.length - LENGTH_BYTES) + LENGTH_BYTES;
        String header =
                new String(bytes, LENGTH_BYTES, end - LENGTH_BYTES, StandardCharsets.ISO_8859_1);
        int at = header.lastIndexOf(KEY);
        int close = at < 0 ? -1 : header.indexOf('"', at + KEY.length());
        if (close < 0) {
            return bytes;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, end, bytes.length - end);
        byte[] text =
                (header.substring(0, at + KEY.length())
                                + Long.toHexString(crc.getValue())
                                + header.substring(close))
                        .getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                ByteBuffer.allocate(LENGTH_BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(text.length)
                        .array());
        out.writeBytes(text);
        out.write(bytes, end, bytes.length - end);
        return out.toByteArray();
    }

    /** Puts the checksum of the properties of a model right, too. */
    static void mendProperties(Path file) {
        TensorFile contents = TensorFile.read(file);
        Map<String, String> properties = new HashMap<>(contents.properties());
        properties.remove(OF_PROPERTIES);
        CRC32C crc = new CRC32C();
        new TreeMap<>(properties)
                .forEach(
                        (key, value) ->
                                crc.update(
                                        (key + "\0" + value + "\0")
                                                .getBytes(StandardCharsets.UTF_8)));
        properties.put(OF_PROPERTIES, Long.toHexString(crc.getValue()));
        new TensorFile(contents.tensors(), properties).write(file);
    }
}
