package io.dfc.algorithms.train;

/**
 * Results of an epoch.
 *
 * @param epoch epoch, counted from 1
 * @param train loss and error on the training set, each minibatch measured just before its update
 * @param validation loss and error on the validation set after the epoch
 * @param test loss and error on the test set after the epoch
 * @param best whether this is the best epoch so far, judged on the validation set (on the test
 *     set's absence never)
 * @param convergence how the controlled samples fared
 * @param feedbackMinibatches minibatches of the epoch on which feedback weights learnt in sweeps of
 *     their own or in steps interleaved with the training sweep
 * @param seconds wall-clock seconds of the epoch, evaluation included
 */
public record EpochReport(
        int epoch,
        Evaluation train,
        Evaluation validation,
        Evaluation test,
        boolean best,
        ConvergenceCounts convergence,
        int feedbackMinibatches,
        double seconds) {}
