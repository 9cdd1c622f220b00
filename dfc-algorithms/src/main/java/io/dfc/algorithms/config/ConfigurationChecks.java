package io.dfc.algorithms.config;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.plan.Precision;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Checks the values of a configuration against each other and against their ranges. */
final class ConfigurationChecks {
    private static final List<String> ACTIVATIONS =
            List.of("tanh", "relu", "leakyrelu", "sigmoid", "linear");
    private static final List<String> INITIALIZATIONS =
            List.of("xavier-normal", "xavier", "orthogonal");
    private static final List<String> OPTIMIZERS = List.of("adam", "sgd");

    private ConfigurationChecks() {}

    /**
     * Returns the configuration, with time constants raised to the time step if that is asked for.
     */
    static RunConfiguration check(RunConfiguration c) {
        path("data", c.data());
        c.dataDir().ifPresent(d -> path("data-dir", d));
        notEmpty("backend", c.backend());
        checkNetwork(c.network());
        checkForward(c, c.forward(), c.network().hidden().size() + 1);
        oneOf("target.kind", c.target().kind(), List.of("nudge", "strong"));
        positive("target.step-size", c.target().stepSize());
        between("target.class-value", c.target().classValue());
        checkStop(c.stop());
        between("solver-tolerance", c.solverTolerance());
        checkSolver(c);
        TableChecks.check(c.table(), c.loss());
        if (!c.method().isControlled()) {
            requireFullPrecision(c);
        }
        // Of every method, so that a setting that it does not use cannot hold nonsense either.
        ControlSection control = checkControl(c, c.control());
        FeedbackSection feedback = checkFeedback(c, c.feedback());
        return new RunConfiguration(
                c.method(),
                c.data(),
                c.dataDir(),
                c.targetColumn(),
                c.table(),
                c.seed(),
                c.epochs(),
                c.batch(),
                c.limit(),
                c.validation(),
                c.backend(),
                c.threads(),
                c.precision(),
                c.solver(),
                c.solverTolerance(),
                c.clampTimeConstants(),
                c.network(),
                c.loss(),
                c.forward(),
                c.target(),
                control,
                feedback,
                c.stop(),
                c.teacher(),
                c.published());
    }

    private static void checkSolver(RunConfiguration c) {
        if (c.solver() == SolverChoice.STEADY_STATE
                && c.method().isControlled()
                && c.method() != Method.DFC_SS
                && c.method() != Method.DFC_SS_FIXED) {
            throw new BadConfigurationException(
                    "solver",
                    "steady-state finds the last state only, which is what dfc-ss learns from; method "
                            + c.method()
                            + " needs auto or euler");
        }
        boolean analytic = c.method() == Method.DFC_SSA || c.method() == Method.DFC_SSA_FIXED;
        boolean timeless =
                analytic || c.method().isControlled() && c.solver() == SolverChoice.STEADY_STATE;
        if (timeless && c.control().noiseSigma().isPresent()) {
            throw new BadConfigurationException(
                    "control.noise-sigma",
                    (analytic ? "method " + c.method() : "solver steady-state")
                            + " finds the state without simulating the time in which noise would act; set it to null");
        }
        if (analytic && c.target().kind().equals("strong")) {
            throw new BadConfigurationException(
                    "target.kind",
                    "strong needs a simulation, and method "
                            + c.method()
                            + " has none; use nudge, or method dfc-ss");
        }
    }

    private static void requireFullPrecision(RunConfiguration c) {
        if (c.precision() != Precision.FULL) {
            throw new BadConfigurationException(
                    "precision",
                    c.precision()
                            + " is for controlled phases, which method "
                            + c.method()
                            + " has none of; use full");
        }
    }

    private static void checkNetwork(NetworkSection n) {
        if (n.activations().isEmpty()
                || n.activations().size() != 1 && n.activations().size() != n.hidden().size()) {
            throw new BadConfigurationException(
                    "network.activations",
                    "needs 1 name or one for each of the "
                            + n.hidden().size()
                            + " hidden layers, got "
                            + n.activations().size());
        }
        n.activations().forEach(a -> oneOf("network.activations", a, ACTIVATIONS));
        oneOf("network.output-activation", n.outputActivation(), ACTIVATIONS);
        fraction("network.leaky-relu-slope", n.leakyReluSlope());
        oneOf("network.initialization", n.initialization(), INITIALIZATIONS);
    }

