package io.dfc.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two columns of text, aligned. */
public final class Table {
    private Table() {}

    /**
     * Lays out pairs, one to a line.
     *
     * @param pairs keys and values, in order
     * @return the text, each line ended
     */
    public static String pairs(Map<String, String> pairs) {
        int width = pairs.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder out = new StringBuilder();
        pairs.forEach(
                (key, value) ->
                        out.append(key)
                                .repeat(' ', width - key.length() + 2)
                                .append(value)
                                .append('\n'));
        return out.toString();
    }

    /**
     * Lays out rows; every column is as wide as its widest cell.
     *
     * @param rows rows of equal length, the head first
     * @return the text, each line ended
     */
    public static String rows(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        List<Integer> widths = new ArrayList<>();
        for (int c = 0; c < columns; c++) {
            int column = c;
            widths.add(rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0));
        }
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                line.append(row.get(c)).repeat(' ', widths.get(c) - row.get(c).length() + 2);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
