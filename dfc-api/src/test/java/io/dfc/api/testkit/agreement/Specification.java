package io.dfc.api.testkit.agreement;

import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.testkit.scenario.Scenario;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The reference backend and what it makes of scenarios. Results are kept as long as the process
 * runs, since tests of the kit run the same scenarios on one broken backend after the other.
 */
public final class Specification {
    private static final Backend BACKEND =
            Backends.discover().select("reference", BackendOptions.defaults(), List.of()).backend();

    private static final Map<String, Observations> KEPT = new ConcurrentHashMap<>();

    private Specification() {}

    /** The reference backend, never closed. */
    public static Backend backend() {
        return BACKEND;
    }

    /**
     * What the reference makes of a scenario.
     *
     * @param key names the scenario, the same for no other
     */
    public static Observations of(String key, Scenario scenario) {
        return KEPT.computeIfAbsent(
                key,
                k -> {
                    try (Engine engine = BACKEND.compile(scenario.plan())) {
                        return Observations.of(engine, scenario);
                    }
                });
    }
}
