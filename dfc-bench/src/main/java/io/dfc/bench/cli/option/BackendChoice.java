package io.dfc.bench.cli.option;

import io.dfc.api.plan.Plan;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;

import picocli.CommandLine.Option;

import java.util.List;

/** The options that choose a backend. */
public final class BackendChoice {
    @Option(
            names = "--backend",
            paramLabel = "NAME[:DEVICE]",
            defaultValue = Backends.AUTO,
            description =
                    "Backend to run on; it works or fails, and never falls back. Default: ${DEFAULT-VALUE}, the fastest"
                            + " that can run everything asked for.")
    private String name;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Number of threads; results do not depend on it. Default: ${DEFAULT-VALUE}, all cores.")
    private int threads;

    /**
     * Opens the backend.
     *
     * @param plans every plan of the run
     * @return the choice; its backend is to be closed by the caller
     */
    Backends.Selection select(List<Plan> plans) {
        return KnownBackends.discover().select(name, new BackendOptions(threads), plans);
    }

    /**
     * Opens the backend; one that was named may decline plans later, one at a time.
     *
     * @param plans every plan of the run, all of which an automatic choice supports
     * @return the choice; its backend is to be closed by the caller
     */
    public Backends.Selection selectLeniently(List<Plan> plans) {
        boolean named =
                !name.equals(Backends.AUTO) || System.getProperty(Backends.PROPERTY) != null;
        return select(named ? List.of() : plans);
    }

    /**
     * Opens the backend with one thread, for one of several runs at once.
     *
     * @param plans every plan of the run
     * @return the choice; its backend is to be closed by the caller
     */
    public Backends.Selection selectSingleThreaded(List<Plan> plans) {
        return KnownBackends.discover().select(name, new BackendOptions(1), plans);
    }

    /** {@return how many threads there are to use in all} */
    public int cores() {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }
}
