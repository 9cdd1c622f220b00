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
 * Strong-DFC in a single phase (Meulemans et al. 2022, arXiv 2204.07249): the controller drives the
 * output to the label itself, and forward and feedback weights learn at once from one noisy loop.
 */
public final class StrongDfc extends NamedMethod<SinglePhaseSettings> {
    /** The method. */
    public StrongDfc() {
        super(
                "strong-dfc",
                "Strong-DFC: forward and feedback weights learn at once from one noisy loop",
                SinglePhaseSettings.class);
    }

    @Override
    public SinglePhaseSettings defaults() {
        return Yaml.mapper()
                .readValue(
                        Yaml.resource(StrongDfc.class, "strong-dfc.yaml"),
                        SinglePhaseSettings.class);
    }

    @Override
    public SinglePhaseSettings check(SinglePhaseSettings settings, int depth) {
        settings.check(depth);
        return settings;
    }

    @Override
    public LearningPlan plan(SinglePhaseSettings s, MethodContext context) {
        StrongPlan plan = new StrongPlan(context, s.feedback());
        double classValue = s.target().classValue();
        LoopHandle loop =
                plan.loop(
                        "control",
                        new OutputTarget.Strong(classValue),
                        s.control(),
                        noise(s.noise(), s),
                        StrongPlan.forward(ForwardPlasticity.Mode.CONTINUOUS, s.forward()),
                        teacher(s));
        LoopHandle before =
                plan.loop(
                        "pretraining",
                        s.pretrainingTarget()
                                .output(
                                        new OutputTarget.Strong(
                                                classValue,
                                                OutputTarget.Strong.Comparison.OF_OUTPUT)),
                        s.pretraining(),
                        noise(s.pretrainingNoise(), s),
                        s.feedback().estimated(teacher(s)));
        StepHandle forward = plan.forwardStep(loop.gradients().getFirst(), s.forward());
        StepHandle feedback =
                plan.feedbackStep(
                        loop.gradients().getLast(), "feedback", s.feedback().learningRate());
        StepHandle pretraining =
                plan.feedbackStep(
                        before.gradients().getFirst(),
                        "feedback-pretraining",
                        s.feedback().pretrainingLearningRate());
        return new LearningPlan(
                        plan.builder.build(),
                        () -> s.feedback().drawn(context),
                        new Sweep("forward and feedback", MinibatchUpdate.of(forward, feedback)))
                .scheduled(s.forward().rates())
                .pretrainedBy(
                        new Sweep(
                                "feedback pre-training",
                                s.feedback().pretrainingEpochs(),
                                MinibatchUpdate.of(pretraining)));
    }

    private static Optional<ApicalNoise> noise(NoiseSection noise, SinglePhaseSettings s) {
        return Optional.of(
                new ApicalNoise(noise.sigma(), noise.sigmaOutput(), s.noiseTimeConstant()));
    }

    /**
     * In pre-training too, the published program takes the filter's share from the control loop.
     */
    private static FeedbackPlasticity teacher(SinglePhaseSettings s) {
        return new FeedbackPlasticity(
                OptionalDouble.of(s.control().timeStep() / s.filterTimeConstant()),
                FeedbackPlasticity.NoiseScale.OF_LAYER,
                s.depthFactor(),
                Optional.empty(),
                s.feedback().clipping());
    }
}
