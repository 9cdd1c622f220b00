package io.dfc.algorithms.data.csv;

import io.dfc.algorithms.files.Excerpt;
import io.dfc.api.error.BadDataException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** The classes of the rows of a table that are used. */
final class ClassNames {
    private static final int FEWEST_ROWS = 3;

    private final CsvTable table;
    private final int[] used;
    private final List<String> names;

    /**
     * Finds the classes.
     *
     * @param used the rows that are used
     * @param asText whether numbers are names too
     * @throws BadDataException if they are fewer than two, or two of them are the same number
     */
    ClassNames(CsvTable table, int[] used, boolean asText) {
        this.table = table;
        this.used = used.clone();
        List<String> texts = table.target().texts();
        TreeSet<String> found = new TreeSet<>();
        for (int row : used) {
            found.add(texts.get(table.target().code(row)));
        }
        names = new ArrayList<>(found);
        if (names.stream().allMatch(text -> text.matches("[+-]?\\d{1,18}"))) {
            names.sort(Comparator.comparingLong(Long::parseLong));
        }
        if (names.size() < 2) {
            throw bad(
                    "expected at least 2 classes in the target column '"
                            + table.target().name()
                            + "', found only '"
                            + Excerpt.of(String.join("", names))
                            + "'"
                            + (used.length < table.rows()
                                    ? " in the " + used.length + " rows that have no missing cells"
                                    : ""));
        }
        if (!asText) {
            requireDifferentNumbers();
        }
    }

    private void requireDifferentNumbers() {
        Map<Double, String> numbers = new HashMap<>();
        Decimals decimals = Decimals.ofCell(java.util.Optional.of('.'), ';');
        for (String name : names) {
            Double number = decimals.parse(name);
            String other = number == null ? null : numbers.putIfAbsent(number, name);
            if (other != null) {
                throw bad(
                        "the classes '"
                                + other
                                + "' and '"
                                + name
                                + "' of the target column '"
                                + table.target().name()
                                + "' are the same number; write it in one way, or keep both as names with --text "
                                + ColumnList.shellWord(table.target().name()));
            }
        }
    }

    private BadDataException bad(String problem) {
        return new BadDataException(table.file().toString(), problem);
    }

    /** Their names: by value if all are whole numbers, otherwise as text. */
    List<String> names() {
        return List.copyOf(names);
    }

    /** The position of the class of each row that is used. */
    double[] targets() {
        Map<String, Integer> positions = new HashMap<>();
        names.forEach(name -> positions.put(name, positions.size()));
        List<String> texts = table.target().texts();
        return Arrays.stream(used)
                .mapToDouble(row -> positions.get(texts.get(table.target().code(row))))
                .toArray();
    }

    /** What the user may not expect, one sentence each. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        int[] sizes = new int[names.size()];
        for (double target : targets()) {
            sizes[(int) target]++;
        }
        List<String> rare = new ArrayList<>();
        Map<String, String> spellings = new HashMap<>();
        for (int i = 0; i < sizes.length; i++) {
            String name = names.get(i);
            if (sizes[i] < FEWEST_ROWS) {
                rare.add(name);
            }
            String other = spellings.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            if (other != null) {
                notes.add(
                        "the classes "
                                + Excerpt.listed(List.of(other, name))
                                + " differ in the case of letters alone, and are taken as two");
            }
        }
        if (!rare.isEmpty()) {
            notes.add(
                    "classes with fewer than "
                            + FEWEST_ROWS
                            + " rows are learnt and may not be tested: "
                            + Excerpt.listed(rare));
        }
        return notes;
    }
}
