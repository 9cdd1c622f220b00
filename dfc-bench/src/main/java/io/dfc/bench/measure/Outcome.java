package io.dfc.bench.measure;

/** What became of a case. */
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
