package io.dfc.algorithms.data.csv;

import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.data.sampling.Moments;
import io.dfc.algorithms.files.Excerpt;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides how the columns of a table become numbers: which are text, what is learnt, which rows are
 * left out.
 */
final class TableFit {
    /** Most values of a text column that become inputs. */
    static final int MAX_CATEGORIES = 50;

    /** Most different whole numbers that are taken as classes without being told. */
    private static final int MAX_NUMBER_CLASSES = 20;

    private final CsvTable table;
    private final CsvOptions options;
    private final CsvTask task;

    /**
     * Fits the encoding of a table.
     *
     * @throws BadConfigurationException if only the user can say what the target is
     * @throws BadDataException if a column holds nothing that can be learnt from
     */
    TableFit(CsvTable table, CsvOptions options) {
        this.table = table;
        this.options = options;
        requireUsable();
        task = options.task() == CsvTask.AUTO ? plainTask() : options.task();
        requireNothingMissing();
        requireTarget();
    }

    CsvTask task() {
        return task;
    }

    private void requireUsable() {
        List<String> wide = new ArrayList<>();
        boolean dates = false;
        for (CsvColumn column : table.others()) {
            if (column.present() == 0) {
                throw new BadDataException(
                        table.file().toString(),
                        "the column '"
                                + column.name()
                                + "' is empty; leave it out with --drop "
                                + ColumnList.shellWord(column.name()));
            }
            if (!isText(column)) {
                continue;
            }
            requirePlain(column);
            boolean asked = options.text().contains(column.name());
            CsvColumn.Cell cell = column.firstText();
            String hint =
                    asked || cell == null
                            ? ""
                            : Decimals.ofCell(options.decimal(), ',').hint(cell.text());
            if (!asked && cell != null && (column.mostlyNumbers() || !hint.isEmpty())) {
                throw CellText.bad(
                        table.file(), cell.line(), column.name(), cell.text(), "a number", hint);
            }
            if (!column.hasFewTexts() || column.texts().size() > MAX_CATEGORIES) {
                wide.add(column.name());
                dates |= cell != null && FormattedNumber.isDate(cell.text());
            }
        }
        if (!wide.isEmpty()) {
            throw new BadDataException(
                    table.file().toString(),
                    (wide.size() == 1 ? "the text column " : "the text columns ")
                            + Excerpt.listed(wide)
                            + (wide.size() == 1 ? " has" : " have")
                            + " more than "
                            + MAX_CATEGORIES
                            + " different values, the most that become inputs; leave "
                            + (wide.size() == 1 ? "it" : "them")
                            + " out with --drop "
                            + ColumnList.shellWord(wide)
                            + (dates
                                    ? "; dates and times become numbers by other programs only, such as days or years"
                                    : ""));
        }
    }

    /** Numbers with signs are named, because as text each would become an input of its own. */
    private void requirePlain(CsvColumn column) {
        CsvColumn.Cell cell = options.text().contains(column.name()) ? null : column.disguised();
        if (cell == null) {
            return;
        }
        throw CellText.bad(
                table.file(),
                cell.line(),
                column.name(),
                cell.text(),
                "a plain number",
                ", which has "
                        + FormattedNumber.of(cell.text())
                        + "; write numbers without it, or take the column as text with --text "
                        + ColumnList.shellWord(column.name())
                        + (column == table.target()
                                ? ""
                                : " or leave it out with --drop "
                                        + ColumnList.shellWord(column.name())));
    }

    private boolean isText(CsvColumn column) {
        return !column.allNumbers() || options.text().contains(column.name());
    }

