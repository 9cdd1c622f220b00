package io.dfc.algorithms.method.strong;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.NamedMethod;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchUpdate;
import io.dfc.algorithms.train.Sweep;
import io.dfc.algorithms.yaml.Yaml;
import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.StepHandle;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Strong-DFC in two phases (Meulemans et al. 2022, arXiv 2204.07249): sweeps for the feedback
 * weights, with noise, alternate with sweeps for the forward weights, without; the controller
 * pursues the label in both, unless the feedback weights are to learn near the feedforward pass.
 */
public final class StrongDfcTwoPhase extends NamedMethod<TwoPhaseSettings> {
    /** The method. */
    public StrongDfcTwoPhase() {
        super(
                "strong-dfc-2phase",
                "Strong-DFC in two phases: noisy sweeps for feedback weights, then the forward weights",
                TwoPhaseSettings.class);
    }

    @Override
    public TwoPhaseSettings defaults() {
        return Yaml.mapper()
                .readValue(
                        Yaml.resource(StrongDfcTwoPhase.class, "strong-dfc-2phase.yaml"),
                        TwoPhaseSettings.class);
    }

    @Override
    public TwoPhaseSettings check(TwoPhaseSettings settings, int depth) {
        settings.check(depth);
        return settings;
    }

    @Override
    public LearningPlan plan(TwoPhaseSettings s, MethodContext context) {
        StrongPlan plan = new StrongPlan(context, s.feedback());
        double classValue = s.target().classValue();
        LoopHandle control =
                plan.loop(
                        "control",
                        new OutputTarget.Strong(classValue),
                        s.control(),
                        Optional.empty(),
                        StrongPlan.forward(mode(s), s.forward()));
        LoopHandle loop =
                feedback(
                        plan,
                        "feedback",
                        s.feedbackTarget().output(new OutputTarget.Strong(classValue)),
                        s);
        LoopHandle before =
                feedback(
                        plan,
                        "pretraining",
                        s.pretrainingTarget()
                                .output(
                                        new OutputTarget.Strong(
                                                classValue,
                                                OutputTarget.Strong.Comparison.OF_OUTPUT)),
                        s);
        StepHandle forward = plan.forwardStep(control.gradients().getFirst(), s.forward());
        StepHandle feedback =
                plan.feedbackStep(
                        loop.gradients().getFirst(), "feedback", s.feedback().learningRate());
        StepHandle pretraining =
                plan.feedbackStep(
                        before.gradients().getFirst(),
                        "feedback-pretraining",
                        s.feedback().pretrainingLearningRate());
        Sweep sweep = new Sweep("feedback", MinibatchUpdate.of(feedback));
        return new LearningPlan(
                        plan.builder.build(),
                        () -> s.feedback().drawn(context),
                        new Sweep("forward", MinibatchUpdate.of(forward)))
                .scheduled(s.forward().rates())
                .pretrainedBy(
                        new Sweep(
                                "feedback pre-training",
                                s.feedback().pretrainingEpochs(),
                                MinibatchUpdate.of(pretraining)))
                .precededBy(sweep.repeated(s.epochBeforeForward() ? 1 : 0))
                .followedBy(sweep.repeated(s.extraEpochs()));
    }

    private static ForwardPlasticity.Mode mode(TwoPhaseSettings s) {
        return s.update().equals("trajectory")
                ? ForwardPlasticity.Mode.CONTINUOUS
                : ForwardPlasticity.Mode.LAST_STATE;
    }

    private static LoopHandle feedback(
            StrongPlan plan, String name, OutputTarget target, TwoPhaseSettings s) {
        return plan.loop(
                name,
                target,
                s.feedbackLoop(),
                Optional.of(
                        new ApicalNoise(
                                s.feedbackNoise().sigma(), s.feedbackNoise().sigmaOutput())),
                s.feedback()
                        .estimated(
                                new FeedbackPlasticity(
                                        OptionalDouble.empty(),
                                        FeedbackPlasticity.NoiseScale.OF_LAYER,
                                        1,
                                        Optional.empty(),
                                        s.feedback().clipping())));
    }
}
