package io.dfc.bench.cli.predict;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.bench.cli.option.KnownBackends;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** A network for inference: that of a run's best epoch, or of a model file. */
sealed interface TrainedNetwork permits BestEpoch, SavedModel {
    /** {@return its configuration, with the settings of this command} */
    RunConfiguration configuration();

    /** {@return its parameters} */
    Parameters parameters();

    /** {@return the epoch after which it had them} */
    int epoch();

    /** {@return the file that holds them} */
    Path file();

    /** {@return how files are read for it} */
    FittedEncoding fitted();

    /** {@return its own test samples} */
    DataSet test();

    /**
     * Samples of other files.
     *
     * @param data their name
     */
    DataSet others(String data);

    /**
     * Loads the network into an engine and uses it.
     *
     * @param backend backend; absent: the network's own
     * @param plan what the engine is to do
     * @param use what is done with both
     */
    default <T> T on(Optional<String> backend, Plan plan, BiFunction<Backend, Engine, T> use) {
        Backends.Selection selection =
                KnownBackends.discover()
                        .select(
                                backend.orElse(configuration().backend()),
                                new BackendOptions(configuration().threads()),
                                List.of(plan));
        try (Backend chosen = selection.backend()) {
            // Before the engine takes the memory that the configuration promises to fill.
            Parameters selected = Checkpoint.select(file(), parameters(), plan);
            try (Engine engine = chosen.compile(plan)) {
                engine.load(new EngineState(selected));
                return use.apply(chosen, engine);
            }
        }
    }
}
