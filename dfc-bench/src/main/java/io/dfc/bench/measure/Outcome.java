package io.dfc.bench.measure;

/** What became of a case. */
sealed interface Outcome {
    /**
     * It was measured.
     *
     * @param size at this size
     * @param seconds median time of a minibatch
     * @param runs number of times that the median is of
     * @param fallbackSamples samples that were simulated although the solver looks for a shorter
     *     way
     * @param errorEstimate the solver's estimate of the error of its updates; 0 if it gives none
     */
    record Measured(Size size, double seconds, int runs, int fallbackSamples, double errorEstimate)
            implements Outcome {}

    /**
     * The backend declined it.
     *
     * @param reason why
     */
    record Declined(String reason) implements Outcome {}

    /**
     * It does not fit the time.
     *
     * @param reason how long it would take
     */
    record Skipped(String reason) implements Outcome {}
}
