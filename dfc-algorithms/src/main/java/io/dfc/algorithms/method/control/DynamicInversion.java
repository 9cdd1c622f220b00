package io.dfc.algorithms.method.control;

import io.dfc.algorithms.method.GradientLearning;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.plan.Plan;

/**
 * Least control by dynamic inversion (arXiv 2207.01332): a controller finds the least control that
 * lowers the loss, through the transposed weights, and the weights learn to make it needless. On a
 * feedforward network the weights descend {@code |x - f|^2 / 2 + |o - f_L|^2 / 2 + (k_i / alpha +
 * k_p) Loss(o)} at its least, the squared control and, because the controller leaks, the loss that
 * is left.
 */
public final class DynamicInversion extends LeastControlMethod<DynamicInversionSettings> {
    /** The method. */
    public DynamicInversion() {
        super(
                "lcp-di",
                "least control by dynamic inversion: weights learn from the controls of a steady state",
                DynamicInversionSettings.class);
    }

    @Override
    public DynamicInversionSettings defaults() {
        return new DynamicInversionSettings(forward(), ControlSection.published(), "iterated");
    }

    @Override
    public DynamicInversionSettings check(DynamicInversionSettings settings, int depth) {
        settings.check(depth);
        return settings;
    }

    @Override
    public LearningPlan plan(DynamicInversionSettings s, MethodContext context) {
        Plan.Builder builder = context.builder();
        Inversion inversion =
                new Inversion(states(builder, context, s.forward()), s.control().constants());
        return GradientLearning.plan(
                builder,
                "inversion",
                inversion.dynamicInversion(s.solver().equals("direct")),
                s.forward(),
                context::parameters);
    }
}
