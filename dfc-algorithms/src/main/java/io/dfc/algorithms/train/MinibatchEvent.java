package io.dfc.algorithms.train;

/**
 * A minibatch was learnt: its position in the run and the measures of its sweep so far.
 *
 * @param sweep label of the sweep
 * @param pretraining whether the sweep comes before the first epoch
 * @param epoch epoch, or pre-training sweep, counted from 1
 * @param epochs number of epochs, or pre-training sweeps, of the run
 * @param minibatch minibatch within the sweep, counted from 1
 * @param minibatches number of minibatches in the sweep
 * @param samples samples of the sweep so far
 * @param soFar loss and error over these samples, each measured before its update
 */
public record MinibatchEvent(
        String sweep,
        boolean pretraining,
        int epoch,
        int epochs,
        int minibatch,
        int minibatches,
        long samples,
        Evaluation soFar) {}