    private CsvTask plainTask() {
        CsvColumn target = table.target();
        if (!target.allNumbers()) {
            requirePlain(target);
            return CsvTask.CLASSIFICATION;
        }
        boolean few = target.hasFewTexts() && target.texts().size() <= MAX_NUMBER_CLASSES;
        if (few && wholeNumbers(target)) {
            return CsvTask.CLASSIFICATION;
        }
        throw new BadConfigurationException(
                "table.task",
                "the target '"
                        + target.name()
                        + "' of "
                        + table.file()
                        + " holds "
                        + (target.hasFewTexts()
                                ? Integer.toString(target.texts().size())
                                : "more than " + CsvTable.MAX_CLASSES)
                        + " different numbers; say --task regression to predict a number, or --task classification to take"
                        + " each of them as a class");
    }

    private boolean wholeNumbers(CsvColumn column) {
        for (int row = 0; row < table.rows(); row++) {
            double value = column.number(row);
            if (!Double.isNaN(value) && value != Math.rint(value)) {
                return false;
            }
        }
        return true;
    }

    private void requireTarget() {
        CsvColumn target = table.target();
        if (task == CsvTask.REGRESSION) {
            if (!target.allNumbers()) {
                requirePlain(target);
                CsvColumn.Cell cell = Objects.requireNonNull(target.firstText());
                throw CellText.bad(
                        table.file(), cell.line(), target.name(), cell.text(), "a number", "");
            }
            return;
        }
        int classes = target.hasFewTexts() ? target.texts().size() : Integer.MAX_VALUE;
        boolean guessed = options.task() == CsvTask.AUTO;
        if (!target.hasFewTexts() || (guessed && classes > 2 && 2L * classes > target.present())) {
            throw new BadDataException(
                    table.file().toString(),
                    "the target column '"
                            + target.name()
                            + "' has "
                            + (classes == Integer.MAX_VALUE
                                    ? "more than " + CsvTable.MAX_CLASSES
                                    : Integer.toString(classes))
                            + " classes in "
                            + target.present()
                            + " rows; expected a few rows of each class, or numbers with --task regression");
        }
    }

    private static CsvColumn.Cell firstMissing(CsvColumn gappy) {
        return Objects.requireNonNull(gappy.firstMissing());
    }

    private void requireNothingMissing() {
        if (options.missing() != MissingPolicy.ERROR) {
            return;
        }
        List<CsvColumn> all = new ArrayList<>(table.others());
        all.add(table.target());
        List<CsvColumn> gappy = all.stream().filter(c -> c.missing() > 0).toList();
        if (gappy.isEmpty()) {
            return;
        }
        CsvColumn first =
                gappy.stream()
                        .min(Comparator.comparingLong(c -> firstMissing(c).line()))
                        .orElseThrow();
        long cells = gappy.stream().mapToLong(CsvColumn::missing).sum();
        String expected =
                first != table.target()
                        ? isText(first) ? "a text" : "a number"
                        : task == CsvTask.REGRESSION ? "a number" : "the name of a class";
        throw CellText.bad(
                table.file(),
                firstMissing(first).line(),
                first.name(),
                firstMissing(first).text(),
                expected,
                "; "
                        + (cells == 1 ? "1 cell is" : cells + " cells are")
                        + " missing: leave such rows out with --missing drop"
                        + (gappy.equals(List.of(table.target()))
                                ? ""
                                : ", or fill them with --missing mean"));
    }

    /** The rows that are used, in the order of the file. */
    int[] usedRows() {
        boolean whole = options.missing() == MissingPolicy.DROP;
        int[] used = new int[table.rows()];
        int count = 0;
        for (int row = 0; row < used.length; row++) {
            boolean gap = table.target().isMissing(row);
            if (whole) {
                int at = row;
                gap = gap || table.others().stream().anyMatch(c -> c.isMissing(at));
            }
            if (!gap) {
                used[count++] = row;
            }
        }
        return Arrays.copyOf(used, count);
    }

    /**
     * The classes.
     *
     * @param used the rows that are used
     */
    ClassNames classes(int[] used) {
        return new ClassNames(table, used, options.text().contains(table.target().name()));
    }

