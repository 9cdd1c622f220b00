package io.dfc.bench.cli;

import io.dfc.algorithms.data.download.DataCache;
import io.dfc.algorithms.data.download.Downloader;
import io.dfc.algorithms.data.download.PublicData;
import io.dfc.algorithms.data.source.DataDescription;
import io.dfc.algorithms.data.source.DataOptions;
import io.dfc.algorithms.data.source.DataSources;
import io.dfc.bench.report.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
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

/** {@code dfc data}: lists data sets and downloads the public ones. */
@Command(
        name = "data",
        description = "List data sets, or download public ones into the user's cache.",
        mixinStandardHelpOptions = true,
        subcommands = DataCommand.Fetch.class)
final class DataCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Look for data files here and not in the cache.")
    private Optional<Path> dataDir;

    @Override
    public Integer call() {
        DataOptions options =
                dataDir.map(d -> DataOptions.defaults().withDirectory(d))
                        .orElseGet(DataOptions::defaults);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("name", "inputs", "outputs", "train/val/test", "available", "where"));
        for (DataDescription d : DataSources.describe(options)) {
            rows.add(
                    List.of(
                            d.name(),
                            d.shape().map(s -> Integer.toString(s.inputs())).orElse("-"),
                            d.shape().map(s -> Integer.toString(s.outputs())).orElse("-"),
                            d.shape()
                                    .map(
                                            s ->
                                                    s.samples().train()
                                                            + "/"
                                                            + s.samples().validation()
                                                            + "/"
                                                            + s.samples().test())
                                    .orElse("-"),
                            d.available() ? "yes" : "no",
                            d.origin()));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(Table.rows(rows));
        out.flush();
        return ExitCode.OK;
    }

    /** {@code dfc data fetch}. */
    @Command(
            name = "fetch",
            description =
                    "Download public data sets from their canonical hosts; checksums are verified.",
            mixinStandardHelpOptions = true)
    static final class Fetch implements Callable<Integer> {
        @Spec private CommandSpec spec;

        @Parameters(paramLabel = "NAME", arity = "1..*", description = "mnist, fashion-mnist.")
        private List<String> names;

        @Override
        public Integer call() {
            List<PublicData> wanted = names.stream().map(PublicData::of).toList();
            PrintWriter err = spec.commandLine().getErr();
            for (PublicData data : wanted) {
                long[] next = new long[1];
                Path folder =
                        new Downloader(Downloader.DEFAULT_PATIENCE)
                                .fetch(
                                        data,
                                        DataCache.ofUser(),
                                        (file, bytes) -> {
                                            if (bytes >= next[0] || bytes == file.bytes()) {
                                                err.println(
                                                        file.name()
                                                                + ": "
                                                                + 100
                                                                        * bytes
                                                                        / Math.max(1, file.bytes())
                                                                + " %");
                                                err.flush();
                                                next[0] =
                                                        bytes == file.bytes()
                                                                ? 0
                                                                : bytes + file.bytes() / 4;
                                            }
                                        });
                spec.commandLine().getOut().println(data.name() + " is in " + folder);
            }
            spec.commandLine().getOut().flush();
            return ExitCode.OK;
        }
    }
}
