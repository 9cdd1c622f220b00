package io.dfc.algorithms.config;

import java.util.List;
import java.util.Optional;

/**
 * How tables in CSV files are read.
 *
 * @param task what the target column holds: {@code classification}, {@code regression}, or {@code
 *     auto} for what it plainly holds
 * @param separator what stands between cells: one character or {@code tab}; absent: it is found
 * @param decimal decimal mark, {@code .} or {@code ,}; absent: it is found
 * @param encoding character encoding, such as {@code latin1}; absent: UTF-8, or UTF-16 where the
 *     first bytes say so
 * @param missing what becomes of missing cells: {@code error}, {@code drop} their row or {@code
 *     mean}
 * @param drop columns to leave out
 * @param text columns to take as text though they hold numbers
 */
public record TableSection(
        String task,
        Optional<String> separator,
        Optional<String> decimal,
        Optional<String> encoding,
        String missing,
        List<String> drop,
        List<String> text) {}
