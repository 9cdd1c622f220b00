package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.GradientLearning;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramBuilder;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The gradient of the mean loss for the last layer alone; the layers below stay as they are drawn.
 */
public final class ShallowBackpropagation extends ForwardMethod {
    /** The method. */
    public ShallowBackpropagation() {
        super(
                "bp-shallow",
                "backpropagation into the last layer alone, a lower bound for what credit is worth");
    }

    @Override
    public LearningPlan plan(ForwardSettings settings, MethodContext context) {
        Plan.Builder builder = context.builder();
        int last = context.network().depth() - 1;
        ProgramBuilder p =
                LayerProgram.builder(context.network())
                        .gradient(
                                settings.forward().clipping(), builder.weights(), builder.biases());
        var delta = p.throughSlope("delta", p.lossGradient("e", p.rate(last)), last);
        p.outerInto(builder.weights(), last, delta, p.presynaptic(last))
                .sumInto(builder.biases(), last, delta);
        return GradientLearning.plan(
                builder,
                "last-layer",
                p.build(),
                settings.forward(),
                IntStream.range(0, last).boxed().collect(Collectors.toSet()),
                context::parameters);
    }
}
