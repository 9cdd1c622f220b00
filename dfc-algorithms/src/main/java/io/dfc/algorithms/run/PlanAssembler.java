package io.dfc.algorithms.run;

import io.dfc.algorithms.config.ControlSection;
import io.dfc.algorithms.config.FeedbackSection;
import io.dfc.algorithms.config.ForwardSection;
import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.SolverChoice;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the plans of a configuration, and hands out their handles with them. */
final class PlanAssembler {
    private final RunConfiguration configuration;
    private final Network network;
    private final Loss loss;

    PlanAssembler(RunConfiguration configuration, Network network, Loss loss) {
        this.configuration = configuration;
        this.network = network;
        this.loss = loss;
    }

    /** A plan that runs the control phase and learns nothing. */
    LoopPlan control(int batch) {
        Plan.Builder builder = builder(batch);
        var loop = builder.loop("control", controlPhase(builder.feedbackWeights()));
        return new LoopPlan(builder.build(), loop);
    }

    /**
     * A plan that trains.
     *
     * @param initial parameters at the start, from which homeostatic decay takes its constant
     */
    LearningPlan learning(int batch, Parameters initial) {
        Plan.Builder builder = builder(batch);
        if (!configuration.method().isControlled()) {
            var backward =
                    builder.program(
                            "backward",
                            LayerPrograms.backpropagation(
                                    network,
                                    builder.weights(),
                                    builder.biases(),
                                    perTensor(configuration.forward().clipNorm())));
            StepHandle step = forwardStep(builder, backward);
            return new LearningPlan(builder.build(), step);
        }
        ParameterGroup q = builder.feedbackWeights();
        StepHandle forward = forwardStep(builder, builder.loop("control", controlPhase(q)));
        if (!configuration.method().learnsFeedback()) {
            return new LearningPlan(builder.build(), forward);
        }
        FeedbackSection f = configuration.feedback();
        GradientHandle gradient = feedbackPhase(builder, q, initial).gradients().getFirst();
        OptimizerHandle training =
                builder.optimizer("feedback", feedbackOptimization(f.learningRate()), q);
        OptimizerHandle pretraining =
                builder.optimizer(
                        "feedback-pretraining",
                        feedbackOptimization(f.pretrainingLearningRate()),
                        q);
        StepHandle feedback = builder.step(gradient, training);
        StepHandle before = builder.step(gradient, pretraining);
        return new LearningPlan(
                builder.build(), forward, Optional.of(feedback), Optional.of(before));
    }

    private Plan.Builder builder(int batch) {
        return Plan.builder(network, loss, batch).precision(configuration.precision());
    }

    private StepHandle forwardStep(Plan.Builder builder, PhaseHandle phase) {
        return builder.step(
                phase.gradients().getFirst(),
                builder.optimizer("forward", forwardOptimization(), builder.forwardGroups()));
    }

    private LoopPhase controlPhase(ParameterGroup q) {
        ControlSection c = configuration.control();
        ForwardSection f = configuration.forward();
        Controller controller =
                new ProportionalIntegralController(
                        c.proportionalGain(),
                        c.leakage(),
                        c.leak().equals("total")
                                ? ProportionalIntegralController.Leak.TOTAL
                                : ProportionalIntegralController.Leak.INTEGRAL);
        Dynamics dynamics =
                new Dynamics(
                        c.timeStep(),
                        c.timePoints(),
                        c.timeConstantRatio(),
                        c.apicalTimeConstant().orElse(c.timeStep()),
                        c.instantTransmission(),
                        c.instantSystem(),
                        c.proactive());
        Optional<ApicalNoise> noise =
                c.noiseSigma().map(s -> new ApicalNoise(s, c.noiseSigmaOutput().orElse(s)));
        ForwardPlasticity plasticity =
                new ForwardPlasticity(
                        mode(),
                        rule(f.rule()),
                        f.presynaptic().equals("controlled")
                                ? ForwardPlasticity.Presynaptic.CONTROLLED
                                : ForwardPlasticity.Presynaptic.FEEDFORWARD,
                        perTensor(f.clipNorm()));
        return new LoopPhase(
                q,
                target(),
                controller,
                dynamics,
                solver(),
                new Convergence(c.convergenceEpsilon(), c.includeNonConverged()),
                noise,
                List.of(plasticity));
    }

    private OutputTarget target() {
        var t = configuration.target();
        return t.kind().equals("strong")
                ? new OutputTarget.Strong(t.classValue())
                : new OutputTarget.Nudge(
                        t.stepSize(),
                        t.sumOverBatch()
                                ? OutputTarget.Nudge.Gradient.OF_SAMPLE
                                : OutputTarget.Nudge.Gradient.OF_BATCH_MEAN);
    }

