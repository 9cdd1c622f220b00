package io.dfc.bench.cli.sweep;

import io.dfc.algorithms.store.RunFolder;
import io.dfc.bench.report.Table;
import io.dfc.bench.reproduce.CsvTable;
import io.dfc.bench.sweep.CellResult;
import io.dfc.bench.sweep.Series;
import io.dfc.bench.sweep.SeriesFolder;
import io.dfc.bench.sweep.SeriesTable;
import io.dfc.bench.sweep.SweepFile;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code dfc sweep}: trains every combination of settings that a file describes. */
@Command(
        name = "sweep",
        description =
                "Train every combination of settings and seeds that a YAML file describes, and compare them.",
        mixinStandardHelpOptions = true,
        footer =
                "The folder is all its state: stopped at any time, the same command goes on where it was. docs/sweeps.md shows"
                        + " the file.")
public final class SweepCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "What to train: a grid, a list, random draws.")
    private Path file;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the runs. Default: runs/NAME, for NAME.yaml.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--table",
            description = "Train nothing; show what the folder holds, also while runs go on.")
    private boolean table;

    @Mixin private SeriesOptions options;

    @Override
    public Integer call() {
        Series series = SweepFile.read(file);
        SeriesFolder folder = new SeriesFolder(out.orElseGet(this::standard));
        List<Series.Run> runs = series.runs(folder.path(), options.surroundings());
        if (!table) {
            folder.claim(RunFolder.readText(file));
            new SeriesRunner(spec.commandLine().getErr(), options).execute(runs);
        }
        List<List<String>> rows = SeriesTable.rows(CellResult.of(runs));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.print(Table.rows(rows));
        if (!table) {
            CsvTable csv = new CsvTable(rows.getFirst());
            rows.stream().skip(1).forEach(row -> csv.add(row.toArray()));
            csv.write(folder.results());
            stdout.println(folder.results());
        }
        stdout.flush();
        return ExitCode.OK;
    }

    private Path standard() {
        String name = file.getFileName().toString();
        return Path.of("runs", name.replaceFirst("\\.(ya?ml|json)$", ""));
    }
}
