package io.dfc.bench.cli.train;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.data.source.DataSources;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunLease;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** Where a run goes that names no folder: below {@code runs}, by data, method and seed. */
final class DefaultFolder {
    private DefaultFolder() {}

    /** The folder of one run: a new one, or that of the same run if it stopped before saving. */
    static Path ofRun(RunConfiguration c) {
        return free(baseName(c) + "-seed" + c.seed(), folder -> canStartAgain(folder, c));
    }

    /** The folder of several seeds: a new one, or one whose runs have the same settings. */
    static Path ofSeeds(RunConfiguration c) {
        return free(baseName(c) + "-seeds", folder -> new SeedFolder(folder).fits(c));
    }

    private static String baseName(RunConfiguration c) {
        return DataSources.shortName(c.data()).replaceAll("[^A-Za-z0-9]+", "-") + "-" + c.method();
    }

    /** Whether the same run stopped here before its first checkpoint, so that it leaves no gap. */
    private static boolean canStartAgain(Path folder, RunConfiguration c) {
        RunFolder run = new RunFolder(folder);
        return run.stoppedBeforeCheckpoint()
                && !RunLease.isHeld(folder)
                && RunConfigurations.differences(
                                RunConfigurations.load(run.configuration().toString(), List.of()),
                                c,
                                RunConfigurations.SURROUNDINGS)
                        .isEmpty();
    }

    private static Path free(String name, Predicate<Path> usable) {
        Path folder = Path.of("runs", name);
        for (int n = 2; Files.exists(folder) && !usable.test(folder); n++) {
            folder = Path.of("runs", name + "-" + n);
        }
        return folder;
    }
}
