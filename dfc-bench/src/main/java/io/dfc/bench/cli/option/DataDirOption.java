package io.dfc.bench.cli.option;

import io.dfc.algorithms.config.RunConfigurations.Setting;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the data of a run are now: {@code --data-dir}. */
public final class DataDirOption {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder with the data files, if not the run's own.")
    private Optional<Path> dataDir = Optional.empty();

    /** {@return the setting that it replaces, if it was given} */
    public List<Setting> settings() {
        return dataDir
                .map(d -> Setting.text("data-dir", d.toAbsolutePath().normalize().toString()))
                .stream()
                .toList();
    }
}
