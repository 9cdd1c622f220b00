package io.dfc.bench.golden.scenario;

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
 * {@code settings} of the kind {@code strong}, and the loops that they describe.
 *
 * @param json the settings
 * @param network the network
 * @param single whether one noisy loop serves forward and feedback weights
 * @param strong whether the target is the label itself
 * @param pretraining whether the feedback weights learn alone, by the loop of the single phase
 * @param softmax whether the error is {@code r_L^* - softmax(r_L)}
 */
record StrongSection(
        JsonCursor json,
        NetworkSection network,
        boolean single,
        boolean strong,
        boolean pretraining,
        boolean softmax) {
    /** Not used, for the targets are given as values. */
    private static final double CLASS_VALUE = 0.99;

    private static final ApicalNoise NOISELESS = new ApicalNoise(0, 0);

    static StrongSection read(JsonCursor json, NetworkSection network) {
        JsonCursor phase = json.get("phase");
        boolean single =
                switch (phase.text()) {
                    case "single" -> true;
                    case "two" -> false;
                    default -> throw phase.expected("single or two");
                };
        boolean strong = json.get("strong_feedback").bool();
        boolean pretraining = isTrue(json, "pretraining");
        if (pretraining && !single) {
            throw json.get("pretraining").expected("false, for pretraining is of phase single");
        }
        JsonCursor error = json.get("controller_error");
        boolean softmax =
                switch (error.text()) {
                    case "cross_entropy" -> true;
                    case "mse" -> false;
                    default -> throw error.expected("cross_entropy or mse");
                };
        if (softmax && !(strong && network.loss() == Loss.CROSS_ENTROPY)) {
            throw error.expected(
                    "mse, for cross_entropy goes with strong_feedback and the loss cross_entropy");
        }
        requireFilters(json, single);
        return new StrongSection(json, network, single, strong, pretraining, softmax);
    }

    private static boolean isTrue(JsonCursor json, String key) {
        return json.optional(key).map(JsonCursor::bool).orElse(false);
    }

    /** What is filtered, and whether the apical compartment is, follows from the phase. */
    private static void requireFilters(JsonCursor json, boolean single) {
        if (isTrue(json, "low_pass_filter_u")) {
            throw json.get("low_pass_filter_u")
                    .expected("false, for no loop low-passes what enters the apical compartments");
        }
        for (String key : List.of("low_pass_filter_noise", "instantaneous_apical_dynamics")) {
            Optional<JsonCursor> flag = json.optional(key);
            if (flag.isPresent() && flag.get().bool() != single) {
                throw flag.get()
                        .expected(
                                single
                                        + ", for phase "
                                        + (single ? "single" : "two")
                                        + " has it so");
            }
        }
    }

    /** The minibatch, whose targets are {@code y} where classes are soft or targets strong. */
    Minibatch minibatch(JsonCursor minibatch) {
        Optional<JsonCursor> value = json.optional("target_class_value");
        if (!strong && value.isEmpty() || network.loss() == Loss.MEAN_SQUARED_ERROR) {
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
        return softened(network.minibatch(minibatch), json.get("target_class_value").number());
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
        return !pretraining;
    }

    /** Whether the feedback weights have a loop of their own. */
    boolean hasFeedbackLoop() {
        return pretraining || !single;
    }

    /** The loop for the forward weights, in a single phase for the feedback weights too. */
    LoopPhase forward(ParameterGroup q, List<JsonCursor> updates) {
        List<Plasticity> plasticities = new ArrayList<>();
        updates.forEach(update -> plasticities.add(LearningSection.simulated(update)));
        JsonCursor controller = json.get("controller");
        if (single) {
            plasticities.add(feedbackPlasticity(controller));
        }
        return loop(q, controller, target(), plasticities);
    }

    /** The loop for the feedback weights alone. */
    LoopPhase feedback(ParameterGroup q) {
        JsonCursor feedback = json.get("feedback");
        JsonCursor rule = feedback.get("learning_rule");
        if (!rule.text().equals("normal_controller")) {
            throw rule.expected("normal_controller");
        }
        feedback.optional("homeostatic_weight_decay")
                .ifPresent(
                        decay -> {
                            throw decay.expected("null, for the kind strong has no such decay");
                        });
        return loop(
                q,
                feedback,
                strong ? target() : new OutputTarget.OwnOutput(),
                List.of(feedbackPlasticity(feedback)));
    }

    private OutputTarget target() {
        return strong
                ? new OutputTarget.Strong(
                        CLASS_VALUE, softmax ? Comparison.OF_LOSS : Comparison.OF_OUTPUT)
                : new OutputTarget.Nudge(
                        json.get("target_stepsize").number(),
                        OutputTarget.Nudge.Gradient.OF_SAMPLE);
    }

    private FeedbackPlasticity feedbackPlasticity(JsonCursor constants) {
        return new FeedbackPlasticity(
                single ? OptionalDouble.of(highPass()) : OptionalDouble.empty(),
                FeedbackPlasticity.NoiseScale.OF_LAYER,
                depthFactor(single ? json.get("controller") : constants),
                Optional.empty(),
                new Clipping.None());
    }

    /** The share {@code a} by which the low-passed control follows in a step. */
    double highPass() {
        return json.get("controller").get("time_step").number()
                / json.get("filter_time_constant").positive();
    }

    private double depthFactor(JsonCursor constants) {
        return isTrue(json, "scale_feedback_updates_by_depth")
                ? 1
                        + constants.get("time_constant_ratio").number()
                                / json.get("noise_time_constant").positive()
                : 1;
    }

    private LoopPhase loop(
            ParameterGroup q,
            JsonCursor constants,
            OutputTarget target,
            List<Plasticity> plasticities) {
        ControllerSection section = ControllerSection.read(constants);
        boolean proactive = json.get("controller").get("proactive_controller").bool();
        return new LoopPhase(
                q,
                target,
                section.controller(),
                dynamics(section.dynamics(), proactive),
                new Solver.Euler(),
                Convergence.includingAll(),
                noise(section, plasticities),
                plasticities);
    }

    private Dynamics dynamics(Dynamics d, boolean proactive) {
        return new Dynamics(
                d.timeStep(),
                d.timePoints(),
                d.timeConstantRatio(),
                single ? d.timeStep() : d.apicalTimeConstant(),
                d.instantTransmission(),
                d.instantSystem(),
                proactive);
    }

    private Optional<ApicalNoise> noise(ControllerSection section, List<Plasticity> plasticities) {
        if (single) {
            ApicalNoise sigma = section.noise().orElse(NOISELESS);
            return Optional.of(
                    new ApicalNoise(
                            sigma.hidden(),
                            sigma.output(),
                            json.get("noise_time_constant").positive()));
        }
        boolean updatesFeedback =
                plasticities.stream().anyMatch(FeedbackPlasticity.class::isInstance);
        return updatesFeedback ? Optional.of(section.noise().orElse(NOISELESS)) : section.noise();
    }
}
