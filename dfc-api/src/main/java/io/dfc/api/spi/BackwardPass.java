package io.dfc.api.spi;

/**
 * Results of the last {@link Engine#backward}; a view into the engine, valid until its next call.
 * Every tensor is a fresh copy.
 */
public interface BackwardPass {
    /**
     * Norm of a layer's weight and bias gradient after clipping.
     *
     * @param layer layer, from 0
     * @return the Euclidean norm
     */
    double gradientNorm(int layer);

    /** {@return the gradient of the mean loss, after clipping} */
    Gradients gradients();
}
