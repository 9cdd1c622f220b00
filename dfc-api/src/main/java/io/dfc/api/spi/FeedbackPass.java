package io.dfc.api.spi;

import io.dfc.api.tensor.Tensor;

import java.util.List;

/**
 * Results of the last {@link Engine#feedback}; a view into the engine, valid until its next call.
 * Every tensor is a fresh copy.
 */
public interface FeedbackPass {
    /**
     * Norm of a layer's gradient after clipping.
     *
     * @param layer layer, from 0
     * @return the Euclidean norm; NaN or infinite when the phase diverged
     */
    double gradientNorm(int layer);

    /** {@return {@code G_Q(i)} before clipping, shape [n_i, n_L] each} */
    List<Tensor> gradients();

    /** {@return {@code G_Q(i)} after clipping, shape [n_i, n_L] each} */
    List<Tensor> clippedGradients();

    /**
     * {@return the number of samples that were simulated although {@link
     * io.dfc.api.control.Solver.Auto} looks for a shorter way; 0 or all}
     */
    int simulated();

    /**
     * {@return with {@link io.dfc.api.control.Solver.Auto}, the estimated relative error of the
     * worst layer's update against exact simulation; 0 when the phase was simulated, and with every
     * other solver}
     */
    double errorEstimate();

    /** {@return what the plan's recording asked for} */
    Trajectory trajectory();
}