    /** Columns that hold the same in all training rows. */
    List<String> constant(List<ColumnEncoding> columns, int[] train) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            CsvColumn column = table.others().get(i);
            boolean alike =
                    switch (columns.get(i)) {
                        case ColumnEncoding.Numeric _ ->
                                Moments.of(train, column::number).deviation() == 0;
                        case ColumnEncoding.Category c -> c.values().size() == 1;
                    };
            if (alike) {
                names.add(column.name());
            }
        }
        return names;
    }

    /**
     * How a column becomes inputs.
     *
     * @param train the training rows
     */
    ColumnEncoding encoding(CsvColumn column, int[] train) {
        return isText(column) ? category(column, train) : number(column, train);
    }

    private static ColumnEncoding category(CsvColumn column, int[] train) {
        List<String> texts = column.texts();
        int[] counts = new int[texts.size()];
        for (int row : train) {
            if (column.code(row) >= 0) {
                counts[column.code(row)]++;
            }
        }
        int usual = 0;
        for (int i = 0; i < counts.length; i++) {
            usual = counts[i] > counts[usual] ? i : usual;
        }
        List<String> values = new ArrayList<>(new TreeSet<>(texts));
        return new ColumnEncoding.Category(column.name(), values, values.indexOf(texts.get(usual)));
    }

    private ColumnEncoding number(CsvColumn column, int[] train) {
        Moments m = Moments.of(train, column::number);
        if (!Double.isFinite(m.deviation())) {
            throw tooFarApart(column);
        }
        return new ColumnEncoding.Numeric(column.name(), m.mean(), m.divisor());
    }

    /**
     * How numbers of the target column become targets.
     *
     * @param train the training rows
     */
    TargetEncoding.Scale scale(int[] train) {
        Moments m = Moments.of(train, table.target()::number);
        double square = m.deviation() * m.deviation();
        if (!Double.isFinite(square)) {
            throw tooFarApart(table.target());
        }
        if (square == 0) {
            throw new BadDataException(
                    table.file().toString(),
                    "the target column '"
                            + table.target().name()
                            + (m.deviation() == 0
                                    ? "' holds the same number in all training rows, so there is nothing to learn"
                                    : "' holds numbers whose squares are too small for float64; give them in another unit"));
        }
        return new TargetEncoding.Scale(m.mean(), m.divisor());
    }

    private BadDataException tooFarApart(CsvColumn column) {
        return new BadDataException(
                table.file().toString(),
                "column '"
                        + column.name()
                        + "': numbers too far apart to standardise in float64; give them in another unit or as logarithms"
                        + (column == table.target()
                                ? ""
                                : ", or leave the column out with --drop "
                                        + ColumnList.shellWord(column.name())));
    }

    /** What was done that the user may not expect, one sentence each. */
    List<String> notes(int used) {
        List<String> notes = new ArrayList<>();
        if (table.nameless() > 0) {
            notes.add(
                    table.nameless() == 1
                            ? "one column has no name and is left out"
                            : table.nameless() + " columns have no name and are left out");
        }
        if (used < table.rows()) {
            notes.add(
                    table.rows()
                            - used
                            + " of "
                            + table.rows()
                            + " rows have missing cells and are left out");
        }
        Set<String> filled = new HashSet<>();
        for (CsvColumn column : table.others()) {
            if (options.missing() == MissingPolicy.MEAN && column.missing() > 0) {
                filled.add(column.name());
            }
        }
        if (!filled.isEmpty()) {
            notes.add(
                    "missing cells take the mean, in columns of text the most frequent value: "
                            + Excerpt.listed(filled.stream().sorted().toList()));
        }
        List<String> texts =
                table.others().stream().filter(this::isText).map(CsvColumn::name).toList();
        if (!texts.isEmpty()) {
            notes.add("text with one input for each value: " + Excerpt.listed(texts));
        }
        return notes;
    }
}
