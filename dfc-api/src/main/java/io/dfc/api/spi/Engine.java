package io.dfc.api.spi;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;

/**
 * A compiled {@link Plan}: it owns parameters and optimiser state from {@link #load} to {@link
 * #snapshot} and runs one phase of one minibatch per call. Before the first load its parameters are
 * zero. For one thread at a time: a call while another thread is inside, and any call but {@link
 * #close} after the engine or its backend was closed, is a {@link
 * io.dfc.api.error.MisuseException}. The views that phases return are valid until the next call of
 * the same method.
 *
 * <p>{@link #control}, {@link #feedback} and {@link #backward} work on the minibatch of the last
 * {@link #forward} with the parameters that it saw; stepping parameters makes that pass stale, and
 * a phase called on a stale pass throws {@link IllegalStateException}.
 */
public interface Engine extends AutoCloseable {
    /** {@return the plan} */
    Plan plan();

    /**
     * Replaces parameters and optimiser state; a slot missing from the state starts fresh.
     *
     * @param state the state, copied
     * @throws io.dfc.api.error.ShapeMismatchException if it does not fit the plan
     * @throws io.dfc.api.error.BadDataException if a parameter is not finite or beyond what the
     *     compute type holds
     */
    void load(EngineState state);

    /**
     * Replaces parameters and keeps the optimisers' state: the host path for a caller's own
     * optimiser.
     *
     * @param parameters the parameters, copied
     * @throws io.dfc.api.error.ShapeMismatchException if they do not fit the plan
     * @throws io.dfc.api.error.BadDataException if one is not finite or beyond what the compute
     *     type holds
     */
    void setParameters(Parameters parameters);

    /** {@return a copy of parameters and optimiser state} */
    EngineState snapshot();

    /**
     * The feedforward pass.
     *
     * @param minibatch the samples; not kept
     * @return its results
     * @throws io.dfc.api.error.ShapeMismatchException if the minibatch does not fit the plan
     * @throws io.dfc.api.error.BadDataException if an input or target is not finite or beyond what
     *     the compute type holds
     */
    ForwardPass forward(Minibatch minibatch);

    /**
     * The controlled phase.
     *
     * @param noise noise, used if the plan's phase has a standard deviation
     * @return its results
     * @throws IllegalStateException if the plan has no control phase or there is no fresh forward
     *     pass
     */
    ControlPass control(Noise noise);

    /**
     * The feedback learning phase.
     *
     * @param noise noise
     * @return its results
     * @throws IllegalStateException if the plan has no feedback phase or there is no fresh forward
     *     pass
     */
    FeedbackPass feedback(Noise noise);

    /**
     * Backpropagation of the mean loss.
     *
     * @return its results
     * @throws IllegalStateException if the plan has no backpropagation or there is no fresh forward
     *     pass
     */
    BackwardPass backward();

    /**
     * Steps the forward parameters with an update of the last control phase, in slot {@link
     * OptimizerSlot#FORWARD}.
     *
     * @param update position in the plan's list of updates
     * @param rateScale factor on the learning rates, for schedules; finite
     */
    void applyControl(int update, double rateScale);

    /**
     * Steps the forward parameters with the last backpropagated gradient, in slot {@link
     * OptimizerSlot#FORWARD}.
     *
     * @param rateScale factor on the learning rates
     */
    void applyBackward(double rateScale);

    /**
     * Steps the feedback weights with the last feedback phase's clipped gradient.
     *
     * @param slot {@link OptimizerSlot#FEEDBACK} or {@link OptimizerSlot#FEEDBACK_PRETRAINING}
     * @param rateScale factor on the learning rates
     */
    void applyFeedback(OptimizerSlot slot, double rateScale);

    /**
     * Largest magnitude among a layer's weights, biases and feedback weights.
     *
     * @param layer layer, from 0
     * @return the magnitude; NaN if one of them is NaN
     */
    double largestParameter(int layer);

    /** Frees what the engine holds; a second time, nothing. */
    @Override
    void close();
}
