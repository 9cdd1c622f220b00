package io.dfc.algorithms.data.csv;

import io.dfc.algorithms.data.MissingPolicy;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;

/**
 * How to read a CSV file.
 *
 * @param target name of the target column; without it a file cannot be learnt from
 * @param task what the target column holds
 * @param separator what stands between cells; absent: comma, semicolon, tab or bar, whichever fits
 * @param decimal decimal mark, a point or a comma; absent: that of the first number that has one
 * @param charset character encoding; absent: UTF-8, or UTF-16 where the first bytes say so
 * @param missing what becomes of missing cells
 * @param drop columns to leave out
 * @param text columns to take as text though they hold numbers
 */
public record CsvOptions(
        Optional<String> target,
        CsvTask task,
        Optional<Character> separator,
        Optional<Character> decimal,
        Optional<Charset> charset,
        MissingPolicy missing,
        List<String> drop,
        List<String> text) {
    /** No target column; everything else is found. */
    public static final CsvOptions DEFAULT = new CsvOptions(Optional.empty(), CsvTask.AUTO);

    /** Keeps copies. */
    public CsvOptions {
        drop = List.copyOf(drop);
        text = List.copyOf(text);
    }

    /**
     * Options with the target and its task; the form of the file is recognised.
     *
     * @param target name of the target column
     * @param task what it holds
     */
    public CsvOptions(Optional<String> target, CsvTask task) {
        this(
                target,
                task,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                MissingPolicy.ERROR,
                List.of(),
                List.of());
    }

    /**
     * Chooses what becomes of missing cells.
     *
     * @param policy the policy
     * @return changed options
     */
    public CsvOptions withMissing(MissingPolicy policy) {
        return new CsvOptions(target, task, separator, decimal, charset, policy, drop, text);
    }

    /**
     * Names the form of the file.
     *
     * @param mark what stands between cells
     * @param point decimal mark
     * @param encoding character encoding
     * @return changed options
     */
    public CsvOptions withForm(
            Optional<Character> mark, Optional<Character> point, Optional<Charset> encoding) {
        return new CsvOptions(target, task, mark, point, encoding, missing, drop, text);
    }

    /**
     * Names columns that are treated in another way.
     *
     * @param without columns to leave out
     * @param asText columns to take as text though they hold numbers
     * @return changed options
     */
    public CsvOptions withColumns(List<String> without, List<String> asText) {
        return new CsvOptions(target, task, separator, decimal, charset, missing, without, asText);
    }
}
