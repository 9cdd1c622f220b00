package io.dfc.api.spi;

import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.tensor.Tensor;

/**
 * Results of the last {@link Engine#forward}; a view into the engine, valid until its next
 * feedforward pass. Scalars are free; every tensor is a fresh copy.
 */
public interface ForwardResult extends Inference {
    /** {@return the mean loss over the minibatch} */
    double loss();

    /**
     * {@return the number of samples whose largest output (the first of equals) is their label or
     * largest target; 0 for squared error}
     */
    int correct();

    /**
     * The output target {@code r_L^*} of a loop; for a strong target the label itself.
     *
     * @param loop a loop of the plan
     * @return shape [B, n_L]
     * @throws PlanUnsupportedException if the backend does not tell
     */
    default Tensor outputTarget(LoopHandle loop) {
        throw new PlanUnsupportedException("this backend does not tell output targets");
    }

    /**
     * Jacobian of {@code r_L} with respect to the concatenated voltages {@code v_1^-..v_L^-}, per
     * sample.
     *
     * @return shape [B, n_L, N]
     * @throws PlanUnsupportedException if the backend does not tell
     */
    default Tensor jacobian() {
        throw new PlanUnsupportedException("this backend does not tell Jacobians");
    }
}
