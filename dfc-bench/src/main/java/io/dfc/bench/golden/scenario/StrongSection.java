package io.dfc.bench.golden.scenario;

import static io.dfc.bench.json.ValueRange.require;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.OutputTarget.Strong.Comparison;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.network.Loss;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.json.JsonCursor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The loops that the {@code settings} of the kind {@code strong} describe.
 *
 * @param json the settings
 * @param settings the settings as they are bound
 * @param network the network
 */
record StrongSection(JsonCursor json, Settings settings, NetworkSection network) {
    /** Not used, for the targets are given as values. */
    private static final double CLASS_VALUE = 0.99;

    private static final ApicalNoise NOISELESS = new ApicalNoise(0, 0);

    /** One noisy loop for forward and feedback weights, or one for each. */
    enum Phase {
        SINGLE,
        TWO
    }

    /** The error of the controller: {@code r_L^* - softmax(r_L)}, or without softmax. */
    enum ControllerError {
        CROSS_ENTROPY,
        MSE
    }

    /** The part of {@code settings} that is read; a key that may be missing may be null. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Settings(
            Phase phase,
            boolean strongFeedback,
            Optional<Boolean> pretraining,
            ControllerError controllerError,
            Optional<Double> targetStepsize,
            Optional<Double> targetClassValue,
            LoopConstants controller,
            Optional<LoopConstants> feedback,
            Optional<Boolean> lowPassFilterU,
            Optional<Boolean> lowPassFilterNoise,
            Optional<Boolean> instantaneousApicalDynamics,
            Optional<Double> filterTimeConstant,
            Optional<Double> noiseTimeConstant,
            Optional<Boolean> scaleFeedbackUpdatesByDepth) {
        /** What is filtered, and whether the apical compartment is, follows from the phase. */
        Settings {
            boolean single = phase == Phase.SINGLE;
            require(
                    single || !pretraining.orElse(false),
                    "pretraining",
                    "false, for pretraining is of phase single");
            require(
                    !lowPassFilterU.orElse(false),
                    "low_pass_filter_u",
                    "false, for no loop low-passes what enters the apical compartments");
            requirePhase(single, lowPassFilterNoise, "low_pass_filter_noise");
            requirePhase(single, instantaneousApicalDynamics, "instantaneous_apical_dynamics");
            requirePositive(filterTimeConstant, "filter_time_constant");
            requirePositive(noiseTimeConstant, "noise_time_constant");
        }

        private static void requirePhase(boolean single, Optional<Boolean> flag, String key) {
            require(
                    flag.isEmpty() || flag.get() == single,
                    key,
                    single + ", for phase " + (single ? "single" : "two") + " has it so");
        }

