package io.dfc.api.testkit.scenario;

import io.dfc.api.plan.Precision;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Scenarios in which loops multiply by rounded weights. */
public final class RoundedWeights {
    private RoundedWeights() {}

    /**
     * Phases with every way to read the weights. None steps: parameters that differ in their last
     * bits may fall to either side of what is rounded.
     */
    public static List<Scenario> of(Coverage coverage) {
        Scenarios scenarios = new Scenarios(coverage, Precision.BFLOAT16);
        List<Scenario> all =
                Stream.of(scenarios.updates(), scenarios.solvers(), scenarios.feedback())
                        .flatMap(List::stream)
                        .toList();
        // They say the same of every second one.
        return IntStream.range(0, all.size())
                .filter(i -> i % 2 == 1)
                .mapToObj(all::get)
                .map(RoundedWeights::named)
                .toList();
    }

    private static Scenario named(Scenario s) {
        return new Scenario(
                s.name() + " with " + s.plan().precision(),
                s.plan(),
                s.parameters(),
                s.minibatches(),
                s.noise(),
                s.recording());
    }
}
