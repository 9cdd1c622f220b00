package io.dfc.bench.cli;

import io.dfc.algorithms.config.KeySuggestions;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Tunable;
import io.dfc.bench.cli.option.BackendChoice;
import io.dfc.bench.cli.option.VersionProvider;
import io.dfc.bench.measure.BenchCase;
import io.dfc.bench.measure.BenchNetwork;
import io.dfc.bench.measure.BenchReport;
import io.dfc.bench.measure.BenchScale;
import io.dfc.bench.measure.HardwareBench;
import io.dfc.bench.measure.Workload;
import io.dfc.bench.report.BenchReportJson;
import io.dfc.bench.report.BenchReportReader;
import io.dfc.bench.report.BenchReportText;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;

/** {@code dfc bench}: the speed of a backend, next to the peak of its device. */
@Command(
        name = "bench",
        description =
                "Measure how fast minibatches run, next to the peak of the device; less than a minute.",
        mixinStandardHelpOptions = true,
        footer = "dfc-bench/README.md explains the numbers.")
final class BenchCommand implements Callable<Integer> {
    private static final int FILES_WITHOUT_RUN = 2;

    @Spec private CommandSpec spec;

    @Mixin private BackendChoice backend;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            description = "Measure this network (repeatable): mnist, autoencoder, small, large.")
    private List<String> networks = List.of();

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            description =
                    "Measure this workload (repeatable): dfc-ss/euler, dfc/euler, dfc-ss/steady-state, dfc/auto, dfc-ssa,"
                            + " feedback/euler, feedback/auto, bp.")
    private List<String> workloads = List.of();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description =
                    "Samples in a minibatch; without it as many as the network's configuration has.")
    private Optional<Integer> batch = Optional.empty();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Networks side by side, each with a minibatch of its own, on backends that take several at once.")
    private int seeds;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            defaultValue = "full",
            description = "Weights in loops: full, or bfloat16 on backends that round them.")
    private String precision;

    @Option(names = "--json", description = "Print the measurements as JSON.")
    private boolean json;

    @Option(
            names = "--tune",
            description =
                    "Try the backend's settings on its device, keep the best for later runs, and measure nothing else.")
    private boolean tune;

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description =
                    "Show the measurements next to those of a file that --json wrote; given twice, compare two files and"
                            + " measure nothing.")
    private List<Path> compare = List.of();

    @Override
    public Integer call() {
        long start = System.nanoTime();
        if (compare.size() > FILES_WITHOUT_RUN) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--compare: expected one file or two, got " + compare.size());
        }
        if (json && !compare.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--compare shows text alone, without --json");
        }
        if (tune) {
            return tune();
        }
        List<BenchReport> files = compare.stream().map(BenchReportReader::read).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (files.size() == FILES_WITHOUT_RUN) {
            BenchReportText.writeComparison(files.getFirst(), files.getLast(), out);
        } else {
            BenchReport now = measure(start);
            if (json) {
                out.println(BenchReportJson.of(now));
            } else if (files.isEmpty()) {
                BenchReportText.write(now, out);
            } else {
                BenchReportText.writeComparison(files.getFirst(), now, out);
            }
        }
        out.flush();
        return ExitCode.OK;
    }

    private int tune() {
        if (json || !compare.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--tune measures nothing; without --json and --compare");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (Backend opened = backend.selectLeniently(List.of()).backend()) {
            out.println(
                    opened.name()
                            + ": "
                            + (opened instanceof Tunable tunable
                                    ? tunable.tune()
                                    : "nothing to tune, it takes what it finds"));
        }
        out.flush();
        return ExitCode.OK;
    }

    private BenchReport measure(long start) {
        BenchScale scale =
                new BenchScale(
                        batch,
                        seeds,
                        chosen(
                                        "--precision",
                                        List.of(precision),
                                        Precision.values(),
                                        Precision::label)
                                .getFirst());
        List<BenchCase> cases =
                BenchCase.of(
                        chosen("--network", networks, BenchNetwork.values(), BenchNetwork::label),
                        chosen("--workload", workloads, Workload.values(), Workload::label),
                        scale);
        Backends.Selection selection =
                backend.selectLeniently(cases.stream().map(BenchCase::plan).toList());
        return new HardwareBench(
                        selection.backend(), start, VersionProvider.buildVersion(), progress())
                .run(cases);
    }

    /** Some workloads take long, so each is named before it begins, in logs too. */
    private Consumer<String> progress() {
        PrintWriter err = spec.commandLine().getErr();
        return what -> {
            err.println("measuring " + what);
            err.flush();
        };
    }

    /** The values with the given labels, in the order of the values; all if none is given. */
    private static <T> List<T> chosen(
            String option, List<String> labels, T[] values, Function<T, String> label) {
        List<String> known = Arrays.stream(values).map(label).toList();
        for (String wanted : labels) {
            if (!known.contains(wanted)) {
                throw new BadConfigurationException(
                        option,
                        "there is no \"" + wanted + "\"" + KeySuggestions.hint(wanted, known));
            }
        }
        return Arrays.stream(values)
                .filter(v -> labels.isEmpty() || labels.contains(label.apply(v)))
                .toList();
    }
}
