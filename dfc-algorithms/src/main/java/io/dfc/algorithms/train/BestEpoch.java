package io.dfc.algorithms.train;

/**
 * The best epoch of a run so far, and its evaluations.
 *
 * @param epoch epoch, counted from 1; 0 before the first
 * @param validation evaluation by which it was chosen
 * @param test evaluation on the test set
 * @param train evaluation on the training set
 */
public record BestEpoch(int epoch, Evaluation validation, Evaluation test, Evaluation train) {
    /** Before the first epoch. */
    public static final BestEpoch NONE =
            new BestEpoch(0, Evaluation.NONE, Evaluation.NONE, Evaluation.NONE);
}
