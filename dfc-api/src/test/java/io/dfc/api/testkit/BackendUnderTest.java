package io.dfc.api.testkit;

import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.testkit.scenario.CombinedScenarios;
import io.dfc.api.testkit.scenario.Coverage;
import io.dfc.api.testkit.scenario.Scenarios;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.TestInstance;

import java.util.HashMap;
import java.util.Map;

/** The backend that the kit looks at, opened once for all rules. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BackendUnderTest {
    static final int DEFAULT_THREADS = 2;

    /** Open backends by number of threads. */
    private final Map<Integer, Backend> opened = new HashMap<>();

    /** {@return the provider of the backend under test} */
    protected abstract BackendProvider provider();

    /** {@return how much is tried; everything unless a test of the kit says otherwise} */
    protected Coverage coverage() {
        return Coverage.EVERY_SHAPE;
    }

    final Scenarios scenarios() {
        return new Scenarios(coverage());
    }

    final CombinedScenarios combined() {
        return new CombinedScenarios(coverage());
    }

    /** The backend with a number of threads, opened once for all rules. */
    final Backend open(int threads) {
        Backend known = opened.get(threads);
        if (known == null) {
            known = openAnew(threads);
            opened.put(threads, known);
        }
        return known;
    }

    final Backend openAnew(int threads) {
        Availability availability = provider().probe();
        if (availability instanceof Availability.Available available) {
            return provider().open(available.devices().getFirst(), new BackendOptions(threads));
        }
        Availability.Unavailable why = (Availability.Unavailable) availability;
        return Assumptions.abort(provider().name() + " is unavailable: " + why.reason());
    }

    @AfterAll
    void close() {
        opened.values().forEach(Backend::close);
    }
}
