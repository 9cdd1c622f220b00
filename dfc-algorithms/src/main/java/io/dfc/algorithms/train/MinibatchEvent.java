package io.dfc.algorithms.train;

/**
 * A minibatch was learnt.
 *
 * @param sweep what the sweep teaches
 * @param epoch epoch, or pre-training sweep, counted from 1
 * @param epochs number of epochs, or pre-training sweeps, of the run
 * @param minibatch minibatch within the sweep, counted from 1
 * @param minibatches number of minibatches in the sweep
 * @param samples samples of the sweep so far
 * @param loss mean loss over the samples of the sweep so far
 * @param error share of them classified wrongly; NaN for regression
 */
public record MinibatchEvent(
        Sweep sweep,
        int epoch,
        int epochs,
        int minibatch,
        int minibatches,
        long samples,
        double loss,
        double error) {}
