package io.dfc.bench.measure;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Orders cases, and shares out the time that is left among those that are left. */
final class Schedule {
    /** What a case of another network is sure of, in seconds, where time is not that short. */
    private static final double RESERVED_SECONDS = 0.6;

    /** Work that even the cheapest case is given time for: it has to be warmed up. */
    private static final double SMALLEST_WEIGHT = 2e10;

    private Schedule() {}

    /**
     * The order of measuring: network by network, and the cheapest first, so that what they leave
     * of their time is the dearest ones'.
     *
     * @return positions in the list
     */
    static List<Integer> order(List<BenchCase> cases) {
        return IntStream.range(0, cases.size())
                .boxed()
                .sorted(
                        Comparator.comparing((Integer i) -> cases.get(i).network())
                                .thenComparingDouble(i -> weight(cases.get(i))))
                .toList();
    }

    /**
     * The share of the next case: as its part of the work that is left. The headline network may
     * also use whatever the later ones do not need at least.
     *
     * @param left seconds
     * @param cases the cases left, in order
     * @return seconds for the first of them
     */
    static double share(double left, List<BenchCase> cases) {
        BenchCase next = cases.getFirst();
        double even = left * weight(next) / weight(cases);
        if (!next.network().isHeadline()) {
            return even;
        }
        List<BenchCase> network =
                cases.stream().filter(c -> c.network() == next.network()).toList();
        double reserved = RESERVED_SECONDS * (cases.size() - network.size());
        return Math.max(even, (left - reserved) * weight(next) / weight(network));
    }

    private static double weight(List<BenchCase> cases) {
        return cases.stream().mapToDouble(Schedule::weight).sum();
    }

    private static double weight(BenchCase c) {
        return Math.max(SMALLEST_WEIGHT, c.operations(c.declared()));
    }
}
