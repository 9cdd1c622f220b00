package io.dfc.api.spi;

import io.dfc.api.tensor.Tensor;

/**
 * What a network makes of inputs; a view into the engine, valid until its next feedforward pass.
 * Every tensor is a fresh copy.
 */
public interface Inference {
    /** {@return the number of samples} */
    int samples();

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
}
