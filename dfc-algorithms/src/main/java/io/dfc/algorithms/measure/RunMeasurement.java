package io.dfc.algorithms.measure;

import io.dfc.api.plan.LoopHandle;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.trajectory.Recording;

/**
 * Chooses which loops of a run are recorded and which updates are measured, and receives both. A
 * run gives the same bits whether or not it is measured. Called on the thread that trains.
 */
public interface RunMeasurement {
    /**
     * What to record of a loop that is about to run.
     *
     * @param loop the loop
     * @param minibatch minibatches learnt before, since the beginning of the run
     * @return the recording; {@link Recording#none()} to leave the loop alone
     */
    Recording recording(LoopHandle loop, int minibatch);

    /**
     * A loop of which something was to be recorded has run, and its gradients are not applied yet.
     *
     * @param loop the loop
     * @param minibatch minibatches learnt before, since the beginning of the run
     * @param result its results, with the trajectory; valid during the call
     */
    void measured(LoopHandle loop, int minibatch, LoopResult result);

    /**
     * Whether the update of a minibatch of the training sweep is measured. Asked before it is
     * learnt.
     *
     * @param minibatch minibatch within the sweep, from 0
     * @return whether {@link #measure} is called once it was learnt
     */
    default boolean measuresUpdate(int minibatch) {
        return false;
    }

    /**
     * Measures an update.
     *
     * @param update the update; its results are valid during the call
     * @return what was measured
     */
    default Measurements measure(MeasuredUpdate update) {
        return Measurements.none(update.minibatch());
    }

    /** {@return a measurement of nothing} */
    static RunMeasurement none() {
        return Nothing.INSTANCE;
    }

    /** Measures nothing. */
    enum Nothing implements RunMeasurement {
        /** The one measurement of nothing. */
        INSTANCE;

        private static final Recording NONE = Recording.none();

        @Override
        public Recording recording(LoopHandle loop, int minibatch) {
            return NONE;
        }

        @Override
        public void measured(LoopHandle loop, int minibatch, LoopResult result) {}
    }
}
