package io.dfc.algorithms.data.csv;

import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the separator of the cells of a table: the candidate that makes rows as long as the header,
 * and long ones; one that makes a header with the target column goes before.
 */
final class CsvSeparator {
    private static final char[] CANDIDATES = {',', ';', '\t', '|'};
    private static final int SAMPLE = 1 << 14;
    private static final int MOST_ROWS = 50;

    /** Excel's own way to name the separator: a first line such as {@code sep=;}. */
    private static final String NAMED = "sep=";

    private CsvSeparator() {}

    /**
     * The separator and header that the start of a text shows.
     *
     * @param separator what stands between cells
     * @param header names of the columns
     * @param announced whether the first line names the separator and is no row
     */
    record Found(char separator, List<String> header, boolean announced) {}

    /** Looks at the start of a text. */
    static Found find(TextFile text, CsvOptions options) throws IOException {
        String sample = text.sample(SAMPLE);
        String first = sample.lines().findFirst().orElse("");
        int at = first.indexOf(NAMED);
        boolean announced =
                at >= 0
                        && at <= 1
                        && first.length() == at + NAMED.length() + 1
                        // No table can have that one.
                        && !first.endsWith("\"");
        String rows = announced ? sample.substring(first.length()).stripLeading() : sample;
        char separator =
                options.separator()
                        .orElseGet(
                                () ->
                                        announced
                                                ? first.charAt(first.length() - 1)
                                                : best(rows, options));
        return new Found(separator, rows(rows, separator, 1).getFirst(), announced);
    }

    private static char best(String sample, CsvOptions options) {
        char best = CANDIDATES[0];
        int most = 0;
        for (char candidate : CANDIDATES) {
            int score = score(sample, candidate, options);
            if (score > most) {
                most = score;
                best = candidate;
            }
        }
        return best;
    }

    private static int score(String sample, char separator, CsvOptions options) {
        List<List<String>> rows = rows(sample, separator, MOST_ROWS);
        List<String> header = rows.getFirst();
        long alike = rows.stream().filter(row -> row.size() == header.size()).count();
        if (header.size() < 2) {
            return 0;
        }
        int weight = SAMPLE;
        return header.size()
                + (2 * alike > rows.size() ? weight : 0)
                + (options.target().filter(header::contains).isPresent() ? 2 * weight : 0);
    }

    /**
     * The first rows, the first of which is the header; a header without names if there is none.
     */
    private static List<List<String>> rows(String sample, char separator, int most) {
        List<List<String>> rows = new ArrayList<>();
        try (CSVParser parser =
                CSVParser.builder()
                        .setReader(new StringReader(sample))
                        .setFormat(CsvRows.format(separator))
                        .get()) {
            for (CSVRecord row : parser) {
                rows.add(row.stream().map(String::strip).toList());
                if (rows.size() == most) {
                    break;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // The sample may end within quotes; the rows before count.
        }
        return rows.isEmpty() ? List.of(List.of()) : rows;
    }
}
