package io.dfc.algorithms.data.csv;

import io.dfc.algorithms.files.Excerpt;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cells of a CSV file that are used, by column: the target and everything else that has a name
 * and is not dropped.
 *
 * @param file the file
 * @param target the target column
 * @param others the other columns, in the order of the file
 * @param rows number of rows of data
 * @param nameless number of columns without a name, which are left out
 */
record CsvTable(Path file, CsvColumn target, List<CsvColumn> others, int rows, int nameless) {
    /**
     * Most different texts of a column that can become inputs, for one message to tell how many.
     */
    static final int MAX_TEXTS = 200;

    /** Most different texts of a target column. */
    static final int MAX_CLASSES = 10_000;

    /** Most numbers of a table in memory: 1 GiB of float64. */
    static final int MAX_NUMBERS = 1 << 27;

    /**
     * Reads a file.
     *
     * @throws BadConfigurationException if the target is not named, or a named column is not there
     * @throws BadDataException if the file is not such a table, with the line at fault
     * @throws StorageException if it cannot be read
     */
    static CsvTable read(Path file, CsvOptions options) {
        try (CsvRows rows = CsvRows.open(file, options)) {
            List<String> header = rows.header();
            String target = target(rows, options);
            requireColumns(rows, options.drop(), "table.drop");
            requireColumns(rows, options.text(), "table.text");
            CsvColumn[] columns = new CsvColumn[header.size()];
            List<CsvColumn> others = new ArrayList<>();
            int nameless = 0;
            for (int i = 0; i < columns.length; i++) {
                String name = header.get(i);
                if (name.equals(target)) {
                    columns[i] = new CsvColumn(name, MAX_CLASSES);
                } else if (name.isEmpty()) {
                    nameless++;
                } else if (!options.drop().contains(name)) {
                    columns[i] = new CsvColumn(name, MAX_TEXTS);
                    others.add(columns[i]);
                }
            }
            if (others.isEmpty()) {
                throw new BadDataException(
                        file.toString(),
                        1,
                        "line 1: expected columns besides the target '" + target + "'");
            }
            int count = fill(rows, columns, Decimals.ofFile(file, options, rows.separator()));
            others.stream()
                    .filter(c -> !options.text().contains(c.name()))
                    .forEach(CsvColumn::takeNothingsAsMissing);
            CsvColumn targets = columns[header.indexOf(target)];
            return new CsvTable(file, targets, List.copyOf(others), count, nameless);
        }
    }

    private static int fill(CsvRows rows, CsvColumn[] columns, Decimals decimals) {
        long most = MAX_NUMBERS / columns.length;
        int count = 0;
        while (rows.next()) {
            if (count == most) {
                throw new BadDataException(
                        rows.file().toString(),
                        rows.line(),
                        "line "
                                + rows.line()
                                + ": more than "
                                + MAX_NUMBERS
                                + " cells, the most that is read");
            }
            for (int i = 0; i < columns.length; i++) {
                if (columns[i] != null) {
                    columns[i].add(rows.cell(i), rows.line(), decimals, rows.file());
                }
            }
            count++;
        }
        if (count == 0) {
            throw new BadDataException(
                    rows.file().toString(),
                    "expected a header row and at least one row of data, found no data");
        }
        return count;
    }

    private static String target(CsvRows rows, CsvOptions options) {
        Optional<String> named = options.target();
        if (named.isEmpty()) {
            throw new BadConfigurationException(
                    "target-column",
                    "name the column of "
                            + rows.file()
                            + " that is to be learnt, with --target; its columns are "
                            + Excerpt.listed(rows.header()));
        }
        String name = named.get().strip();
        if (!rows.header().contains(name) || name.isEmpty()) {
            throw new BadDataException(
                    rows.file().toString(),
                    1,
                    "line 1: no target column '"
                            + name
                            + "'; the columns are "
                            + Excerpt.listed(rows.header())
                            + rows.hintAtHeader(name));
        }
        if (options.drop().contains(name)) {
            throw new BadConfigurationException(
                    "table.drop", "'" + name + "' is the target column and cannot be left out");
        }
        return name;
    }

    private static void requireColumns(CsvRows rows, List<String> names, String key) {
        for (String name : names) {
            if (!rows.header().contains(name)) {
                throw new BadConfigurationException(
                        key,
                        "no column '"
                                + name
                                + "' in "
                                + rows.file()
                                + "; the columns are "
                                + Excerpt.listed(rows.header())
                                + commaHint(rows.header(), name));
            }
        }
    }

    /** A name that was taken apart at its comma. */
    private static String commaHint(List<String> header, String part) {
        return header.stream()
                .filter(
                        n ->
                                !part.isEmpty()
                                        && ColumnList.parse("", n.replace("\"", "")).contains(part))
                .findFirst()
                .map(n -> "; for '" + n + "' write " + ColumnList.shellWord(n))
                .orElse("");
    }
}