    /** The solver of the control phase. */
    Solver solver() {
        return switch (configuration.method()) {
            case DFC_SSA, DFC_SSA_FIXED -> new Solver.Linearized();
            default ->
                    switch (configuration.solver()) {
                        case STEADY_STATE -> new Solver.SteadyState();
                        case EULER -> new Solver.Euler();
                        case AUTO -> new Solver.Auto(configuration.solverTolerance());
                    };
        };
    }

    private ForwardPlasticity.Mode mode() {
        return switch (configuration.method()) {
            case DFC, DFC_FIXED ->
                    configuration.forward().running()
                            ? ForwardPlasticity.Mode.CONTINUOUS_RUNNING
                            : ForwardPlasticity.Mode.CONTINUOUS;
            default -> ForwardPlasticity.Mode.LAST_STATE;
        };
    }

    private static PublishedRule rule(String name) {
        return Arrays.stream(PublishedRule.values())
                .filter(r -> r.label().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Clipping perTensor(Optional<Double> norm) {
        return norm.<Clipping>map(Clipping.PerTensor::new).orElseGet(Clipping.None::new);
    }

    private Optimization forwardOptimization() {
        ForwardSection f = configuration.forward();
        double divisor = f.normalizeLearningRate() ? configuration.target().stepSize() : 1;
        return new Optimization(
                f.optimizer().equals("adam")
                        ? new Optimizer.Adam(f.beta1(), f.beta2(), f.epsilon())
                        : new Optimizer.Sgd(f.momentum()),
                f.learningRate().stream().map(r -> r / divisor).toList(),
                f.weightDecay(),
                Set.of());
    }

    private PhaseHandle feedbackPhase(Plan.Builder builder, ParameterGroup q, Parameters initial) {
        FeedbackSection f = configuration.feedback();
        Optional<HomeostaticDecay> decay =
                f.homeostaticWeightDecay()
                        .map(
                                rate ->
                                        new HomeostaticDecay(
                                                rate,
                                                f.homeostaticConstant()
                                                        .orElseGet(() -> squaredNorm(initial))));
        Clipping clipping =
                f.clipNorm().<Clipping>map(Clipping.Joint::new).orElseGet(Clipping.None::new);
        return switch (f.rule()) {
            case "special-controller" ->
                    builder.perturbation(
                            "feedback",
                            new PerturbationPhase(
                                    q,
                                    new FeedbackRule.ForwardPerturbation(f.noiseSigma()),
                                    decay,
                                    clipping));
            case "old-rule" ->
                    builder.perturbation(
                            "feedback",
                            new PerturbationPhase(
                                    q,
                                    new FeedbackRule.LinearizedReconstruction(
                                            f.noiseSigma(), f.leakage()),
                                    decay,
                                    clipping));
            default ->
                    builder.loop(
                            "feedback", feedbackLoop(q, new FeedbackPlasticity(decay, clipping)));
        };
    }

    private LoopPhase feedbackLoop(ParameterGroup q, FeedbackPlasticity plasticity) {
        FeedbackSection f = configuration.feedback();
        return new LoopPhase(
                q,
                new OutputTarget.OwnOutput(),
                new ProportionalIntegralController(f.proportionalGain(), f.leakage()),
                new Dynamics(
                        f.timeStep(),
                        f.timePoints(),
                        f.timeConstantRatio(),
                        f.apicalTimeConstant().orElse(f.timeStep()),
                        f.instantTransmission(),
                        f.instantSystem(),
                        // The published program never controls proactively in this phase.
                        false),
                configuration.solver() == SolverChoice.EULER
                        ? new Solver.Euler()
                        : new Solver.Auto(f.solverTolerance()),
                Convergence.includingAll(),
                Optional.of(
                        new ApicalNoise(
                                f.noiseSigma(), f.noiseSigmaOutput().orElse(f.noiseSigma()))),
                List.of(plasticity));
    }

    private static double squaredNorm(Parameters parameters) {
        double sum = 0;
        for (Tensor q : parameters.feedback()) {
            for (int i = 0; i < q.size(); i++) {
                sum += q.get(i) * q.get(i);
            }
        }
        return sum;
    }

    private Optimization feedbackOptimization(double rate) {
        FeedbackSection f = configuration.feedback();
        return new Optimization(
                f.optimizer().equals("adam")
                        ? new Optimizer.Adam(f.beta1(), f.beta2(), f.epsilon())
                        : new Optimizer.Sgd(f.momentum()),
                List.of(rate),
                // Homeostatic decay takes the place of the optimiser's.
                f.homeostaticWeightDecay().isPresent() ? 0 : f.weightDecay(),
                f.freezeOutput() ? Set.of(network.depth() - 1) : Set.of());
    }
}
