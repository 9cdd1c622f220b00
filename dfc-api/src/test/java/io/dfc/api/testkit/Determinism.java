package io.dfc.api.testkit;

import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;

import org.junit.jupiter.api.DynamicTest;

import java.util.function.IntFunction;

/** Bits that do not depend on threads, on what ran before, or on being continued. */
final class Determinism {
    private static final int THREADS = 2;

    private Determinism() {}

    static DynamicTest onThreads(Scenario scenario, IntFunction<Backend> open) {
        return DynamicTest.dynamicTest(scenario.toString(), () -> runOnThreads(scenario, open));
    }

    private static void runOnThreads(Scenario scenario, IntFunction<Backend> open) {
        try (Engine one = BackendUnderTest.compile(open.apply(1), scenario.plan());
                Engine two = BackendUnderTest.compile(open.apply(2), scenario.plan());
                Engine three = BackendUnderTest.compile(open.apply(3), scenario.plan())) {
            Observations expected = Observations.of(one, scenario);
            Comparisons.assertSameBits(
                    "2 threads: " + scenario, expected, Observations.of(two, scenario));
            Comparisons.assertSameBits(
                    "3 threads: " + scenario, expected, Observations.of(three, scenario));
        }
    }

    static DynamicTest twice(Scenario scenario, IntFunction<Backend> open) {
        return DynamicTest.dynamicTest(scenario.toString(), () -> runTwice(scenario, open));
    }

    private static void runTwice(Scenario scenario, IntFunction<Backend> open) {
        try (Engine engine = BackendUnderTest.compile(open.apply(THREADS), scenario.plan())) {
            Observations first = Observations.of(engine, scenario);
            Comparisons.assertSameBits(scenario, first, Observations.of(engine, scenario));
        }
    }

    static DynamicTest continued(Scenario scenario, IntFunction<Backend> open) {
        return DynamicTest.dynamicTest(scenario.toString(), () -> runOn(scenario, open));
    }

    private static void runOn(Scenario scenario, IntFunction<Backend> open) {
        Backend backend = open.apply(THREADS);
        try (Engine first = BackendUnderTest.compile(backend, scenario.plan());
                Engine second = BackendUnderTest.compile(backend, scenario.plan())) {
            Observations.of(first, scenario);
            second.load(first.snapshot());
            Comparisons.assertSameBits(
                    scenario,
                    Observations.continued(first, scenario),
                    Observations.continued(second, scenario));
        }
    }
}
