package io.dfc.bench.cli.sweep;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.bench.cli.option.DataDirOption;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The options of all commands that execute many runs. */
final class SeriesOptions {
    private static final int MOST_JOBS = 1024;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description =
                    "Runs at once, each on an equal share of the cores; all hold their data. Default: one to a core.")
    private Optional<Integer> jobs = Optional.empty();

    @Option(
            names = "--backend",
            paramLabel = "NAME[:DEVICE]",
            description = "Backend of all runs. Default: as their configurations say.")
    private Optional<String> backend = Optional.empty();

    @Mixin private DataDirOption dataDir;

    @Option(
            names = "--retry",
            description = "Begin runs again that have failed, from their last checkpoint.")
    private boolean retry;

    boolean retry() {
        return retry;
    }

    /** How many runs go on at once. */
    int jobs() {
        int cores = Runtime.getRuntime().availableProcessors();
        int n = jobs.orElse(cores);
        if (n < 1 || n > MOST_JOBS) {
            throw new BadConfigurationException(
                    "--jobs", "must be 1 to " + MOST_JOBS + ", got " + n);
        }
        return n;
    }

    /** Settings of all runs that change no result. */
    List<Setting> surroundings() {
        List<Setting> settings = new ArrayList<>(dataDir.settings());
        backend.ifPresent(b -> settings.add(Setting.text("backend", b)));
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / jobs());
        settings.add(new Setting("threads", Integer.toString(threads)));
        return settings;
    }
}
