package io.dfc.bench.cli;

import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Backends;
import io.dfc.bench.cli.option.BackendChoice;
import io.dfc.bench.golden.GoldenCheck;
import io.dfc.bench.golden.GoldenFile;
import io.dfc.bench.golden.GoldenReader;
import io.dfc.bench.golden.compare.CheckReport;
import io.dfc.bench.golden.compare.Tolerances;
import io.dfc.bench.report.CheckReportJson;
import io.dfc.bench.report.CheckReportText;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code dfc check}: conformance of a backend with golden files. */
@Command(
        name = "check",
        description = "Compare a backend with numbers of the authors' published programs.",
        mixinStandardHelpOptions = true,
        footer = "Exits with 1 if a quantity misses its tolerance or a file cannot be read.")
final class CheckCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--golden",
            required = true,
            paramLabel = "DIR",
            description = "Folder of golden files (*.json), or one such file.")
    private Path golden;

    @Mixin private BackendChoice backend;

    @ArgGroup private @Nullable ToleranceChoice tolerance;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Option(names = "--strict", description = "Exit with 1 as well if the backend declines a file.")
    private boolean strict;

    private static final class ToleranceChoice {
        @Option(
                names = "--flat",
                required = true,
                description =
                        "Hold float64 backends to 1e-9 and float32 backends to 1e-4 (the default).")
        private boolean flat;

        @Option(
                names = "--prescribed",
                required = true,
                description =
                        "Widen 1e-4 to five times what the published program strays in float32, as the files prescribe.")
        private boolean prescribed;

        @Option(
                names = "--tolerance",
                required = true,
                paramLabel = "X",
                description = "Hold every quantity that is not exact to an error of X.")
        private double fixed;

        private Tolerances tolerances() {
            if (prescribed) {
                return Tolerances.prescribed();
            }
            return flat ? Tolerances.flat() : Tolerances.fixedAt(fixed);
        }
    }

    @Override
    public Integer call() {
        if (!Files.exists(golden)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--golden: expected a folder or file, got "
                            + golden
                            + ": "
                            + PathProblem.of(golden).orElse("no such file or folder"));
        }
        Tolerances tolerances = tolerance == null ? Tolerances.flat() : tolerance.tolerances();
        List<GoldenFile> files = GoldenReader.readAll(golden);
        Backends.Selection selection = backend.selectLeniently(GoldenCheck.plans(files));
        CheckReport report;
        try (Backend opened = selection.backend()) {
            report = new GoldenCheck(opened, tolerances).run(files);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(CheckReportJson.of(report, strict));
        } else {
            out.println(selection.explanation());
            CheckReportText.write(report, strict, out);
        }
        out.flush();
        return report.passed(strict) ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
