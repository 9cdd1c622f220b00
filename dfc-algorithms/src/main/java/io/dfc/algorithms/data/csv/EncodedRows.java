package io.dfc.algorithms.data.csv;

import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.data.sampling.Moments;
import io.dfc.algorithms.files.Excerpt;
import io.dfc.api.error.BadDataException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows of a CSV file as inputs of a network that was trained on another one: columns are
 * matched by their names, whatever their order; columns that the encoding does not have are left
 * out.
 */
public final class EncodedRows implements AutoCloseable {
    private final CsvRows rows;
    private final TableEncoding encoding;
    private final String owner;
    private final Decimals decimals;
    private final int[] places;
    private final int targetPlace;
    private final List<Map<String, Integer>> categories = new ArrayList<>();
    private final Map<String, Integer> classes = new HashMap<>();
    private final List<String> extra;
    private boolean gap;

    private EncodedRows(CsvRows rows, FittedEncoding fitted, CsvOptions options) {
        this.rows = rows;
        encoding = (TableEncoding) fitted.encoding();
        owner = fitted.owner();
        decimals = Decimals.ofFile(rows.file(), options, rows.separator());
        List<String> header = rows.header();
        places = new int[encoding.columns().size()];
        List<String> lacking = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            ColumnEncoding column = encoding.columns().get(i);
            places[i] = header.indexOf(column.name());
            if (places[i] < 0) {
                lacking.add(column.name());
            }
            categories.add(
                    column instanceof ColumnEncoding.Category c ? positions(c.values()) : Map.of());
        }
        if (!lacking.isEmpty()) {
            throw new BadDataException(
                    rows.file().toString(),
                    1,
                    "line 1: lacks "
                            + (lacking.size() == 1 ? "the column " : "the columns ")
                            + Excerpt.listed(lacking)
                            + ", which "
                            + owner
                            + " learnt from; it has "
                            + Excerpt.listed(header));
        }
        targetPlace = header.indexOf(encoding.target());
        if (encoding.targets() instanceof TargetEncoding.Classes c) {
            classes.putAll(positions(c.names()));
        }
        Set<String> used =
                new HashSet<>(encoding.columns().stream().map(ColumnEncoding::name).toList());
        used.add(encoding.target());
        extra = header.stream().filter(name -> !used.contains(name)).toList();
    }

    private static Map<String, Integer> positions(List<String> names) {
        Map<String, Integer> map = new HashMap<>();
        names.forEach(name -> map.put(name, map.size()));
        return map;
    }

    /**
     * Opens a file.
     *
     * @param file the file
     * @param fitted what the network was trained on: a table
     * @param options form of the file; target, task and columns are those of {@code fitted}
     * @return its rows, before the first
     * @throws BadDataException if a column is missing or the file is no table
     * @throws io.dfc.api.error.StorageException if it cannot be read
     */
    public static EncodedRows open(Path file, FittedEncoding fitted, CsvOptions options) {
        CsvRows rows = CsvRows.open(file, options);
        try {
            return new EncodedRows(rows, fitted, options);
        } catch (RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    /** {@return the names of the columns that are left out} */
    public List<String> extraColumns() {
        return extra;
    }

    /**
     * Goes to the next row.
     *
     * @return whether there is one
     * @throws BadDataException if it is not as long as the header
     */
    public boolean next() {
        return rows.next();
    }

    /**
     * Encodes the current row.
     *
     * @param out receives the inputs
     * @param offset where they begin
     * @return whether all cells were there, or could be filled; otherwise the row is to be left out
     * @throws BadDataException if a cell has a value that the encoding does not have
     */
    public boolean inputs(double[] out, int offset) {
        gap = false;
        int at = offset;
        for (int i = 0; i < places.length; i++) {
            String cell = rows.cell(places[i]);
            switch (encoding.columns().get(i)) {
                case ColumnEncoding.Numeric c -> out[at++] = number(c, cell);
                case ColumnEncoding.Category c -> {
                    int value = value(c, categories.get(i), cell);
                    for (int v = 0; v < c.width(); v++) {
                        out[at++] = v == value ? 1 : 0;
                    }
                }
            }
        }
        return !gap;
    }

    private double number(ColumnEncoding.Numeric column, String cell) {
        if (CellText.isMissing(cell) || CellText.isNothing(cell)) {
            missing(column, cell, "a number");
            return column.encode(column.mean());
        }
        double encoded = column.encode(number(column.name(), cell));
        if (!Moments.isNear(encoded)) {
            throw CellText.bad(
                    rows.file(),
                    rows.line(),
                    column.name(),
                    cell,
                    "a number like those that " + owner + " learnt from",
                    ", which is " + Moments.FAR);
        }
        return encoded;
    }

    private double number(String column, String cell) {
        Double number = decimals.parse(cell);
        if (number == null || number.isInfinite()) {
            boolean finite = number == null && !CellText.isInfinite(cell);
            throw CellText.bad(
                    rows.file(),
                    rows.line(),
                    column,
                    cell,
                    finite ? "a number" : "a finite number",
                    finite ? hint(cell) : "");
        }
        return number;
    }

    private String hint(String cell) {
        String sign = FormattedNumber.of(cell);
        return sign.isEmpty()
                ? decimals.hint(cell)
                : ", which has " + sign + "; write numbers without it";
    }

    private int value(ColumnEncoding.Category column, Map<String, Integer> values, String cell) {
        if (CellText.isMissing(cell)) {
            missing(column, cell, "a text");
            return column.usual();
        }
        Integer value = values.get(cell);
        if (value == null && encoding.missing() == MissingPolicy.ERROR) {
            throw CellText.bad(
                    rows.file(),
                    rows.line(),
                    column.name(),
                    cell,
                    "one of "
                            + Excerpt.listed(column.values())
                            + ", which "
                            + owner
                            + " learnt from",
                    "; --missing mean takes it as a missing cell");
        }
        if (value == null) {
            gap = gap || encoding.missing() == MissingPolicy.DROP;
            return column.usual();
        }
        return value;
    }

    private void missing(ColumnEncoding column, String cell, String expected) {
        switch (encoding.missing()) {
            case ERROR ->
                    throw CellText.bad(
                            rows.file(),
                            rows.line(),
                            column.name(),
                            cell,
                            expected,
                            "; " + owner + " fills missing cells with --missing mean only");
            case DROP -> gap = true;
            case MEAN -> {}
        }
    }

    /**
     * The target of the current row.
     *
     * @return the position of its class, or its number, standardised; NaN if the cell is missing
     *     and such rows are left out
     * @throws BadDataException if there is none, or a class that the encoding does not have
     */
    double target() {
        if (targetPlace < 0) {
            throw new BadDataException(
                    rows.file().toString(),
                    1,
                    "line 1: lacks the target column '"
                            + encoding.target()
                            + "' of "
                            + owner
                            + "; it has "
                            + Excerpt.listed(rows.header()));
        }
        String cell = rows.cell(targetPlace);
        boolean number = encoding.targets() instanceof TargetEncoding.Scale;
        if (CellText.isMissing(cell)) {
            if (encoding.missing() == MissingPolicy.ERROR) {
                String expected = number ? "a number" : "the name of a class";
                throw CellText.bad(rows.file(), rows.line(), encoding.target(), cell, expected, "");
            }
            return Double.NaN;
        }
        if (encoding.targets() instanceof TargetEncoding.Scale scale) {
            return scale.encode(number(encoding.target(), cell));
        }
        Integer known = classes.get(cell);
        if (known == null) {
            TargetEncoding.Classes all = (TargetEncoding.Classes) encoding.targets();
            throw CellText.bad(
                    rows.file(),
                    rows.line(),
                    encoding.target(),
                    cell,
                    "one of the classes " + Excerpt.listed(all.names()) + " of " + owner,
                    "");
        }
        return known;
    }

    /** {@return the line of the current row} */
    public long line() {
        return rows.line();
    }

    /** {@return the file} */
    public Path file() {
        return rows.file();
    }

    @Override
    public void close() {
        rows.close();
    }
}
