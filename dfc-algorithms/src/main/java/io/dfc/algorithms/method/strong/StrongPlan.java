package io.dfc.algorithms.method.strong;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.StepHandle;

import java.util.List;
import java.util.Optional;

/** What the plans of both forms of Strong-DFC have in common. */
final class StrongPlan {
    final Plan.Builder builder;
    private final MethodContext context;
    private final StrongFeedbackSection feedback;
    private final ParameterGroup q;

    StrongPlan(MethodContext context, StrongFeedbackSection feedback) {
        this.context = context;
        this.feedback = feedback;
        builder = context.builder();
        q = builder.feedbackWeights();
    }

    /**
     * Adds a loop, which is simulated: strong feedback drives the network far from its feedforward
     * pass, where no reduced-order loop holds. The mean over the noise is computed without that.
     */
    LoopHandle loop(
            String name,
            OutputTarget target,
            LoopSection settings,
            Optional<ApicalNoise> noise,
            Plasticity... plasticities) {
        return builder.loop(
                name,
                new LoopPhase(
                        q,
                        target,
                        settings.controller(),
                        settings.dynamics(),
                        new Solver.Euler(),
                        Convergence.includingAll(),
                        noise,
                        List.of(plasticities)));
    }

    /** What forward weights learn. */
    static ForwardPlasticity forward(ForwardPlasticity.Mode mode, ForwardSection forward) {
        return new ForwardPlasticity(
                mode,
                DfcRule.NONLINEAR_DIFFERENCE,
                ForwardPlasticity.Presynaptic.CONTROLLED,
                forward.clipping());
    }

    StepHandle forwardStep(GradientHandle gradient, ForwardSection forward) {
        return builder.step(
                gradient,
                builder.optimizer("forward", forward.optimization(), builder.forwardGroups()));
    }

    StepHandle feedbackStep(GradientHandle gradient, String name, double rate) {
        return builder.step(
                gradient,
                builder.optimizer(name, feedback.optimization(rate, context.network().depth()), q));
    }
}
