package io.dfc.algorithms.data.csv;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One column of a table while it is read: its numbers, and its texts as long as there are few
 * different ones.
 */
final class CsvColumn {
    private static final int FIRST = 64;

    private final String name;
    private final int mostTexts;
    private double[] numbers = new double[FIRST];
    private int[] codes = new int[FIRST];
    private @Nullable Map<String, Integer> texts = new LinkedHashMap<>();
    private int rows;
    private int numeric;
    private int missing;
    private @Nullable Cell firstMissing;
    private @Nullable Cell firstText;
    private int nothings;
    private @Nullable Cell firstNothing;
    private int disguised;
    private @Nullable Cell firstDisguised;

    /** A cell and its line. */
    record Cell(String text, long line) {}

    /**
     * Starts a column.
     *
     * @param mostTexts number of different texts above which all texts are dropped
     */
    CsvColumn(String name, int mostTexts) {
        this.name = name;
        this.mostTexts = mostTexts;
    }

    /** Adds a cell, without surrounding blanks. */
    void add(String cell, long line, Decimals decimals, Path file) {
        if (rows == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * rows);
            codes = texts == null ? codes : Arrays.copyOf(codes, 2 * rows);
        }
        numbers[rows] = Double.NaN;
        if (CellText.isMissing(cell)) {
            missing++;
            firstMissing = firstMissing == null ? new Cell(cell, line) : firstMissing;
            setCode(-1);
        } else {
            Double number = decimals.parse(cell);
            if (CellText.isInfinite(cell) || (number != null && number.isInfinite())) {
                throw CellText.bad(file, line, name, cell, "a finite number", "");
            }
            if (number == null) {
                addOther(new Cell(cell, line));
            } else {
                numbers[rows] = number;
                numeric++;
            }
            addText(cell);
        }
        rows++;
    }

    private void addOther(Cell cell) {
        firstText = firstText == null ? cell : firstText;
        if (CellText.isNothing(cell.text())) {
            nothings++;
            firstNothing = firstNothing == null ? cell : firstNothing;
        } else if (!FormattedNumber.of(cell.text()).isEmpty()) {
            disguised++;
            firstDisguised = firstDisguised == null ? cell : firstDisguised;
        }
    }

    /**
     * All rows are there: in a column of numbers, words such as {@code none} and {@code -} are
     * missing cells.
     */
    void takeNothingsAsMissing() {
        if (numeric == 0 || nothings == 0 || numeric + nothings < present()) {
            return;
        }
        if (texts != null) {
            for (int row = 0; row < rows; row++) {
                codes[row] = Double.isNaN(numbers[row]) ? -1 : codes[row];
            }
        }
        if (firstNothing != null
                && (firstMissing == null || firstNothing.line() < firstMissing.line())) {
            firstMissing = firstNothing;
        }
        missing += nothings;
    }

    private void addText(String cell) {
        if (texts != null) {
            int next = texts.size();
            Integer known = texts.putIfAbsent(cell, next);
            setCode(known == null ? next : known);
            if (texts.size() > mostTexts) {
                texts = null;
                codes = new int[0];
            }
        }
    }

    private void setCode(int code) {
        if (texts != null) {
            codes[rows] = code;
        }
    }

    String name() {
        return name;
    }

    /** Number of cells that are not missing. */
    int present() {
        return rows - missing;
    }

    int missing() {
        return missing;
    }

    boolean isMissing(int row) {
        return texts == null ? Double.isNaN(numbers[row]) : codes[row] < 0;
    }

    /** The first missing cell; null if there is none. */
    @Nullable Cell firstMissing() {
        return firstMissing;
    }

    /** The first cell that is neither missing nor a number; null if there is none. */
    @Nullable Cell firstText() {
        return firstText;
    }

    /**
     * The first number that is not written plainly, if most cells that are there are numbers, plain
     * or not; null if not.
     */
    @Nullable Cell disguised() {
        return 2L * (numeric + disguised) >= present() ? firstDisguised : null;
    }

    boolean allNumbers() {
        return numeric == present();
    }

    /** Whether most cells are numbers, so that the others look like mistakes. */
    boolean mostlyNumbers() {
        return 2L * numeric >= present();
    }

    boolean hasFewTexts() {
        return texts != null;
    }

    /** The different texts, in the order of the file; only if there are few. */
    List<String> texts() {
        return new ArrayList<>(Objects.requireNonNull(texts).keySet());
    }

    /** Position of a cell's text in {@link #texts()}; -1 if it is missing. */
    int code(int row) {
        return codes[row];
    }

    /** The number in a cell; NaN if it is missing or none. */
    double number(int row) {
        return numbers[row];
    }
}
