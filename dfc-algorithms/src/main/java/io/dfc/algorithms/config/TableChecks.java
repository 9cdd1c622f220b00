package io.dfc.algorithms.config;

import io.dfc.api.error.BadConfigurationException;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;

/** Checks how tables are to be read. */
final class TableChecks {
    private TableChecks() {}

    static void check(TableSection t, LossChoice loss) {
        oneOf("table.task", t.task(), List.of("auto", "classification", "regression"));
        oneOf("table.missing", t.missing(), List.of("error", "drop", "mean"));
        t.decimal().ifPresent(d -> oneOf("table.decimal", d, List.of(".", ",")));
        t.separator().ifPresent(TableChecks::checkSeparator);
        t.encoding().ifPresent(TableChecks::checkEncoding);
        if (t.task().equals("regression") && loss == LossChoice.CROSS_ENTROPY
                || t.task().equals("classification") && loss == LossChoice.MSE) {
            throw new BadConfigurationException(
                    "table.task", t.task() + " does not go with loss " + loss + "; use loss auto");
        }
    }

    private static void checkSeparator(String separator) {
        if (!separator.equals("tab") && (separator.length() != 1 || "\"\r\n".contains(separator))) {
            throw new BadConfigurationException(
                    "table.separator", "must be one character or tab, got \"" + separator + "\"");
        }
    }

    private static void checkEncoding(String name) {
        try {
            Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new BadConfigurationException(
                    "table.encoding",
                    "unknown character encoding \""
                            + name
                            + "\"; expected one such as utf-8, utf-16, latin1 or windows-1252");
        }
    }

    private static void oneOf(String key, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw new BadConfigurationException(
                    key, "unknown value \"" + value + "\"; allowed: " + String.join(", ", allowed));
        }
    }
}
