package io.dfc.bench.cli.predict;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.run.StoredRun;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.bench.cli.option.KnownBackends;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The network of a run's best epoch, for inference.
 *
 * @param configuration the run's configuration, with the settings of this command
 * @param snapshot its last checkpoint
 * @param stored its data
 */
record BestEpoch(RunConfiguration configuration, TrainingSnapshot snapshot, StoredRun stored) {
    /**
     * Opens a run.
     *
     * @param folder its folder
     * @param threads number of threads, if not the run's own
     * @param overrides other settings to replace
     * @throws io.dfc.api.error.StorageException if the folder holds no run with a checkpoint
     */
    static BestEpoch of(RunFolder folder, Optional<BigInteger> threads, List<Setting> overrides) {
        List<Setting> settings = new ArrayList<>(overrides);
        threads.ifPresent(n -> settings.add(new Setting("threads", n.toString())));
        RunConfiguration configuration =
                RunConfigurations.load(folder.requireRun().configuration().toString(), settings);
        return new BestEpoch(
                configuration,
                Checkpoint.read(folder.checkpoint()),
                new StoredRun(configuration, folder));
    }

    /**
     * Loads the network into an engine and uses it.
     *
     * @param backend backend; absent: the run's own
     * @param plan what the engine is to do
     * @param use what is done with both
     */
    <T> T on(Optional<String> backend, Plan plan, BiFunction<Backend, Engine, T> use) {
        Backends.Selection selection =
                KnownBackends.discover()
                        .select(
                                backend.orElse(configuration.backend()),
                                new BackendOptions(configuration.threads()),
                                List.of(plan));
        try (Backend chosen = selection.backend()) {
            // Before the engine takes the memory that the configuration promises to fill.
            Parameters best = Checkpoint.select(stored.checkpoint(), snapshot.best(), plan);
            try (Engine engine = chosen.compile(plan)) {
                engine.load(new EngineState(best));
                return use.apply(chosen, engine);
            }
        }
    }
}
