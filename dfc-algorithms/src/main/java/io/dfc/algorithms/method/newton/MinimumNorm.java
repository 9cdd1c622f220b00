package io.dfc.algorithms.method.newton;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;

/**
 * Minimum-norm updates (arXiv 2106.07887, damped): of all changes of the voltages that move a
 * sample's output along the loss gradient {@code g} the smallest, {@code J^T (J J^T + gamma I)^-1
 * g}, times presynaptic rates. It is what DFC tends to. Each sample's {@code g} is that of the mean
 * loss, and samples are summed.
 */
public final class MinimumNorm extends NewtonMethod {
    /** The method. */
    public MinimumNorm() {
        super("mn", "minimum-norm updates, damped: the smallest change of voltages for the output");
    }

    @Override
    public LearningPlan plan(NewtonSettings settings, MethodContext context) {
        return system(settings, context, false);
    }
}