    private static void checkForward(RunConfiguration c, ForwardSection f, int depth) {
        oneOf("forward.optimizer", f.optimizer(), OPTIMIZERS);
        perLayer("forward.learning-rate", f.learningRate(), depth);
        f.learningRate().forEach(r -> notNegative("forward.learning-rate", r));
        oneOf("forward.schedule", f.schedule(), List.of("constant", "linear"));
        perLayer("forward.epsilon", f.epsilon(), depth);
        f.epsilon().forEach(e -> positive("forward.epsilon", e));
        fraction("forward.beta1", f.beta1());
        fraction("forward.beta2", f.beta2());
        fraction("forward.momentum", f.momentum());
        notNegative("forward.weight-decay", f.weightDecay());
        optional("forward.clip-norm", f.clipNorm(), ConfigurationChecks::positive);
        oneOf(
                "forward.rule",
                f.rule(),
                List.of("nonlinear-difference", "voltage-difference", "derivative"));
        oneOf("forward.presynaptic", f.presynaptic(), List.of("controlled", "feedforward"));
        boolean continuous = c.method() == Method.DFC || c.method() == Method.DFC_FIXED;
        if (continuous && f.presynaptic().equals("feedforward")) {
            throw new BadConfigurationException(
                    "forward.presynaptic",
                    "feedforward goes with dfc-ss and dfc-ssa; "
                            + c.method()
                            + " needs controlled");
        }
    }

    private static ControlSection checkControl(RunConfiguration c, ControlSection s) {
        notNegative("control.leakage", s.leakage());
        notNegative("control.proportional-gain", s.proportionalGain());
        oneOf("control.leak", s.leak(), List.of("total", "integral"));
        optional(
                "control.apical-time-constant",
                s.apicalTimeConstant(),
                ConfigurationChecks::positive);
        optional("control.noise-sigma", s.noiseSigma(), ConfigurationChecks::notNegative);
        optional(
                "control.noise-sigma-output",
                s.noiseSigmaOutput(),
                ConfigurationChecks::notNegative);
        positive("control.convergence-epsilon", s.convergenceEpsilon());
        double ratio =
                timeConstant(c, "control", s.timeStep(), s.timeConstantRatio(), s.instantSystem());
        return new ControlSection(
                s.leakage(),
                s.proportionalGain(),
                s.leak(),
                s.timeStep(),
                s.timePoints(),
                ratio,
                s.apicalTimeConstant(),
                s.instantTransmission(),
                s.instantSystem(),
                s.proactive(),
                s.noiseSigma(),
                s.noiseSigmaOutput(),
                s.convergenceEpsilon(),
                s.includeNonConverged());
    }

