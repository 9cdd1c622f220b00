package io.dfc.bench.cli;

import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.bench.cli.option.BackendChoice;
import io.dfc.bench.cli.option.DataDirOption;
import io.dfc.bench.cli.sweep.StrongDfcTableCommand;
import io.dfc.bench.cli.sweep.Table1Command;
import io.dfc.bench.plot.PictureFiles;
import io.dfc.bench.report.ClaimsTable;
import io.dfc.bench.report.Table;
import io.dfc.bench.reproduce.Figure;
import io.dfc.bench.reproduce.Figures;
import io.dfc.bench.reproduce.Lab;
import io.dfc.bench.reproduce.Reproduced;
import io.dfc.bench.reproduce.Scale;
import io.dfc.bench.sweep.PaperTable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** {@code dfc reproduce}: runs the toy experiments of the paper and draws its figures. */
@Command(
        name = "reproduce",
        description =
                "Run the published toy experiments again and draw their figures: CSV, SVG and PNG.",
        mixinStandardHelpOptions = true,
        subcommands = {Table1Command.class, StrongDfcTableCommand.class},
        footer = "docs/figures.md shows the pictures and says what each is.")
final class ReproduceCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private BackendChoice backend;

    @Parameters(
            paramLabel = "FIGURE",
            arity = "0..*",
            description =
                    "fig1d, fig2, fig3, s1, s2, s3, s4, toy-table, glyphs-table, mnist-table; none: a list of them.")
    private List<String> names = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "figures",
            description = "Folder of the files. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "First seed. Default: ${DEFAULT-VALUE}, as published.")
    private long seed;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of seeds; bands go from the lowest to the highest.")
    private int seeds;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description =
                    "Epochs of the runs, of feedback learning where there is nothing else. Default: as published.")
    private Optional<Integer> epochs = Optional.empty();

    @Option(
            names = "--methods",
            paramLabel = "NAME,...",
            split = ",",
            description = "Methods of the tables. Default: all.")
    private List<String> methods = List.of();

    @Mixin private DataDirOption dataDir;

    @Option(
            names = "--quick",
            description = "Cut the runs short, to a first look: fewer epochs, a narrow teacher.")
    private boolean quick;

    @Override
    public Integer call() {
        PrintWriter stdout = spec.commandLine().getOut();
        if (names.isEmpty()) {
            Figures.all().forEach(f -> stdout.println(f.name() + "  " + f.title()));
            List.of(PaperTable.TABLE_1, PaperTable.STRONG_DFC)
                    .forEach(t -> stdout.println(t.name() + "  " + t.title()));
            stdout.flush();
            return ExitCode.OK;
        }
        List<Figure> figures = names.stream().distinct().map(Figures::named).toList();
        Scale scale = new Scale(seed, seeds, epochs, quick, methods);
        AtomicFiles.createFolders(out);
        Lab lab =
                new Lab(
                        scale,
                        backend.cores(),
                        dataDir.settings(),
                        plans -> backend.selectSingleThreaded(plans).backend(),
                        progress());
        for (Figure figure : figures) {
            Reproduced done = figure.reproduce(lab);
            List<Path> files = write(done);
            stdout.print(ClaimsTable.of(figure.name() + ": " + figure.title(), done.claims()));
            if (done.picture().isEmpty()) {
                stdout.print(Table.rows(done.table().text()));
            }
            files.forEach(stdout::println);
            stdout.flush();
        }
        return ExitCode.OK;
    }

    private List<Path> write(Reproduced done) {
        List<Path> files = new ArrayList<>();
        Path csv = out.resolve(done.name() + ".csv");
        done.table().write(csv);
        files.add(csv);
        done.picture().ifPresent(p -> files.addAll(PictureFiles.write(p, out, done.name())));
        return files;
    }

    /** Several runs go on at once, so each line is written whole. */
    private Consumer<String> progress() {
        PrintWriter err = spec.commandLine().getErr();
        return line -> {
            synchronized (err) {
                err.println(line);
                err.flush();
            }
        };
    }
}
