package io.dfc.bench.cli.option;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.csv.ColumnList;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Options for tables in CSV files. */
public final class TableOptions {
    @Option(names = "--target", paramLabel = "COLUMN", description = "Target column of a CSV file.")
    private Optional<String> target;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description =
                    "What the target column holds: classification (names of classes) or regression (numbers).")
    private Optional<String> task;

    @Option(
            names = "--missing",
            paramLabel = "POLICY",
            description =
                    "Missing cells (empty, ?, NA, NaN): error, drop their row, or mean of their column.")
    private Optional<String> missing;

    @Option(
            names = "--drop",
            paramLabel = "COLUMN,...",
            description =
                    "Columns of a CSV file to leave out; repeatable. A name with a comma: '\"a,b\"'.")
    private List<String> drop = List.of();

    @Option(
            names = "--text",
            paramLabel = "COLUMN,...",
            description =
                    "Columns to take as text though they hold numbers, named likewise: one input for each value.")
    private List<String> text = List.of();

    @picocli.CommandLine.Mixin private CsvForm form = new CsvForm();

    /** The form of a CSV file. */
    public static final class CsvForm {
        @Option(
                names = "--separator",
                paramLabel = "CHAR",
                description = "What stands between cells: one character or tab. Default: found.")
        private Optional<String> separator;

        @Option(
                names = "--decimal",
                paramLabel = "CHAR",
                description = "Decimal mark of numbers: . or a comma. Default: found.")
        private Optional<String> decimal;

        @Option(
                names = "--encoding",
                paramLabel = "NAME",
                description =
                        "Character encoding, such as latin1. Default: UTF-8, or UTF-16 where the file says so.")
        private Optional<String> encoding;

        /** The settings that were given. */
        public List<Setting> settings() {
            List<Setting> list = new ArrayList<>();
            separator.ifPresent(s -> list.add(Setting.text("table.separator", tab(s))));
            decimal.ifPresent(d -> list.add(Setting.text("table.decimal", d)));
            encoding.ifPresent(e -> list.add(Setting.text("table.encoding", e)));
            return list;
        }

        private static String tab(String separator) {
            return separator.equals("\t") || separator.equals("\\t") ? "tab" : separator;
        }
    }

    /** The settings that were given. */
    public List<Setting> settings() {
        List<Setting> list = new ArrayList<>(form.settings());
        target.ifPresent(t -> list.add(Setting.text("target-column", t)));
        task.ifPresent(t -> list.add(Setting.text("table.task", t)));
        missing.ifPresent(m -> list.add(Setting.text("table.missing", m)));
        columns("table.drop", drop, list);
        columns("table.text", text, list);
        return list;
    }

    private static void columns(String key, List<String> words, List<Setting> list) {
        if (!words.isEmpty()) {
            list.add(
                    new Setting(
                            key,
                            words.stream()
                                    .flatMap(word -> ColumnList.parse(key, word).stream())
                                    .map(name -> Setting.text(key, name).value())
                                    .collect(Collectors.joining(",", "[", "]"))));
        }
    }
}
