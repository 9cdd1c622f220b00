package io.dfc.bench.cli.sweep;

import io.dfc.algorithms.config.KeySuggestions;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.bench.report.Table;
import io.dfc.bench.reproduce.CsvTable;
import io.dfc.bench.sweep.PaperComparison;
import io.dfc.bench.sweep.PaperTable;
import io.dfc.bench.sweep.PaperTable.Column;
import io.dfc.bench.sweep.PaperTable.Entry;
import io.dfc.bench.sweep.Series;

import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;

/** Trains the runs of a table of a paper again, and shows what it reports beside what was found. */
abstract sealed class PaperTableCommand implements Callable<Integer>
        permits Table1Command, StrongDfcTableCommand {
    private static final int MOST_SEEDS = 100;
    private static final int MOST_EPOCHS = 100_000;

    private final PaperTable paper;

    @Spec private CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "COLUMN,...",
            split = ",",
            description = "Columns of the table. Default: all.")
    private List<String> columns = List.of();

    @Option(
            names = "--methods",
            paramLabel = "NAME,...",
            split = ",",
            description = "Methods of the table. Default: all.")
    private List<String> methods = List.of();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Number of seeds, from 1 on. Default: ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Epochs of each run. Default: as published.")
    private Optional<Integer> epochs = Optional.empty();

    @Option(
            names = "--expected",
            description =
                    "Let feedback weights learn from the mean over noise (the -fast configurations) where there is one.")
    private boolean expected;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the runs. Default: runs/NAME.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--table",
            description = "Train nothing; show what the folder holds, also while runs go on.")
    private boolean show;

    @Mixin private SeriesOptions options;

    /**
     * The command of a table.
     *
     * @param paper the table
     */
    PaperTableCommand(PaperTable paper) {
        this.paper = paper;
    }

    @Override
    public Integer call() {
        requireRange("--seeds", seeds, MOST_SEEDS);
        epochs.ifPresent(n -> requireRange("--epochs", n, MOST_EPOCHS));
        List<Entry> chosen = chosen();
        List<Setting> settings =
                epochs.map(n -> new Setting("epochs", n.toString())).stream().toList();
        List<Long> numbers = LongStream.rangeClosed(1, seeds).boxed().toList();
        Series series = PaperTable.series(chosen, numbers, expected, settings);
        Path folder = out.orElseGet(() -> Path.of("runs", paper.name()));
        List<Series.Run> runs = series.runs(folder, options.surroundings());
        if (!show) {
            new SeriesRunner(spec.commandLine().getErr(), options).execute(runs);
        }
        List<List<String>> rows = PaperComparison.rows(paper, chosen, runs);
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.print(Table.rows(rows));
        if (!show) {
            CsvTable csv = new CsvTable(rows.getFirst());
            rows.stream().skip(1).forEach(row -> csv.add(row.toArray()));
            Path file = folder.resolve("results.csv");
            csv.write(file);
            stdout.println(file);
        }
        stdout.flush();
        return ExitCode.OK;
    }

    /** The entries that are wanted, column by column. */
    private List<Entry> chosen() {
        List<String> allColumns = paper.columns().stream().map(Column::name).toList();
        List<String> allMethods = paper.entries().stream().map(Entry::method).distinct().toList();
        requireKnown("--only", columns, allColumns);
        requireKnown("--methods", methods, allMethods);
        List<Entry> entries = new ArrayList<>();
        for (String column : allColumns) {
            if (columns.isEmpty() || columns.contains(column)) {
                paper.entries().stream()
                        .filter(e -> e.column().equals(column))
                        .filter(e -> methods.isEmpty() || methods.contains(e.method()))
                        .forEach(entries::add);
            }
        }
        return entries;
    }

    private static void requireKnown(String option, List<String> wanted, Collection<String> known) {
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw new BadConfigurationException(
                        option,
                        "\"" + name + "\" is not in the table" + KeySuggestions.hint(name, known));
            }
        }
    }

    private static void requireRange(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new BadConfigurationException(option, "must be 1 to " + most + ", got " + value);
        }
    }
}
