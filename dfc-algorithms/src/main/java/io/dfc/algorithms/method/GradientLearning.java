package io.dfc.algorithms.method;

import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchUpdate;
import io.dfc.algorithms.train.Sweep;
import io.dfc.api.learn.Optimization;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;

import java.util.Set;
import java.util.function.Supplier;

/**
 * Learning in which a program forms the gradient of the forward weights, and nothing else learns.
 */
public final class GradientLearning {
    private GradientLearning() {}

    /**
     * One sweep an epoch, one step a minibatch, of all layers.
     *
     * @param builder the plan, with all groups that the program reads
     * @param name name of the phase
     * @param program forms the gradient of weights and biases
     * @param forward how they are stepped
     * @param initial draws the parameters
     * @return the learning
     */
    public static LearningPlan plan(
            Plan.Builder builder,
            String name,
            LayerProgram program,
            ForwardSection forward,
            Supplier<Parameters> initial) {
        return plan(builder, name, program, forward, Set.of(), initial);
    }

    /**
     * One sweep an epoch, one step a minibatch.
     *
     * @param builder the plan, with all groups that the program reads
     * @param name name of the phase
     * @param program forms the gradient of weights and biases
     * @param forward how they are stepped
     * @param frozen layers, from 0, that stay as they are
     * @param initial draws the parameters
     * @return the learning
     */
    public static LearningPlan plan(
            Plan.Builder builder,
            String name,
            LayerProgram program,
            ForwardSection forward,
            Set<Integer> frozen,
            Supplier<Parameters> initial) {
        ProgramHandle phase = builder.program(name, program);
        Optimization steps = forward.optimization();
        StepHandle step =
                builder.step(
                        phase.gradients().getFirst(),
                        builder.optimizer(
                                "forward",
                                new Optimization(
                                        steps.optimizer(),
                                        steps.learningRates(),
                                        steps.weightDecay(),
                                        frozen),
                                builder.forwardGroups()));
        return new LearningPlan(
                        builder.build(), initial, new Sweep("forward", MinibatchUpdate.of(step)))
                .scheduled(forward.rates());
    }
}
