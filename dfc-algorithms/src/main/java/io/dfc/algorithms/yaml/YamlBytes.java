package io.dfc.algorithms.yaml;

import io.dfc.api.error.BadDataException;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The text of a file of settings: UTF-8 without control characters. Others would be read as
 * something else without a word.
 */
final class YamlBytes {
    private YamlBytes() {}

    /**
     * Decodes a file.
     *
     * @param source what errors call it
     * @throws BadDataException if it is no such text, with the line at fault
     */
    static String text(byte[] bytes, String source) {
        if (bytes.length > 1 && (bytes[0] & bytes[1] & 0xFE) == 0xFE) {
            throw new BadDataException(source, "is UTF-16; save it as UTF-8");
        }
        for (byte b : bytes) {
            if (b == 0) {
                throw new BadDataException(
                        source, "holds zero bytes, as UTF-16 does; save it as UTF-8");
            }
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw new BadDataException(
                    source,
                    line,
                    "line "
                            + line
                            + ": expected UTF-8 text, found the byte 0x%02x; save it as UTF-8"
                                    .formatted(in.get(in.position())));
        }
        requireVisible(out.flip(), source);
        return out.toString();
    }

    private static void requireVisible(CharSequence text, String source) {
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line += c == '\n' ? 1 : 0;
            if (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r') {
                throw new BadDataException(
                        source,
                        line,
                        "line "
                                + line
                                + ": holds the control character 0x%02x; remove it"
                                        .formatted((int) c));
            }
        }
    }
}