    private static FeedbackSection checkFeedback(RunConfiguration c, FeedbackSection f) {
        oneOf(
                "feedback.initialization",
                f.initialization(),
                List.of("weight-product", "xavier-normal", "xavier", "orthogonal"));
        notNegative("feedback.initialization-noise", f.initializationNoise());
        oneOf(
                "feedback.rule",
                f.rule(),
                List.of("normal-controller", "special-controller", "old-rule"));
        oneOf("feedback.optimizer", f.optimizer(), OPTIMIZERS);
        notNegative("feedback.learning-rate", f.learningRate());
        notNegative("feedback.pretraining-learning-rate", f.pretrainingLearningRate());
        fraction("feedback.beta1", f.beta1());
        fraction("feedback.beta2", f.beta2());
        fraction("feedback.momentum", f.momentum());
        positive("feedback.epsilon", f.epsilon());
        notNegative("feedback.weight-decay", f.weightDecay());
        optional("feedback.clip-norm", f.clipNorm(), ConfigurationChecks::positive);
        optional(
                "feedback.homeostatic-weight-decay",
                f.homeostaticWeightDecay(),
                ConfigurationChecks::notNegative);
        optional(
                "feedback.homeostatic-constant",
                f.homeostaticConstant(),
                ConfigurationChecks::notNegative);
        notNegative("feedback.leakage", f.leakage());
        notNegative("feedback.proportional-gain", f.proportionalGain());
        optional(
                "feedback.apical-time-constant",
                f.apicalTimeConstant(),
                ConfigurationChecks::positive);
        positive("feedback.noise-sigma", f.noiseSigma());
        optional(
                "feedback.noise-sigma-output",
                f.noiseSigmaOutput(),
                ConfigurationChecks::notNegative);
        double ratio =
                timeConstant(c, "feedback", f.timeStep(), f.timeConstantRatio(), f.instantSystem());
        between("feedback.solver-tolerance", f.solverTolerance());
        return new FeedbackSection(
                f.initialization(),
                f.initializationNoise(),
                f.freezeOutput(),
                f.pretrainingEpochs(),
                f.extraEpochs(),
                f.epochBeforeForward(),
                f.rule(),
                f.optimizer(),
                f.learningRate(),
                f.pretrainingLearningRate(),
                f.beta1(),
                f.beta2(),
                f.epsilon(),
                f.momentum(),
                f.weightDecay(),
                f.clipNorm(),
                f.homeostaticWeightDecay(),
                f.homeostaticConstant(),
                f.leakage(),
                f.proportionalGain(),
                f.timeStep(),
                f.timePoints(),
                ratio,
                f.apicalTimeConstant(),
                f.instantTransmission(),
                f.instantSystem(),
                f.noiseSigma(),
                f.noiseSigmaOutput(),
                f.solverTolerance());
    }

    private static double timeConstant(
            RunConfiguration c, String section, double step, double ratio, boolean instantSystem) {
        positive(section + ".time-step", step);
        positive(section + ".time-constant-ratio", ratio);
        if (step <= ratio || instantSystem) {
            return ratio;
        }
        if (c.clampTimeConstants()) {
            return step;
        }
        throw new BadConfigurationException(
                section + ".time-step",
                step
                        + " is larger than "
                        + section
                        + ".time-constant-ratio "
                        + ratio
                        + ", which is unstable: every step would carry a voltage past its input, by a factor of "
                        + (float) (step / ratio)
                        + "; lower the step, or set clamp-time-constants: true to raise the time constant to it");
    }

    private static void checkStop(StopSection s) {
        if (!(s.minTrainAccuracy() >= 0 && s.minTrainAccuracy() <= 1)) {
            throw new BadConfigurationException(
                    "stop.min-train-accuracy", "must lie in [0, 1], got " + s.minTrainAccuracy());
        }
        positive("stop.max-parameter", s.maxParameter());
    }

    private interface Check {
        void apply(String key, double value);
    }

    private static void optional(String key, Optional<Double> value, Check check) {
        value.ifPresent(v -> check.apply(key, v));
    }

    private static void perLayer(String key, List<?> values, int depth) {
        if (values.size() != 1 && values.size() != depth) {
            throw new BadConfigurationException(
                    key,
                    "needs 1 value or one for each of the "
                            + depth
                            + " layers, got "
                            + values.size());
        }
    }

    private static void notEmpty(String key, String value) {
        if (value.isBlank()) {
            throw new BadConfigurationException(key, "is empty");
        }
    }

    private static void path(String key, String value) {
        notEmpty(key, value);
        try {
            var _ = Path.of(value);
        } catch (InvalidPathException e) {
            throw new BadConfigurationException(
                    key, "\"" + value + "\" cannot be a path here: " + e.getReason());
        }
    }

    private static void positive(String key, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new BadConfigurationException(
                    key, "must be a finite number above 0, got " + value);
        }
    }

    private static void notNegative(String key, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new BadConfigurationException(
                    key, "must be a finite number of at least 0, got " + value);
        }
    }

    private static void fraction(String key, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new BadConfigurationException(key, "must lie in [0, 1), got " + value);
        }
    }

    private static void between(String key, double value) {
        if (!(value > 0 && value < 1)) {
            throw new BadConfigurationException(key, "must lie in (0, 1), got " + value);
        }
    }

    private static void oneOf(String key, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw new BadConfigurationException(
                    key, "unknown value \"" + value + "\"; allowed: " + String.join(", ", allowed));
        }
    }
}
