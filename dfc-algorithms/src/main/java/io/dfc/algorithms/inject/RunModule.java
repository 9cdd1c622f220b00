package io.dfc.algorithms.inject;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.run.RunData;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;

import jakarta.inject.Singleton;

import java.util.List;
import java.util.Optional;

/**
 * Wires a run from its configuration: data, training specification and backend. The backend of the
 * selection is to be closed by the caller.
 */
@SuppressWarnings("exports") // Guice is for those who have it: the module requires it statically.
public final class RunModule extends AbstractModule {
    private final RunConfiguration configuration;
    private final Optional<DataSplits> loaded;

    /**
     * Wires a run.
     *
     * @param configuration a checked configuration
     */
    public RunModule(RunConfiguration configuration) {
        this(configuration, Optional.empty());
    }

    /**
     * Wires a run whose data may have been loaded already.
     *
     * @param configuration a checked configuration
     * @param loaded its data; absent to load them
     */
    public RunModule(RunConfiguration configuration, Optional<DataSplits> loaded) {
        this.configuration = configuration;
        this.loaded = loaded;
    }

    @Override
    protected void configure() {
        bind(RunConfiguration.class).toInstance(configuration);
    }

    @Provides
    @Singleton
    DataSplits data() {
        return loaded.orElseGet(() -> RunData.load(configuration));
    }

    @Provides
    @Singleton
    RunAssembler assembler(DataSplits data) {
        return new RunAssembler(configuration, data.train());
    }

    @Provides
    @Singleton
    TrainingSpec spec(RunAssembler assembler) {
        return assembler.assemble();
    }

    @Provides
    @Singleton
    Backends backends() {
        return Backends.discover();
    }

    @Provides
    @Singleton
    Backends.Selection backend(Backends backends, TrainingSpec spec) {
        return backends.select(
                configuration.backend(),
                new BackendOptions(configuration.threads()),
                List.of(spec.plan()));
    }
}
