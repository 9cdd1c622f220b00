package io.dfc.api.testkit.rule;

import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.testkit.agreement.Comparisons;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.agreement.Observations;
import io.dfc.api.testkit.scenario.Scenario;

import org.junit.jupiter.api.DynamicTest;

import java.util.function.IntFunction;

/** Bits that do not depend on threads, on what ran before, or on being continued. */
public final class Determinism {
    private static final int THREADS = 2;

    private Determinism() {}

    public static DynamicTest onThreads(Scenario scenario, IntFunction<Backend> open) {
        return DynamicTest.dynamicTest(scenario.toString(), () -> runOnThreads(scenario, open));
    }

    private static void runOnThreads(Scenario scenario, IntFunction<Backend> open) {
        try (Engine one = CompiledPlan.of(open.apply(1), scenario.plan());
                Engine two = CompiledPlan.of(open.apply(2), scenario.plan());
                Engine three = CompiledPlan.of(open.apply(3), scenario.plan())) {
            Observations expected = Observations.of(one, scenario);
            Comparisons.assertSameBits(
                    "2 threads: " + scenario, expected, Observations.of(two, scenario));
            Comparisons.assertSameBits(
                    "3 threads: " + scenario, expected, Observations.of(three, scenario));
        }
    }

    public static DynamicTest twice(Scenario scenario, IntFunction<Backend> open) {
        return DynamicTest.dynamicTest(scenario.toString(), () -> runTwice(scenario, open));
    }

    private static void runTwice(Scenario scenario, IntFunction<Backend> open) {
        try (Engine engine = CompiledPlan.of(open.apply(THREADS), scenario.plan())) {
            Observations first = Observations.of(engine, scenario);
            Comparisons.assertSameBits(scenario, first, Observations.of(engine, scenario));
        }
    }

    public static DynamicTest continued(Scenario scenario, IntFunction<Backend> open) {
        return DynamicTest.dynamicTest(scenario.toString(), () -> runOn(scenario, open));
    }

    private static void runOn(Scenario scenario, IntFunction<Backend> open) {
        Backend backend = open.apply(THREADS);
        try (Engine first = CompiledPlan.of(backend, scenario.plan());
                Engine second = CompiledPlan.of(backend, scenario.plan())) {
            Observations.of(first, scenario);
            second.load(first.snapshot());
            Comparisons.assertSameBits(
                    scenario,
                    Observations.continued(first, scenario),
                    Observations.continued(second, scenario));
        }
    }
}
