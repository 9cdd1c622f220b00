package io.dfc.bench.cli.predict;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;

import picocli.CommandLine.Option;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** On what the network of a run is used: {@code --backend} and {@code --threads}. */
final class RunBackend {
    @Option(
            names = "--backend",
            paramLabel = "NAME[:DEVICE]",
            description = "Backend, if not the run's own.")
    private Optional<String> backend = Optional.empty();

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads.")
    private Optional<BigInteger> threads = Optional.empty();

    /** {@return the best epoch of a run, with other settings replaced} */
    BestEpoch open(RunFolder folder, List<Setting> overrides) {
        return BestEpoch.of(folder, with(overrides));
    }

    /** {@return the network of a run folder or of a model file, with other settings replaced} */
    TrainedNetwork open(Path runOrModel, List<Setting> overrides) {
        return Files.isRegularFile(runOrModel)
                ? SavedModel.of(runOrModel, with(overrides))
                : open(new RunFolder(runOrModel), overrides);
    }

    private List<Setting> with(List<Setting> overrides) {
        List<Setting> settings = new ArrayList<>(overrides);
        threads.ifPresent(n -> settings.add(new Setting("threads", n.toString())));
        return settings;
    }

    /** Loads the network into an engine for a plan, and uses both. */
    <T> T use(TrainedNetwork network, Plan plan, BiFunction<Backend, Engine, T> use) {
        return network.on(backend, plan, use);
    }
}
