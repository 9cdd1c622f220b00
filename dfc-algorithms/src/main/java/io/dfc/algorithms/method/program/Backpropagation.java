package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchPass;
import io.dfc.algorithms.train.Sweep;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;

/** Backpropagation: the gradient of the mean loss. */
public final class Backpropagation implements LearningMethod<ForwardSettings> {
    /** The method. */
    public Backpropagation() {}

    @Override
    public String name() {
        return "bp";
    }

    @Override
    public String summary() {
        return "backpropagation";
    }

    @Override
    public Class<ForwardSettings> settings() {
        return ForwardSettings.class;
    }

    @Override
    public ForwardSettings defaults() {
        return new ForwardSettings(ForwardSection.defaults());
    }

    @Override
    public ForwardSettings check(ForwardSettings settings, int depth) {
        settings.forward().check(depth);
        return settings;
    }

    @Override
    public LearningPlan plan(ForwardSettings settings, MethodContext context) {
        ForwardSection forward = settings.forward();
        Plan.Builder builder = context.builder();
        ProgramHandle backward =
                builder.program(
                        "backward",
                        LayerPrograms.backpropagation(
                                context.network(),
                                builder.weights(),
                                builder.biases(),
                                forward.clipping()));
        StepHandle step =
                builder.step(
                        backward.gradients().getFirst(),
                        builder.optimizer(
                                "forward", forward.optimization(), builder.forwardGroups()));
        return new LearningPlan(
                        builder.build(),
                        context::parameters,
                        new Sweep("forward", MinibatchPass.of(step)))
                .scheduled(forward.rates());
    }
}
