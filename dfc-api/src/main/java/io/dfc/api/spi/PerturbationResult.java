package io.dfc.api.spi;

import io.dfc.api.tensor.Tensor;

import java.util.List;

/** Results of a {@link io.dfc.api.plan.PerturbationPhase}. */
public interface PerturbationResult extends PhaseResult {
    /** {@return {@code G_Q(i)} before clipping, shape [n_i, n_L] each} */
    List<Tensor> unclippedFeedback();
}
