package io.dfc.api.spi;

import io.dfc.api.tensor.Tensor;

/**
 * Results of the last {@link Engine#forward}; a view into the engine, valid until its next forward
 * pass. Scalars are free; every tensor is a fresh copy.
 */
public interface ForwardPass {
    /** {@return the number of samples} */
    int samples();

    /** {@return the mean loss over the minibatch} */
    double loss();

    /**
     * {@return the number of samples whose largest output (the first of equals) is their label or
     * largest target; 0 for squared error}
     */
    int correct();

    /**
     * Voltages {@code v_i^-}.
     *
     * @param layer layer, from 0
     * @return shape [B, n_i]
     */
    Tensor voltage(int layer);

    /**
     * Rates {@code r_i^-}.
     *
     * @param layer layer, from 0
     * @return shape [B, n_i]
     */
    Tensor rate(int layer);

    /**
     * The output target {@code r_L^*} of the plan's control phase; for a strong target the label
     * itself.
     *
     * @return shape [B, n_L]
     * @throws IllegalStateException if the plan has no control phase
     */
    Tensor outputTarget();

    /**
     * Jacobian of {@code r_L} with respect to the concatenated voltages {@code v_1^-..v_L^-}, per
     * sample.
     *
     * @return shape [B, n_L, N]
     */
    Tensor jacobian();
}
