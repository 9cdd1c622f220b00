package io.dfc.algorithms.method.newton;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;

/**
 * Gauss-Newton updates, damped and sample by sample (arXiv 2106.07887): {@code K^T (K K^T + gamma
 * I)^-1 g} with the Jacobian {@code K} of a sample's output by all parameters, {@code K K^T = sum_i
 * (|r_(i-1)|^2 + 1) J_i J_i^T}. Each sample's {@code g} is that of the mean loss, and samples are
 * summed.
 */
public final class GaussNewton extends NewtonMethod {
    /** The method. */
    public GaussNewton() {
        super("gn", "Gauss-Newton updates, damped, sample by sample");
    }

    @Override
    public LearningPlan plan(NewtonSettings settings, MethodContext context) {
        return system(settings, context, true);
    }
}
