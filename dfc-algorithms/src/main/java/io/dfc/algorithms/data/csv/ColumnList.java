package io.dfc.algorithms.data.csv;

import io.dfc.algorithms.files.ShellWord;
import io.dfc.api.error.BadConfigurationException;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Names of columns in one word, written like a row of CSV: commas between them, and a name that
 * holds a comma in double quotes.
 */
public final class ColumnList {
    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setIgnoreSurroundingSpaces(true).get();

    private ColumnList() {}

    /**
     * Reads names.
     *
     * @param key setting or option, for the message
     * @param text the names, at least one
     * @return the names, without blanks around them
     * @throws BadConfigurationException if quotes are not closed, or something follows them
     */
    public static List<String> parse(String key, String text) {
        if (text.indexOf('"') < 0) {
            return List.of(text.split(",", -1)).stream().map(String::strip).toList();
        }
        List<String> names = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(text, FORMAT)) {
            parser.forEach(row -> row.forEach(name -> names.add(name.strip())));
        } catch (IOException | UncheckedIOException _) {
            throw new BadConfigurationException(
                    key,
                    "the quotes in "
                            + text
                            + " do not enclose whole names; write names with commas between them, and \"a,b\" for one that"
                            + " holds a comma");
        }
        return names;
    }

    /**
     * Names as a word of a command that a message suggests.
     *
     * @param names the names
     * @return a word that a shell takes as it is and {@link #parse} reads again
     */
    static String shellWord(List<String> names) {
        return ShellWord.of(
                names.stream()
                        .map(
                                name ->
                                        name.contains(",") || name.contains("\"")
                                                ? "\"" + name.replace("\"", "\"\"") + "\""
                                                : name)
                        .collect(Collectors.joining(",")));
    }

    /**
     * A name as a word of a command that a message suggests.
     *
     * @param name the name
     * @return a word that a shell takes as it is and {@link #parse} reads again
     */
    static String shellWord(String name) {
        return shellWord(List.of(name));
    }
}
