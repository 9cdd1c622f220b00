package io.dfc.algorithms.data.csv;

import io.dfc.algorithms.files.InputFile;
import io.dfc.api.error.BadDataException;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A text file, plain or gzip, decoded strictly: in a named character encoding, or in UTF-16 where
 * the first bytes say so, else in UTF-8.
 *
 * @param file the file
 * @param charset its encoding
 */
record TextFile(Path file, Charset charset) {
    private static final int SAMPLE = 4096;
    private static final int CHUNK = 1 << 13;

    /** Share of zero bytes in every second place above which a text is taken as UTF-16. */
    private static final double MANY = 0.3;

    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] OLD_EXCEL = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0};

    /**
     * Where a text stops being one.
     *
     * @param line line, from 1
     * @param cell cell in the line, from 1
     * @param found the byte there
     */
    record Fault(long line, int cell, int found) {}

    /**
     * Finds the encoding of a file.
     *
     * @throws BadDataException if it is a workbook and no text
     */
    static TextFile of(Path file, Optional<Charset> named) throws IOException {
        byte[] start;
        try (InputStream in = InputFile.open(file)) {
            start = in.readNBytes(SAMPLE);
        }
        if (startsWith(start, ZIP) || startsWith(start, OLD_EXCEL)) {
            throw new BadDataException(
                    file.toString(),
                    "is a workbook or an archive, expected CSV text; save the sheet as CSV");
        }
        return new TextFile(file, named.orElseGet(() -> charset(start)));
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length
                && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static Charset charset(byte[] start) {
        if (startsWith(start, new byte[] {(byte) 0xFF, (byte) 0xFE})) {
            return StandardCharsets.UTF_16LE;
        }
        if (startsWith(start, new byte[] {(byte) 0xFE, (byte) 0xFF})) {
            return StandardCharsets.UTF_16BE;
        }
        int[] zeros = new int[2];
        for (int i = 0; i < start.length; i++) {
            zeros[i % 2] += start[i] == 0 ? 1 : 0;
        }
        double many = MANY * start.length / 2;
        if (zeros[1] > many && zeros[0] == 0) {
            return StandardCharsets.UTF_16LE;
        }
        return zeros[0] > many && zeros[1] == 0
                ? StandardCharsets.UTF_16BE
                : StandardCharsets.UTF_8;
    }

    /** The first characters, with replacements for what is no text. */
    String sample(int length) throws IOException {
        char[] chars = new char[length];
        int used = 0;
        try (Reader in = new InputStreamReader(InputFile.open(file), charset)) {
            for (int read; used < length && (read = in.read(chars, used, length - used)) > 0; ) {
                used += read;
            }
        }
        String text = new String(chars, 0, used);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Opens the text; what is no text throws {@link java.nio.charset.CharacterCodingException}. */
    BufferedReader open() throws IOException {
        InputStream in = InputFile.open(file);
        Reader decoded = new InputStreamReader(new BufferedInputStream(in), decoder());
        return new BufferedReader(decoded);
    }

    private CharsetDecoder decoder() {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Reads the file again up to the place where it is no text any more. */
    Optional<Fault> fault(char separator) throws IOException {
        CharsetDecoder decoder = decoder();
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
        CharBuffer chars = CharBuffer.allocate(CHUNK);
        Place place = new Place(separator);
        try (InputStream in = InputFile.open(file)) {
            boolean end = false;
            while (!end) {
                int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
                end = read < 0;
                bytes.position(bytes.position() + Math.max(0, read)).flip();
                CoderResult result;
                do {
                    result = decoder.decode(bytes, chars, end);
                    place.pass(chars.flip());
                    chars.clear();
                } while (result.isOverflow());
                if (result.isError()) {
                    int found = bytes.get(bytes.position()) & 0xFF;
                    return Optional.of(new Fault(place.line, place.cell, found));
                }
                bytes.compact();
            }
        }
        return Optional.empty();
    }

    /** Counts lines and cells. */
    private static final class Place {
        private final char separator;
        private long line = 1;
        private int cell = 1;
        private boolean quoted;
        private char last;

        Place(char separator) {
            this.separator = separator;
        }

        void pass(CharBuffer chars) {
            while (chars.hasRemaining()) {
                char c = chars.get();
                if (c == '\r' || (c == '\n' && last != '\r')) {
                    line++;
                    cell = quoted ? cell : 1;
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (c == separator && !quoted) {
                    cell++;
                }
                last = c;
            }
        }
    }
}
