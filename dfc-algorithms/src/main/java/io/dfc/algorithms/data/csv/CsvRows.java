package io.dfc.algorithms.data.csv;

import io.dfc.algorithms.files.Excerpt;
import io.dfc.algorithms.files.InputFile;
import io.dfc.algorithms.files.IoProblem;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * The rows of a CSV file, one after the other: quotes as in RFC 4180, one header row, every row as
 * long as that; plain or gzip. Separator and character encoding are found unless they are named.
 */
final class CsvRows implements AutoCloseable {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** Lines in which the header is looked for where the first is none. */
    private static final int FIRST_LINES = 20;

    /** Where the parser says that a quote was opened. */
    private static final Pattern OPENED = Pattern.compile("(?:startline|at line:) (\\d+)");

    private final Path file;
    private final TextFile text;
    private final char separator;
    private final RowLimitReader reader;
    private final CSVParser parser;
    private final Iterator<CSVRecord> rows;
    private final List<String> likelyHeader;
    private final int linesBefore;
    private List<String> header = List.of();

    @SuppressWarnings("NullAway.Init") // read once advance() has found one
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
        boolean found = advance();
        while (found && row.size() == 1 && strip(row.get(0)).isEmpty()) {
            found = advance();
        }
        if (!found) {
            throw new BadDataException(
                    file.toString(),
                    "expected a header row and at least one row of data, found no data");
        }
        List<String> names = new ArrayList<>();
        for (String cell : row) {
            names.add(strip(cell));
            requireText(cell, "");
        }
        Decimals decimals = Decimals.ofCell(Optional.empty(), separator);
        long numbers = names.stream().filter(n -> decimals.parse(n) != null).count();
        if (numbers > 0 && numbers >= names.size() / 2) {
            throw new BadDataException(
                    file.toString(),
                    1,
                    "line 1: expected the names of the columns, found numbers ("
                            + Excerpt.listed(names)
                            + "); put a line with names before them");
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!name.isEmpty() && !seen.add(name)) {
                throw new BadDataException(
                        file.toString(),
                        1,
                        "line 1: the column '"
                                + Excerpt.of(name)
                                + "' appears twice; rename one of them");
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
                                + row.size()
                                + lengthHint());
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
            throw unreadable(Objects.requireNonNull(e.getCause()));
        }
    }

    private String lengthHint() {
        if (row.size() != header.size() + 1) {
            return "";
        }
        return row.get(row.size() - 1).isBlank()
                ? "; the row ends with a separator, the header does not"
                : "; has the header no name for the first column, or does a cell with the separator in it need quotes?";
    }

    /** A cell of the current row, without surrounding blanks. */
    String cell(int column) {
        String cell = row.get(column).strip();
        requireText(cell, ", column '" + header.get(column) + "'");
        return cell;
    }

    /** What is no text stays unseen in a message, and would make two names of one. */
    private void requireText(String cell, String where) {
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (c < ' ' && c != '\t' && c != '\n' && c != '\r') {
                throw new BadDataException(
                        file.toString(),
                        line(),
                        "line "
                                + line()
                                + where
                                + ": expected text, found the control character 0x%02x"
                                        .formatted((int) c)
                                + (c == 0
                                        ? "; if it is UTF-32, say so with --encoding utf-32"
                                        : ""));
            }
        }
    }

    /**
     * What to say where the header does not hold a column: it may stand further down, or the file
     * is no table, or has an unusual separator.
     */
    String hintAtHeader(String column) {
        if (column.isEmpty()) {
            return "";
        }
        String first = header.getFirst();
        if (first.startsWith("<") || first.startsWith("{") || first.startsWith("[")) {
            return "; is this " + (first.startsWith("<") ? "HTML or XML" : "JSON") + " and no CSV?";
        }
        for (String name : header) {
            if (name.equalsIgnoreCase(column)) {
                return "; did you mean '" + Excerpt.of(name) + "'?";
            }
        }
        for (int line = 2; line <= FIRST_LINES && advance(); line++) {
            for (String cell : row) {
                if (cell.strip().equals(column)) {
                    return "; it stands in line " + line() + ": remove the lines before that";
                }
            }
        }
        return header.size() > 1 ? "" : "; name the separator with --separator if it is another";
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
        if (e instanceof RowLimitReader.RowTooLongException) {
            return new BadDataException(
                    file.toString(), line, "after line " + line + ": " + IoProblem.describe(e));
        }
        if (e.getClass().getName().startsWith("org.apache.commons.csv")) {
            return badQuotes(String.valueOf(e.getMessage()), line);
        }
        return unreadable(file, e);
    }

    /** The parser's own messages speak of tokens. */
    private BadDataException badQuotes(String message, long near) {
        Matcher opened = OPENED.matcher(message);
        long line = opened.find() ? linesBefore + Long.parseLong(opened.group(1)) : near;
        return new BadDataException(
                file.toString(),
                line,
                "line "
                        + line
                        + (message.contains("EOF")
                                ? ": a quote is opened and not closed"
                                : ": a quote closes in the middle of a cell; quotes within quotes are doubled, as in \"\""));
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
                : "'" + Excerpt.of(likelyHeader.get(cell - 1)) + "'";
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
