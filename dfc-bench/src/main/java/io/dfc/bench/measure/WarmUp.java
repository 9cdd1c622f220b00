package io.dfc.bench.measure;

/** Runs a trial until it gets no faster and no compiler is at work. */
final class WarmUp {
    /** A run as long as this is no faster the second time, once everything is compiled. */
    static final double LONG_RUN = 0.5;

    /** Without improvement for so long, and with idle compilers, a trial is warm. */
    private static final double STEADY_SECONDS = 0.15;

    private static final double IMPROVEMENT = 0.9;

    /**
     * A run as much slower than the fastest tells of code that was thrown away and is interpreted
     * again, which the compilers hear of later.
     */
    private static final double RELAPSE = 1.7;

    private WarmUp() {}

    /**
     * Runs a trial until it is warm.
     *
     * @param first seconds of its first run
     * @param longest seconds after which it counts as warm
     * @return seconds of its fastest run
     */
    static double run(Machine machine, Trial trial, double first, double longest) {
        double start = machine.seconds();
        double least = first;
        double steady = first >= LONG_RUN ? first : 0;
        while (true) {
            double left = start + longest - machine.seconds();
            if (left <= 0) {
                return least;
            }
            if (steady >= STEADY_SECONDS) {
                if (!machine.awaitCompiler(left)) {
                    return least;
                }
                steady = 0;
            }
            double seconds = trial.run();
            boolean changed = seconds < IMPROVEMENT * least || seconds > RELAPSE * least;
            steady = changed ? 0 : steady + seconds;
            least = Math.min(least, seconds);
        }
    }
}
