package io.dfc.algorithms.data;

/** What a network should answer to each sample. */
sealed interface Answers {
    /**
     * A class for each sample.
     *
     * @param labels one per sample, each in [0, {@code classes}); shared
     * @param classes number of classes
     */
    record Labels(int[] labels, int classes) implements Answers {}

    /**
     * A vector for each sample.
     *
     * @param values one per sample
     */
    record Values(Samples values) implements Answers {}

    /** The input itself. */
    record Inputs() implements Answers {}
}
