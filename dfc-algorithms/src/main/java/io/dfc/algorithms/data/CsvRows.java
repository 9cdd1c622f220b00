package io.dfc.algorithms.data;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * The rows of a CSV file, one after the other: quotes as in RFC 4180, one header row, every row as
 * long as that; plain or gzip. Separator and character encoding are found unless they are named.
 */
final class CsvRows implements AutoCloseable {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path file;
    private final TextFile text;
    private final char separator;
    private final RowLimitReader reader;
    private final CSVParser parser;
    private final Iterator<CSVRecord> rows;
    private final List<String> likelyHeader;
    private final int linesBefore;
    private List<String> header = List.of();
    private CSVRecord row;

    private CsvRows(TextFile text, CsvSeparator.Found found) throws IOException {
        file = text.file();
        this.text = text;
        separator = found.separator();
        likelyHeader = found.header();
        BufferedReader from = text.open();
        if (found.announced()) {
            from.readLine();
        }
        linesBefore = found.announced() ? 1 : 0;
        reader = new RowLimitReader(from);
        parser = CSVParser.builder().setReader(reader).setFormat(format(separator)).get();
        rows = parser.iterator();
    }

    static CSVFormat format(char separator) {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(separator)
                .setIgnoreEmptyLines(true)
                .setIgnoreSurroundingSpaces(true)
                .get();
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws BadDataException if it has none
     * @throws StorageException if it cannot be read
     */
    static CsvRows open(Path file, CsvOptions options) {
        InputFile.require(file, "a CSV file");
        CsvRows opened = null;
        try {
            TextFile text = TextFile.of(file, options.charset());
            opened = new CsvRows(text, CsvSeparator.find(text, options));
            opened.readHeader();
            return opened;
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (RuntimeException e) {
            if (opened != null) {
                opened.close();
            }
            throw e;
        }
    }

    private void readHeader() {
        if (!advance()) {
            throw new BadDataException(
                    file.toString(),
                    "expected a header row and at least one row of data, found no data");
        }
        List<String> names = new ArrayList<>();
        for (String cell : row) {
            names.add(strip(cell));
        }
        Decimals decimals = new Decimals(Optional.empty(), separator);
        long numbers = names.stream().filter(n -> decimals.parse(n) != null).count();
        if (numbers > 0 && numbers >= names.size() / 2) {
            throw new BadDataException(
                    file.toString(),
                    1,
                    "line 1: expected the names of the columns, found numbers ("
                            + Cells.listed(names)
                            + "); put a line with names before them");
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!name.isEmpty() && !seen.add(name)) {
                throw new BadDataException(
                        file.toString(),
                        1,
                        "line 1: the column '" + Cells.excerpt(name) + "' appears twice");
            }
        }
        header = List.copyOf(names);
    }

    private static String strip(String cell) {
        return (!cell.isEmpty() && cell.charAt(0) == BYTE_ORDER_MARK ? cell.substring(1) : cell)
                .strip();
    }

    Path file() {
        return file;
    }

    char separator() {
        return separator;
    }

    /** The names of the columns; columns without a name have empty ones. */
    List<String> header() {
        return header;
    }

    /**
     * Goes to the next row.
     *
     * @return whether there is one
     * @throws BadDataException if it is not as long as the header
     */
    boolean next() {
        while (advance()) {
            if (row.size() == header.size()) {
                return true;
            }
            if (row.size() > 1 || !row.get(0).isBlank()) {
                throw new BadDataException(
                        file.toString(),
                        line(),
                        "line "
                                + line()
                                + ": expected "
                                + header.size()
                                + " cells as in the header, found "
                                + row.size());
            }
        }
        return false;
    }

    private boolean advance() {
        try {
            if (!rows.hasNext()) {
                return false;
            }
            row = rows.next();
            reader.nextRow();
            return true;
        } catch (UncheckedIOException e) {
            throw unreadable(e.getCause());
        }
    }

    /** A cell of the current row, without surrounding blanks. */
    String cell(int column) {
        return row.get(column).strip();
    }

    /** The line in which the current row ends. */
    long line() {
        return linesBefore + parser.getCurrentLineNumber();
    }

    private RuntimeException unreadable(IOException e) {
        if (e instanceof CharacterCodingException) {
            return noText();
        }
        long line = line();
        if (e instanceof RowLimitReader.RowTooLongException
                || e.getClass().getName().startsWith("org.apache.commons.csv")) {
            return new BadDataException(
                    file.toString(), line, "after line " + line + ": " + IoProblem.describe(e));
        }
        return unreadable(file, e);
    }

    private RuntimeException noText() {
        Optional<TextFile.Fault> fault;
        try {
            fault = text.fault(separator);
        } catch (IOException e) {
            return unreadable(file, e);
        }
        String expected = "expected " + text.charset() + " text, found ";
        return fault.map(
                        f ->
                                new BadDataException(
                                        file.toString(),
                                        f.line(),
                                        "line "
                                                + f.line()
                                                + ", column "
                                                + column(f.cell())
                                                + ": "
                                                + expected
                                                + "the byte 0x%02x".formatted(f.found())
                                                + "; if it is Latin-1, say so with --encoding latin1"))
                .orElseGet(() -> new BadDataException(file.toString(), expected + "other bytes"));
    }

    private String column(int cell) {
        return cell > likelyHeader.size()
                ? Integer.toString(cell)
                : "'" + Cells.excerpt(likelyHeader.get(cell - 1)) + "'";
    }

    private static RuntimeException unreadable(Path file, IOException e) {
        if (e instanceof EOFException || e instanceof ZipException) {
            return new BadDataException(
                    file.toString(),
                    "damaged or truncated gzip stream (" + IoProblem.describe(e) + ")");
        }
        return e instanceof CharacterCodingException
                ? new BadDataException(
                        file.toString(),
                        "its first lines are no text; name their encoding with --encoding")
                : new StorageException(file + ": cannot be read: " + IoProblem.describe(e), e);
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
