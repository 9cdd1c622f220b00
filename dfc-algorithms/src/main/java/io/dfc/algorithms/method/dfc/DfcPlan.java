package io.dfc.algorithms.method.dfc;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchUpdate;
import io.dfc.algorithms.train.Sweep;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.tensor.Tensor;

import java.util.List;
import java.util.Optional;

/**
 * Plans Deep Feedback Control: a loop that drives the output to its target, from which the forward
 * weights learn, and a noisy loop whose target is the feedforward output, from which the feedback
 * weights learn in sweeps of their own.
 */
final class DfcPlan {
    private final DfcSettings settings;
    private final MethodContext context;
    private final Variant variant;
    private final Plan.Builder builder;
    private final ParameterGroup q;

    DfcPlan(DfcSettings settings, MethodContext context, Variant variant) {
        this.settings = settings;
        this.context = context;
        this.variant = variant;
        builder = context.builder();
        q = builder.feedbackWeights();
    }

    LearningPlan plan(boolean learnsFeedback) {
        ForwardSection steps = settings.forward().steps(settings.target().stepSize());
        StepHandle forward =
                builder.step(
                        builder.loop("control", control(steps)).gradients().getFirst(),
                        builder.optimizer(
                                "forward", steps.optimization(), builder.forwardGroups()));
        if (!learnsFeedback) {
            return learning(forward, steps);
        }
        FeedbackSection f = settings.feedback();
        GradientHandle gradient = feedback().gradients().getFirst();
        StepHandle training = feedbackStep(gradient, "feedback", f.learningRate());
        StepHandle pretraining =
                feedbackStep(gradient, "feedback-pretraining", f.pretrainingLearningRate());
        return FeedbackSchedule.of(f).applied(learning(forward, steps), pretraining, training);
    }

    private LearningPlan learning(StepHandle forward, ForwardSection steps) {
        return new LearningPlan(
                        builder.build(),
                        this::draw,
                        new Sweep("forward", MinibatchUpdate.of(forward)))
                .scheduled(steps.rates());
    }

    private Parameters draw() {
        return ParameterInitializer.draw(
                context.network(),
                context.initialization(),
                settings.feedback().start(),
                context.seed());
    }

    private StepHandle feedbackStep(GradientHandle gradient, String name, double rate) {
        return builder.step(
                gradient,
                builder.optimizer(
                        name,
                        settings.feedback().optimization(rate, context.network().depth()),
                        q));
    }

    private LoopPhase control(ForwardSection steps) {
        ControlSection c = settings.control();
        return new LoopPhase(
                q,
                settings.target().output(),
                c.controller(),
                c.dynamics(),
                solver(),
                c.convergence(),
                c.noise(),
                List.of(
                        new ForwardPlasticity(
                                mode(),
                                settings.forward().dfcRule(),
                                settings.forward().presynaptic().equals("controlled")
                                        ? ForwardPlasticity.Presynaptic.CONTROLLED
                                        : ForwardPlasticity.Presynaptic.FEEDFORWARD,
                                steps.clipping())));
    }

    private Solver solver() {
        return variant == Variant.LINEARIZED
                ? new Solver.Linearized()
                : switch (settings.solver()) {
                    case STEADY_STATE -> new Solver.SteadyState();
                    case EULER -> new Solver.Euler();
                    case AUTO -> new Solver.Auto(settings.solverTolerance());
                };
    }

    private ForwardPlasticity.Mode mode() {
        if (variant != Variant.TRAJECTORY) {
            return ForwardPlasticity.Mode.LAST_STATE;
        }
        return settings.forward().running()
                ? ForwardPlasticity.Mode.CONTINUOUS_RUNNING
                : ForwardPlasticity.Mode.CONTINUOUS;
    }

    private PhaseHandle feedback() {
        FeedbackSection f = settings.feedback();
        return switch (f.rule()) {
            case "special-controller" ->
                    perturbation(new FeedbackRule.ForwardPerturbation(f.noiseSigma()));
            case "old-rule" ->
                    perturbation(
                            new FeedbackRule.LinearizedReconstruction(f.noiseSigma(), f.leakage()));
            default -> builder.loop("feedback", feedbackLoop());
        };
    }

    private PhaseHandle perturbation(FeedbackRule rule) {
        return builder.perturbation(
                "feedback",
                new PerturbationPhase(q, rule, decay(), settings.feedback().clipping()));
    }

    private LoopPhase feedbackLoop() {
        FeedbackSection f = settings.feedback();
        return new LoopPhase(
                q,
                new OutputTarget.OwnOutput(),
                new ProportionalIntegralController(f.proportionalGain(), f.leakage()),
                f.dynamics(),
                settings.solver() == SolverChoice.EULER
                        ? new Solver.Euler()
                        : new Solver.Auto(f.solverTolerance()),
                Convergence.includingAll(),
                Optional.of(f.noise()),
                List.of(f.plasticity(decay())));
    }

    private Optional<HomeostaticDecay> decay() {
        FeedbackSection f = settings.feedback();
        return f.homeostaticWeightDecay()
                .map(
                        rate ->
                                new HomeostaticDecay(
                                        rate,
                                        f.homeostaticConstant()
                                                .orElseGet(() -> squaredNorm(draw()))));
    }

    private static double squaredNorm(Parameters parameters) {
        double sum = 0;
        for (Tensor tensor : parameters.feedback()) {
            for (int i = 0; i < tensor.size(); i++) {
                sum += tensor.get(i) * tensor.get(i);
            }
        }
        return sum;
    }
}
