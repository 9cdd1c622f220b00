package io.dfc.algorithms.train;

import io.dfc.api.plan.LoopHandle;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.trajectory.Recording;

/**
 * Chooses which loops of a run are recorded, and receives the recordings. A run gives the same bits
 * whether or not it is measured. Called on the thread that trains.
 */
public interface LoopMeasurement {
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

    /** {@return a measurement of nothing} */
    static LoopMeasurement none() {
        return Nothing.INSTANCE;
    }

    /** Measures nothing. */
    enum Nothing implements LoopMeasurement {
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