        private static void requirePositive(Optional<Double> constant, String key) {
            require(constant.isEmpty() || constant.get() > 0, key, "a number above 0");
        }
    }

    static StrongSection read(JsonCursor json, NetworkSection network) {
        StrongSection section = new StrongSection(json, json.as(Settings.class), network);
        if (section.softmax() && !(section.strong() && network.loss() == Loss.CROSS_ENTROPY)) {
            throw json.get("controller_error")
                    .expected(
                            "mse, for cross_entropy goes with strong_feedback and the loss"
                                    + " cross_entropy");
        }
        return section;
    }

    /** Whether one noisy loop serves forward and feedback weights. */
    boolean single() {
        return settings.phase() == Phase.SINGLE;
    }

    /** Whether the target is the label itself. */
    private boolean strong() {
        return settings.strongFeedback();
    }

    /** Whether the feedback weights learn alone, by the loop of the single phase. */
    private boolean pretraining() {
        return settings.pretraining().orElse(false);
    }

    /** Whether the error is {@code r_L^* - softmax(r_L)}. */
    boolean softmax() {
        return settings.controllerError() == ControllerError.CROSS_ENTROPY;
    }

    /** The minibatch, whose targets are {@code y} where classes are soft or targets strong. */
    Minibatch minibatch(JsonCursor minibatch) {
        Optional<Double> value = settings.targetClassValue();
        if (!strong() && value.isEmpty() || network.loss() == Loss.MEAN_SQUARED_ERROR) {
            return network.minibatch(minibatch);
        }
        if (minibatch.optional("y").isPresent()) {
            Tensor x = minibatch.get("x").tensor();
            int samples = x.rank() == 2 ? x.dim(0) : 0;
            if (samples < 1 || x.dim(1) != network.network().inputs()) {
                throw minibatch
                        .get("x")
                        .get("shape")
                        .expected(
                                "[B, " + network.network().inputs() + "] with at least one sample");
            }
            Tensor y = minibatch.get("y").tensor(samples, network.network().outputs());
            return new Minibatch(x, new Targets.Values(y));
        }
        return softened(network.minibatch(minibatch), json.required(value, "target_class_value"));
    }

    private Minibatch softened(Minibatch hard, double classValue) {
        if (!(hard.targets() instanceof Targets.Labels(int[] classes))) {
            return hard;
        }
        int outputs = network.network().outputs();
        double[] y = new double[classes.length * outputs];
        Arrays.fill(y, (1 - classValue) / Math.max(1, outputs - 1));
        for (int b = 0; b < classes.length; b++) {
            y[b * outputs + classes[b]] = classValue;
        }
        return new Minibatch(
                hard.inputs(), new Targets.Values(Tensor.wrap(y, classes.length, outputs)));
    }

    /** Whether there is a loop for the forward weights. */
    boolean hasForwardLoop() {
        return !pretraining();
    }

    /** Whether the feedback weights have a loop of their own. */
    boolean hasFeedbackLoop() {
        return pretraining() || !single();
    }

    /** The loop for the forward weights, in a single phase for the feedback weights too. */
    LoopPhase forward(ParameterGroup q, List<JsonCursor> updates) {
        List<Plasticity> plasticities = new ArrayList<>();
        updates.forEach(u -> plasticities.add(u.as(LearningSection.Update.class).plasticity()));
        LoopConstants controller = settings.controller();
        if (single()) {
            plasticities.add(feedbackPlasticity(controller));
        }
        return loop(q, controller, target(), plasticities);
    }

    /** The loop for the feedback weights alone. */
    LoopPhase feedback(ParameterGroup q) {
        LoopConstants feedback = json.required(settings.feedback(), "feedback");
        JsonCursor place = json.get("feedback");
        if (place.required(feedback.learningRule(), "learning_rule")
                != LoopConstants.Rule.NORMAL_CONTROLLER) {
            throw place.get("learning_rule").expected("normal_controller");
        }
        if (feedback.homeostaticWeightDecay().isPresent()) {
            throw place.get("homeostatic_weight_decay")
                    .expected("null, for the kind strong has no such decay");
        }
        return loop(
                q,
                feedback,
                strong() ? target() : new OutputTarget.OwnOutput(),
                List.of(feedbackPlasticity(feedback)));
    }

    private OutputTarget target() {
        return strong()
                ? new OutputTarget.Strong(
                        CLASS_VALUE, softmax() ? Comparison.OF_LOSS : Comparison.OF_OUTPUT)
                : new OutputTarget.Nudge(
                        json.required(settings.targetStepsize(), "target_stepsize"),
                        OutputTarget.Nudge.Gradient.OF_SAMPLE);
    }

    private FeedbackPlasticity feedbackPlasticity(LoopConstants constants) {
        return new FeedbackPlasticity(
                single() ? OptionalDouble.of(highPass()) : OptionalDouble.empty(),
                FeedbackPlasticity.NoiseScale.OF_LAYER,
                depthFactor(single() ? settings.controller() : constants),
                Optional.empty(),
                new Clipping.None());
    }

    /** The share {@code a} by which the low-passed control follows in a step. */
    double highPass() {
        return settings.controller().timeStep()
                / json.required(settings.filterTimeConstant(), "filter_time_constant");
    }

    private double depthFactor(LoopConstants constants) {
        return settings.scaleFeedbackUpdatesByDepth().orElse(false)
                ? 1 + constants.timeConstantRatio() / noiseTimeConstant()
                : 1;
    }

    private LoopPhase loop(
            ParameterGroup q,
            LoopConstants constants,
            OutputTarget target,
            List<Plasticity> plasticities) {
        boolean proactive = settings.controller().proactiveController();
        return new LoopPhase(
                q,
                target,
                constants.controller(),
                dynamics(constants.dynamics(), proactive),
                new Solver.Euler(),
                Convergence.includingAll(),
                noise(constants, plasticities),
                plasticities);
    }

    private Dynamics dynamics(Dynamics d, boolean proactive) {
        return new Dynamics(
                d.timeStep(),
                d.timePoints(),
                d.timeConstantRatio(),
                single() ? d.timeStep() : d.apicalTimeConstant(),
                d.instantTransmission(),
                d.instantSystem(),
                proactive);
    }

    private Optional<ApicalNoise> noise(LoopConstants constants, List<Plasticity> plasticities) {
        if (single()) {
            ApicalNoise sigma = constants.noise().orElse(NOISELESS);
            return Optional.of(
                    new ApicalNoise(sigma.hidden(), sigma.output(), noiseTimeConstant()));
        }
        boolean updatesFeedback =
                plasticities.stream().anyMatch(FeedbackPlasticity.class::isInstance);
        return updatesFeedback
                ? Optional.of(constants.noise().orElse(NOISELESS))
                : constants.noise();
    }

    private double noiseTimeConstant() {
        return json.required(settings.noiseTimeConstant(), "noise_time_constant");
    }
}
