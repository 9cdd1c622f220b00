package io.dfc.algorithms.train;

/**
 * A minibatch was learnt.
 *
 * @param pass what the pass teaches
 * @param epoch epoch, or pre-training pass, counted from 1
 * @param epochs number of epochs, or pre-training passes, of the run
 * @param minibatch minibatch within the pass, counted from 1
 * @param minibatches number of minibatches in the pass
 * @param samples samples of the pass so far
 * @param loss mean loss over the samples of the pass so far
 * @param error share of them classified wrongly; NaN for regression
 */
public record MinibatchEvent(
        Pass pass,
        int epoch,
        int epochs,
        int minibatch,
        int minibatches,
        long samples,
        double loss,
        double error) {}
