package io.dfc.algorithms.train;

import io.dfc.algorithms.measure.Measurements;

/**
 * Receives the events of a run, on the thread that trains. Every method does nothing unless
 * overridden.
 */
public interface TrainingListener {
    /**
     * The run begins or continues.
     *
     * @param spec what it does
     * @param progress how far it has come
     */
    default void started(TrainingSpec spec, Progress progress) {}

    /**
     * A minibatch was learnt.
     *
     * @param event the event
     */
    default void minibatchDone(MinibatchEvent event) {}

    /**
     * The update of a minibatch of the training sweep was measured.
     *
     * @param epoch epoch, counted from 1
     * @param measurements what was measured
     */
    default void measured(int epoch, Measurements measurements) {}

    /**
     * A pre-training sweep is complete.
     *
     * @param snapshot state of the run, from which it can continue
     * @param seconds wall-clock seconds of the sweep
     */
    default void pretrainingSweepDone(TrainingSnapshot snapshot, double seconds) {}

    /**
     * An epoch is complete.
     *
     * @param report what it brought
     * @param snapshot state of the run, from which it can continue
     */
    default void epochDone(EpochReport report, TrainingSnapshot snapshot) {}

    /**
     * The run has ended; {@link TrainingResult.Reason#INTERRUPTED} says that it was not complete.
     *
     * @param result its result
     */
    default void finished(TrainingResult result) {}
}
