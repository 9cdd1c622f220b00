package io.dfc.algorithms.data;

import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The cells of a CSV file (UTF-8, commas, quotes as in RFC 4180, one header row): numeric features
 * and a target column.
 */
final class CsvTable {
    /** Most numbers that are kept: 1 GiB of float64. */
    private static final int MAX_NUMBERS = 1 << 27;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path file;
    private final List<String> columns;
    private final int targetColumn;
    private final List<String> targets = new ArrayList<>();
    private final List<Long> lines = new ArrayList<>();
    private double[] features = new double[1024];
    private int used;

    private CsvTable(Path file, List<String> columns, String target) {
        this.file = file;
        this.columns = columns;
        this.targetColumn = columns.indexOf(target);
    }

    /**
     * Reads a file.
     *
     * @param target name of the target column
     * @throws BadDataException if the file is not such a table, with the line at fault
     * @throws StorageException if it cannot be read
     */
    static CsvTable read(Path file, String target) {
        if (!Files.isRegularFile(file)) {
            throw new StorageException(file + ": " + PathProblem.of(file).orElse("is not a file"));
        }
        try (RowLimitReader reader =
                        new RowLimitReader(
                                new BufferedReader(
                                        new InputStreamReader(
                                                Files.newInputStream(file),
                                                StandardCharsets.UTF_8
                                                        .newDecoder()
                                                        .onMalformedInput(CodingErrorAction.REPORT)
                                                        .onUnmappableCharacter(
                                                                CodingErrorAction.REPORT))));
                CSVParser parser =
                        CSVParser.builder()
                                .setReader(reader)
                                .setFormat(
                                        CSVFormat.RFC4180
                                                .builder()
                                                .setIgnoreEmptyLines(true)
                                                .setIgnoreSurroundingSpaces(true)
                                                .get())
                                .get()) {
            return read(file, target, reader, parser);
        } catch (IOException e) {
            throw unreadable(file, 0, e);
        }
    }

    private static CsvTable read(
            Path file, String target, RowLimitReader reader, CSVParser parser) {
        CsvTable table = null;
        try {
            for (Iterator<CSVRecord> rows = parser.iterator(); rows.hasNext(); ) {
                CSVRecord row = rows.next();
                if (table == null) {
                    table = new CsvTable(file, header(file, row, target), target);
                } else {
                    table.add(row, parser.getCurrentLineNumber());
                }
                reader.nextRow();
            }
        } catch (UncheckedIOException e) {
            throw unreadable(file, parser.getCurrentLineNumber(), e.getCause());
        }
        if (table == null || table.targets.isEmpty()) {
            throw new BadDataException(
                    file.toString(),
                    "expected a header row and at least one row of data, found no data");
        }
        return table;
    }

    private static RuntimeException unreadable(Path file, long line, IOException e) {
        if (e instanceof CharacterCodingException) {
            return new BadDataException(
                    file.toString(),
                    line,
                    "after line " + line + ": expected UTF-8 text, found other bytes");
        }
        if (e instanceof RowLimitReader.RowTooLongException
                || e.getClass().getName().startsWith("org.apache.commons.csv")) {
            return new BadDataException(
                    file.toString(), line, "after line " + line + ": " + IoProblem.describe(e));
        }
        return new StorageException(file + ": cannot be read: " + IoProblem.describe(e), e);
    }

    private static List<String> header(Path file, CSVRecord row, String target) {
        List<String> columns = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String cell : row) {
            String name = strip(cell);
            if (!seen.add(name)) {
                throw new BadDataException(
                        file.toString(), 1, "line 1: the column '" + name + "' appears twice");
            }
            columns.add(name);
        }
        if (!seen.contains(target)) {
            throw new BadDataException(
                    file.toString(),
                    1,
                    "line 1: no target column '"
                            + target
                            + "'; the columns are "
                            + listed(columns));
        }
        if (columns.size() < 2) {
            throw new BadDataException(
                    file.toString(),
                    1,
                    "line 1: expected columns besides the target '" + target + "'");
        }
        return columns;
    }

    private static String strip(String cell) {
        return (!cell.isEmpty() && cell.charAt(0) == BYTE_ORDER_MARK ? cell.substring(1) : cell)
                .strip();
    }

    /** Column names for a message, shortened so that it stays one readable line. */
    static String listed(List<String> columns) {
        int shown = 20;
        String names = String.join(", ", columns.subList(0, Math.min(shown, columns.size())));
        return columns.size() > shown
                ? names + " and " + (columns.size() - shown) + " more"
                : names;
    }

    private void add(CSVRecord row, long line) {
        if (row.size() != columns.size()) {
            throw new BadDataException(
                    file.toString(),
                    line,
                    "line "
                            + line
                            + ": expected "
                            + columns.size()
                            + " cells as in the header, found "
                            + row.size());
        }
        if (used > MAX_NUMBERS - columns.size()) {
            throw new BadDataException(
                    file.toString(),
                    line,
                    "line "
                            + line
                            + ": more than "
                            + MAX_NUMBERS
                            + " numbers, the most that is read");
        }
        for (int column = 0; column < columns.size(); column++) {
            if (column == targetColumn) {
                targets.add(row.get(column).strip());
            } else {
                push(number(row.get(column), column, line));
            }
        }
        lines.add(line);
    }

    private void push(double value) {
        if (used == features.length) {
            features = Arrays.copyOf(features, 2 * used);
        }
        features[used++] = value;
    }

    private double number(String cell, int column, long line) {
        double value;
        try {
            value = Double.parseDouble(cell.strip());
        } catch (NumberFormatException e) {
            throw badCell(cell, column, line, "a number");
        }
        if (!Double.isFinite(value)) {
            throw badCell(cell, column, line, "a finite number");
        }
        return value;
    }

    private BadDataException badCell(String cell, int column, long line, String expected) {
        int shown = 40;
        String excerpt = cell.length() > shown ? cell.substring(0, shown) + "..." : cell;
        return new BadDataException(
                file.toString(),
                line,
                "line "
                        + line
                        + ", column '"
                        + columns.get(column)
                        + "': expected "
                        + expected
                        + ", found '"
                        + excerpt.replaceAll("\\s+", " ")
                        + "'");
    }

    /** The number of rows of data. */
    int rows() {
        return targets.size();
    }

    /** The number of feature columns. */
    int width() {
        return columns.size() - 1;
    }

    /** The name of a feature column. */
    String featureName(int feature) {
        return columns.get(feature < targetColumn ? feature : feature + 1);
    }

    /** The features, row-major, shape [rows, width]; a fresh array. */
    double[] features() {
        return Arrays.copyOf(features, used);
    }

    /** The texts of the target column, without surrounding blanks. */
    List<String> targetTexts() {
        return List.copyOf(targets);
    }

    /**
     * The numbers of the target column.
     *
     * @throws BadDataException if one is not a finite number
     */
    double[] targetNumbers() {
        double[] numbers = new double[rows()];
        for (int row = 0; row < numbers.length; row++) {
            numbers[row] = number(targets.get(row), targetColumn, lines.get(row));
        }
        return numbers;
    }

    /**
     * Refuses empty class names.
     *
     * @throws BadDataException if a cell of the target column is empty
     */
    CsvTable requireClassNames() {
        int empty = targets.indexOf("");
        if (empty >= 0) {
            throw badCell("", targetColumn, lines.get(empty), "the name of a class");
        }
        return this;
    }
}
