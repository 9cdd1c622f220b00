package io.dfc.algorithms.store;

import io.dfc.algorithms.train.Progress;

/**
 * Size of a training set.
 *
 * @param samples number of samples, at least 1
 * @param batch samples in a minibatch, at least 1; the last of a sweep may have fewer
 */
public record TrainingSize(int samples, int batch) {
    /**
     * Samples learnt in all sweeps, where at most one has ended early.
     *
     * @param progress how far the run has come
     * @return their number
     */
    public long learnt(Progress progress) {
        int sweep = Math.ceilDiv(samples, batch);
        long whole = progress.minibatches() / sweep;
        return whole * samples + (long) (progress.minibatches() % sweep) * batch;
    }
}
