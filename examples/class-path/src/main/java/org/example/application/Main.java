package org.example.application;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.run.RunData;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Trains a small network on the built-in digits, and hears of every epoch. */
public final class Main {
    private Main() {}

    /**
     * Trains and prints the backend and the test error of each epoch.
     *
     * @param arguments settings, {@code key=value}
     */
    public static void main(String[] arguments) {
        List<Setting> settings =
                Stream.concat(
                                Stream.of("epochs=1", "limit=1000", "network.hidden=[32]"),
                                Stream.of(arguments))
                        .map(Setting::parse)
                        .toList();
        RunConfiguration configuration = RunConfigurations.load("glyphs/dfc", settings);
        DataSplits data = RunData.load(configuration);
        TrainingSpec spec = new RunAssembler(configuration, data.train()).assemble();
        try (Backend backend =
                Backends.discover()
                        .select("auto", BackendOptions.defaults(), List.of(spec.plan()))
                        .backend()) {
            TrainingListener print =
                    new TrainingListener() {
                        @Override
                        public void epochDone(EpochReport report, TrainingSnapshot snapshot) {
                            System.out.printf(
                                    Locale.ROOT,
                                    "%s: test error %.2f %% after epoch %d%n",
                                    backend.name(),
                                    100 * report.test().error(),
                                    report.epoch());
                        }
                    };
            new Trainer(spec, data, List.of(print)).run(backend);
        }
    }
}
