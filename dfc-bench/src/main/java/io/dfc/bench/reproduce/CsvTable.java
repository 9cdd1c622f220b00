package io.dfc.bench.reproduce;

import io.dfc.algorithms.store.AtomicFiles;

import org.apache.commons.csv.CSVFormat;

import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table of a figure: a head, and rows of names and numbers. */
public final class CsvTable {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    private final List<String> head;
    private final List<List<Object>> rows = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param head names of the columns
     */
    public CsvTable(List<String> head) {
        this.head = List.copyOf(head);
    }

    /**
     * Adds a row.
     *
     * @param cells as many cells as there are columns; an absent number is NaN, which is left empty
     */
    public void add(Object... cells) {
        if (cells.length != head.size()) {
            throw new IllegalArgumentException(
                    "expected " + head.size() + " cells, got " + cells.length);
        }
        rows.add(List.of(cells));
    }

    /** {@return the number of rows, without the head} */
    public int size() {
        return rows.size();
    }

    /** {@return head and rows as text, numbers with four digits} */
    public List<List<String>> text() {
        List<List<String>> text = new ArrayList<>(List.of(head));
        for (List<Object> row : rows) {
            text.add(row.stream().map(CsvTable::shortCell).toList());
        }
        return text;
    }

    private static String shortCell(Object value) {
        return value instanceof Double d && !d.isNaN()
                ? String.format(Locale.ROOT, "%.4g", d)
                : cell(value).toString();
    }

    /**
     * Writes the table; the file is whole or not there.
     *
     * @param file the file, in a folder that exists
     * @throws io.dfc.api.error.StorageException if it cannot be written
     */
    public void write(Path file) {
        AtomicFiles.write(
                file,
                out -> {
                    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                    FORMAT.printRecord(writer, head.toArray());
                    for (List<Object> row : rows) {
                        FORMAT.printRecord(writer, row.stream().map(CsvTable::cell).toArray());
                    }
                    writer.flush();
                });
    }

    private static Object cell(Object value) {
        return value instanceof Double d && d.isNaN() ? "" : value;
    }
}
