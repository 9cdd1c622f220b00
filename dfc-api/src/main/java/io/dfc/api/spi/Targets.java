package io.dfc.api.spi;

import io.dfc.api.tensor.Tensor;

/** What the network's output is compared with. */
public sealed interface Targets {
    /**
     * Class labels, for the cross-entropy loss.
     *
     * @param classes one label per sample, in [0, n_L); shared, not copied, so that a minibatch can
     *     be refilled
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Labels(int[] classes) implements Targets {}

    /**
     * Values: the regression target, or class probabilities with the cross-entropy loss.
     *
     * @param values shape [B, n_L]; shared, not copied
     */
    record Values(Tensor values) implements Targets {}

    /** {@return the number of samples} */
    default int samples() {
        return switch (this) {
            case Labels(int[] classes) -> classes.length;
            case Values(Tensor values) -> values.dim(0);
        };
    }
}
