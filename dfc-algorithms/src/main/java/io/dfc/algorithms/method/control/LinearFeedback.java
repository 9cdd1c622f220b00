package io.dfc.algorithms.method.control;

import io.dfc.algorithms.method.InitialParameters;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.Sweep;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Network;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;

import java.util.List;
import java.util.Set;

/**
 * Least control through linear feedback (arXiv 2207.01332): {@code e_i = Q_i u} straight from the
 * output, hidden weights learn from {@code e_i * phi'(f_i + e_i)}, and {@code Q} learns from a
 * second, noisy simulation of every minibatch. How many steps that has was not found; 100 are four
 * time constants of the network.
 */
public final class LinearFeedback extends LeastControlMethod<LinearFeedbackSettings> {
    /** The method. */
    public LinearFeedback() {
        super(
                "lcp-lf",
                "least control through linear feedback from the output, which learns from noise",
                LinearFeedbackSettings.class);
    }

    @Override
    public LinearFeedbackSettings defaults() {
        return new LinearFeedbackSettings(
                forward(),
                ControlSection.published(),
                new LinearFeedbackSettings.NoisyFeedbackSection(0.01, 100, 5, 1, 1e5, 0.01));
    }

    @Override
    public LinearFeedbackSettings check(LinearFeedbackSettings settings, int depth) {
        settings.check(depth);
        return settings;
    }

    @Override
    public LearningPlan plan(LinearFeedbackSettings s, MethodContext context) {
        Network network = context.network();
        Plan.Builder builder = context.builder();
        Inversion inversion =
                new Inversion(states(builder, context, s.forward()), s.control().constants());
        ParameterGroup q =
                hidden(builder, "Q", network, i -> new int[] {network.size(i), network.outputs()});
        ProgramHandle program =
                builder.program("inversion", inversion.linearFeedback(q, s.feedback().noisy()));
        StepHandle forward =
                builder.step(
                        program.gradients().getFirst(),
                        builder.optimizer(
                                "forward", s.forward().optimization(), builder.forwardGroups()));
        StepHandle feedback =
                builder.step(
                        program.gradients().getLast(),
                        builder.optimizer(
                                "feedback",
                                new Optimization(
                                        new Optimizer.Sgd(0),
                                        List.of(
                                                s.control().timeStep()
                                                        / s.feedback().timeConstant()),
                                        s.feedback().weightDecay(),
                                        Set.of()),
                                q));
        Sweep sweep =
                new Sweep(
                        "forward and feedback",
                        run -> {
                            run.run(program);
                            run.apply(forward);
                            run.applyUnscheduled(1, feedback);
                        });
        return new LearningPlan(
                        builder.build(),
                        () ->
                                new InitialParameters(context)
                                        .normal(q, 1 / Math.sqrt(network.outputs()))
                                        .parameters(),
                        sweep)
                .scheduled(s.forward().rates());
    }
}
