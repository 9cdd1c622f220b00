package io.dfc.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Decides at which size a case is measured, from predicted and measured times. Sizes are tried from
 * small to large; below the smallest that says something about a backend, only to learn how long
 * that one may take.
 */
final class SizePlan {
    /** How much slower than the fastest so far a case may be that was never run. */
    private static final double CAUTION = 8;

    /** Part of the time left that a single run may take where there is no time for more. */
    private static final double SINGLE_RUN = 0.8;

    /** Part of the time left that a run may take that is not measured. */
    private static final double PROBE_RUN = 0.5;

    /**
     * Part of the time of all cases that may be risked for one: a prediction from few samples is
     * too high, since a backend may take as long for more.
     */
    private static final double RISK = 1.0 / 12;

    private final List<Size> meaningful;
    private final List<Size> all;
    private final ToDoubleFunction<Size> work;
    private final int runs;

    /**
     * A plan.
     *
     * @param declared the size that is wanted
     * @param work operations of a size, at worst
     * @param runs how many runs of a size have to fit for it to be taken
     */
    SizePlan(Size declared, ToDoubleFunction<Size> work, int runs) {
        meaningful = declared.ladder();
        all = new ArrayList<>(meaningful);
        all.addAll(declared.probes());
        this.work = work;
        this.runs = runs;
    }

    /** The smallest size that is tried. */
    Size smallest() {
        return all.getLast();
    }

    /** The smallest size that is measured. */
    Size smallestMeasured() {
        return meaningful.getLast();
    }

    /**
     * The size to begin with.
     *
     * @param rate operations per second, the best seen so far
     * @param left seconds for the case
     * @return a size that takes no longer even on an unfavourable case; the smallest if only that
     *     one may fit; nothing if not even that one does
     */
    Optional<Size> first(double rate, double left) {
        for (Size size : all) {
            if (CAUTION * work.applyAsDouble(size) / rate <= left) {
                return Optional.of(size);
            }
        }
        return Optional.of(smallest()).filter(s -> work.applyAsDouble(s) / rate <= left);
    }

    /**
     * The size to go on with.
     *
     * @param current the size that was run
     * @param seconds how long that took
     * @param left seconds left for the case
     * @param total seconds left for all cases
     * @return a larger size to try; the same to measure it; nothing if none that says something
     *     fits the time
     */
    Optional<Size> next(Size current, double seconds, double left, double total) {
        int at = all.indexOf(current);
        double each = left / (runs + 1.0 / 2);
        for (Size size : meaningful) {
            if (all.indexOf(size) < at && predicted(size, current, seconds) <= each) {
                return Optional.of(size);
            }
        }
        if (meaningful.contains(current)) {
            return Optional.of(current);
        }
        Size least = smallestMeasured();
        if (predicted(least, current, seconds) <= Math.max(SINGLE_RUN * left, RISK * total)) {
            return Optional.of(least);
        }
        return all.subList(meaningful.size(), at).stream()
                .filter(
                        s ->
                                predicted(s, current, seconds)
                                        <= Math.max(PROBE_RUN * left, RISK * total))
                .findFirst();
    }

    /** Seconds that a size will take at most, from those that another took. */
    double predicted(Size size, Size measured, double seconds) {
        return seconds * work.applyAsDouble(size) / work.applyAsDouble(measured);
    }
}
