package io.dfc.algorithms.data;

/** The target of each sample. */
sealed interface SampleTargets {
    /**
     * A class for each sample.
     *
     * @param labels one per sample, each in [0, {@code classes}); shared
     * @param classes number of classes
     */
    record Labels(int[] labels, int classes) implements SampleTargets {}

    /**
     * A vector for each sample.
     *
     * @param values one per sample
     * @param unit the deviation by which targets were divided: a target of 1 in the unit of the
     *     user
     */
    record Values(Samples values, double unit) implements SampleTargets {}

    /** The input itself. */
    record Inputs() implements SampleTargets {}
}
