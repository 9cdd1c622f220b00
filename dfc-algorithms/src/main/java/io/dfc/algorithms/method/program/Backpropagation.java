package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.GradientLearning;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.Plan;

/** Backpropagation: the gradient of the mean loss. */
public final class Backpropagation extends ForwardMethod {
    /** The method. */
    public Backpropagation() {
        super("bp", "backpropagation");
    }

    @Override
    public LearningPlan plan(ForwardSettings settings, MethodContext context) {
        Plan.Builder builder = context.builder();
        return GradientLearning.plan(
                builder,
                "backward",
                LayerPrograms.backpropagation(
                        context.network(),
                        builder.weights(),
                        builder.biases(),
                        settings.forward().clipping()),
                settings.forward(),
                context::parameters);
    }
}
