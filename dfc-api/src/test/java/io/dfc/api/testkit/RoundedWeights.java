package io.dfc.api.testkit;

import io.dfc.api.spi.Precision;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Scenarios in which the controlled phases multiply by rounded weights. */
final class RoundedWeights {
    private RoundedWeights() {}

    /**
     * Phases with every way to read the weights. None steps: parameters that differ in their last
     * bits may fall to either side of what is rounded.
     */
    static List<Scenario> of(Scenarios scenarios) {
        List<Scenario> all =
                Stream.of(scenarios.updates(), scenarios.solvers(), scenarios.feedback())
                        .flatMap(List::stream)
                        .filter(s -> s.plan().optimizations().isEmpty())
                        .toList();
        // They say the same of every second one.
        return IntStream.range(0, all.size())
                .filter(i -> i % 2 == 1)
                .mapToObj(all::get)
                .map(RoundedWeights::rounded)
                .toList();
    }

    private static Scenario rounded(Scenario s) {
        return new Scenario(
                s.name() + " with " + Precision.BFLOAT16,
                s.plan().withPrecision(Precision.BFLOAT16),
                s.parameters(),
                s.minibatches(),
                s.noise());
    }
}
