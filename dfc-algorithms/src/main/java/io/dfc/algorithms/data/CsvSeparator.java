package io.dfc.algorithms.data;

import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what stands between the cells of a table: the candidate that makes rows as long as the
 * header, and long ones; one that makes a header with the target column goes before.
 */
final class CsvSeparator {
    private static final char[] CANDIDATES = {',', ';', '\t', '|'};
    private static final int SAMPLE = 1 << 14;
    private static final int MOST_ROWS = 50;

    /** Excel's own way to name the separator: a first line such as {@code sep=;}. */
    private static final String NAMED = "sep=";

    private CsvSeparator() {}

    /** Looks at the start of a text, which then begins at its header. */
    static char find(BufferedReader text, CsvOptions options) throws IOException {
        text.mark(SAMPLE + 1);
        char[] chars = new char[SAMPLE];
        int length = 0;
        for (int read;
                length < SAMPLE && (read = text.read(chars, length, SAMPLE - length)) > 0; ) {
            length += read;
        }
        text.reset();
        String sample = new String(chars, 0, length);
        String first = sample.lines().findFirst().orElse("");
        int at = first.indexOf(NAMED);
        if (at >= 0 && at <= 1 && first.length() == at + NAMED.length() + 1) {
            text.readLine();
            return options.separator().orElse(first.charAt(first.length() - 1));
        }
        return options.separator().orElseGet(() -> best(sample, options));
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
        List<String> header = new ArrayList<>();
        int rows = 0;
        int alike = 0;
        try (CSVParser parser =
                CSVParser.builder()
                        .setReader(new StringReader(sample))
                        .setFormat(CsvRows.format(separator))
                        .get()) {
            for (CSVRecord row : parser) {
                if (header.isEmpty()) {
                    row.forEach(cell -> header.add(cell.strip()));
                } else if (rows < MOST_ROWS) {
                    rows++;
                    alike += row.size() == header.size() ? 1 : 0;
                } else {
                    break;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // The sample may end within quotes; the rows before count.
        }
        if (header.size() < 2) {
            return 0;
        }
        int weight = SAMPLE;
        return header.size()
                + (2 * alike >= rows ? weight : 0)
                + (options.target().filter(header::contains).isPresent() ? 2 * weight : 0);
    }
}
