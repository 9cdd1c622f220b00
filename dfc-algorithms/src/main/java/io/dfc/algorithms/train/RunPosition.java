package io.dfc.algorithms.train;

import io.dfc.api.error.DivergenceException;
import io.dfc.api.spi.Engine;

/**
 * A position in a run, for checks whose messages name it.
 *
 * @param spec what the run does
 * @param epoch epoch, counted from 1; 0 in pre-training
 * @param minibatch minibatch of the sweep, counted from 1
 */
record RunPosition(TrainingSpec spec, int epoch, int minibatch) {
    private String remedy() {
        return spec.learning().forwardLoop().isPresent()
                ? "; try a lower learning rate, a smaller target.step-size or a smaller control.time-step"
                : "; try a lower forward.learning-rate";
    }

    /**
     * Checks a number.
     *
     * @throws DivergenceException if it is not finite
     */
    void require(double value, String problem) {
        if (!Double.isFinite(value)) {
            throw new DivergenceException(epoch, minibatch, problem + remedy());
        }
    }

    /**
     * Checks the parameters of an engine.
     *
     * @throws DivergenceException if one has left its range
     */
    void requireSmall(Engine engine) {
        double limit = spec.stop().maxParameter();
        for (int layer = 0; layer < spec.plan().network().depth(); layer++) {
            double largest = engine.largestParameter(layer);
            if (!(largest <= limit)) {
                throw new DivergenceException(
                        epoch,
                        minibatch,
                        "a parameter of layer "
                                + (layer + 1)
                                + " is "
                                + largest
                                + ", beyond "
                                + limit
                                + remedy());
            }
        }
    }
}
