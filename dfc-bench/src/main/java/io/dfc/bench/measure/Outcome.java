package io.dfc.bench.measure;

/** The end of a case: a measurement, or why there is none. */
sealed interface Outcome {
    /**
     * It was measured.
     *
     * @param timing how long it takes
     */
    record Measured(Timing timing) implements Outcome {}

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
