package io.dfc.algorithms.run;

import io.dfc.algorithms.config.ControlSection;
import io.dfc.algorithms.config.FeedbackSection;
import io.dfc.algorithms.config.ForwardSection;
import io.dfc.algorithms.config.LossChoice;
import io.dfc.algorithms.config.Method;
import io.dfc.algorithms.config.NetworkSection;
import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.SolverChoice;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.train.FeedbackSchedule;
import io.dfc.algorithms.train.RateSchedule;
import io.dfc.algorithms.train.StopRules;
import io.dfc.algorithms.train.Teaching;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.FeedbackPhase;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Recording;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns a configuration and the shape of its data into a training run in terms of the API. */
public final class RunAssembler {
    private final RunConfiguration configuration;
    private final DataSet data;

    /**
     * An assembler.
     *
     * @param configuration a checked configuration
     * @param data the training set, for its sizes
     * @throws BadConfigurationException if this version cannot train with the method, or the loss
     *     does not fit the data
     */
    public RunAssembler(RunConfiguration configuration, DataSet data) {
        this.configuration = configuration;
        this.data = data;
        requireAvailable(configuration.method());
    }

    /**
     * Makes sure that this version can train with a method, before any data are loaded for it.
     *
     * @param method the method
     * @throws BadConfigurationException if it cannot
     */
    public static void requireAvailable(Method method) {
        if (!method.isAvailable()) {
            throw new BadConfigurationException(
                    "method",
                    method
                            + " is known but not in this version; it trains "
                            + Arrays.stream(Method.values())
                                    .filter(Method::isAvailable)
                                    .map(Method::label)
                                    .collect(Collectors.joining(", ")));
        }
    }

    /** {@return the network, with inputs and outputs of the data} */
    public Network network() {
        NetworkSection n = configuration.network();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < n.hidden().size(); i++) {
            String name = n.activations().get(n.activations().size() == 1 ? 0 : i);
            layers.add(new Layer(n.hidden().get(i), activation(name)));
        }
        layers.add(new Layer(data.outputSize(), activation(n.outputActivation())));
        return new Network(data.inputSize(), layers, n.bias());
    }

    private Activation activation(String name) {
        return switch (name) {
            case "linear" -> new Activation.Linear();
            case "tanh" -> new Activation.Tanh();
            case "relu" -> new Activation.Relu();
            case "leakyrelu" -> new Activation.LeakyRelu(configuration.network().leakyReluSlope());
            case "sigmoid" -> new Activation.Sigmoid();
            default ->
                    throw new BadConfigurationException(
                            "network.activations", "unknown activation \"" + name + "\"");
        };
    }

    /** {@return the loss} */
    public Loss loss() {
        LossChoice choice = configuration.loss();
        boolean classes = data.classification();
        if (choice == LossChoice.MSE && classes) {
            throw new BadConfigurationException(
                    "loss",
                    "mse needs vectors as targets, but " + data.name() + " has classes; use auto");
        }
        return choice == LossChoice.CROSS_ENTROPY || choice == LossChoice.AUTO && classes
                ? Loss.CROSS_ENTROPY
                : Loss.MEAN_SQUARED_ERROR;
    }

    /** {@return a plan that evaluates the network and does nothing else} */
    public Plan evaluationPlan() {
        return evaluationPlan(configuration.batch());
    }

    /**
     * A plan that evaluates the network in minibatches of another size.
     *
     * @param batch samples in a minibatch, at least 1
     * @return the plan
     */
    public Plan evaluationPlan(int batch) {
        return Plan.evaluation(network(), loss(), batch);
    }

    /** {@return a plan that runs the control phase of a few samples and learns nothing} */
    Plan controlPlan(int samples) {
        return Plan.evaluation(network(), loss(), samples)
                .withControl(controlPhase())
                .withPrecision(configuration.precision());
    }

    /**
     * {@return the training run}
     *
     * @throws BadConfigurationException if it cannot fit into this virtual machine's heap
     */
    public TrainingSpec assemble() {
        Network network = network();
        MemoryNeed.requireFit(configuration, network, Runtime.getRuntime().maxMemory());
        Parameters initial =
                ParameterInitializer.draw(
                        network,
                        initialization(configuration.network().initialization()),
                        feedbackInitialization(configuration.feedback()),
                        configuration.seed());
        Plan plan = evaluationPlan().withOptimization(OptimizerSlot.FORWARD, forwardOptimization());
        boolean controlled = configuration.method().isControlled();
        FeedbackSchedule schedule = FeedbackSchedule.never();
        if (controlled) {
            plan = plan.withControl(controlPhase()).withPrecision(configuration.precision());
            if (!configuration.method().hasFixedFeedback()) {
                FeedbackSection f = configuration.feedback();
                schedule =
                        new FeedbackSchedule(
                                f.pretrainingEpochs(), f.epochBeforeForward(), f.extraEpochs());
                plan =
                        plan.withFeedback(feedbackPhase(initial))
                                .withOptimization(
                                        OptimizerSlot.FEEDBACK,
                                        feedbackOptimization(f.learningRate(), network.depth()))
                                .withOptimization(
                                        OptimizerSlot.FEEDBACK_PRETRAINING,
                                        feedbackOptimization(
                                                f.pretrainingLearningRate(), network.depth()));
            }
        } else {
            plan = plan.withBackward(perTensor(configuration.forward().clipNorm()));
        }
        var stop = configuration.stop();
        return new TrainingSpec(
                plan,
                initial,
                controlled ? Teaching.CONTROL : Teaching.BACKWARD,
                RateSchedule.valueOf(configuration.forward().schedule().toUpperCase(Locale.ROOT)),
                schedule,
                configuration.epochs(),
                configuration.seed(),
                new StopRules(
                        stop.minTrainAccuracy(),
                        stop.afterEpoch(),
                        stop.patience(),
                        stop.maxParameter()));
    }

    /** {@return the solver of the control phase, for people; {@code none} without one} */
    public String solverLabel() {
        return configuration.method().isControlled()
                ? switch (solver()) {
                    case Solver.Euler e -> "euler";
                    case Solver.Auto a -> "auto";
                    case Solver.SteadyState s -> "steady-state";
                    case Solver.Linearized l -> "linearized";
                }
                : "none";
    }

    private ControlPhase controlPhase() {
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
        Update update =
                new Update(
                        mode(),
                        rule(f.rule()),
                        f.presynaptic().equals("controlled")
                                ? Update.Presynaptic.CONTROLLED
                                : Update.Presynaptic.FEEDFORWARD,
                        perTensor(f.clipNorm()));
        return new ControlPhase(
                target(),
                controller,
                dynamics,
                solver(),
                new Convergence(c.convergenceEpsilon(), c.includeNonConverged()),
                noise,
                List.of(update),
                Recording.none());
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

    private Update.Mode mode() {
        return switch (configuration.method()) {
            case DFC, DFC_FIXED ->
                    configuration.forward().running()
                            ? Update.Mode.CONTINUOUS_RUNNING
                            : Update.Mode.CONTINUOUS;
            default -> Update.Mode.LAST_STATE;
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

    private FeedbackPhase feedbackPhase(Parameters initial) {
        FeedbackSection f = configuration.feedback();
        FeedbackRule rule =
                switch (f.rule()) {
                    case "special-controller" ->
                            new FeedbackRule.ForwardPerturbation(f.noiseSigma());
                    case "old-rule" ->
                            new FeedbackRule.LinearizedReconstruction(f.noiseSigma(), f.leakage());
                    default -> normalController(f);
                };
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
        return new FeedbackPhase(rule, decay, clipping, Recording.none());
    }

    private FeedbackRule normalController(FeedbackSection f) {
        return new FeedbackRule.NormalController(
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
                new ApicalNoise(f.noiseSigma(), f.noiseSigmaOutput().orElse(f.noiseSigma())),
                new OutputTarget.OwnOutput(),
                configuration.solver() == SolverChoice.EULER
                        ? new Solver.Euler()
                        : new Solver.Auto(f.solverTolerance()));
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

    private Optimization feedbackOptimization(double rate, int depth) {
        FeedbackSection f = configuration.feedback();
        return new Optimization(
                f.optimizer().equals("adam")
                        ? new Optimizer.Adam(f.beta1(), f.beta2(), f.epsilon())
                        : new Optimizer.Sgd(f.momentum()),
                List.of(rate),
                // Homeostatic decay takes the place of the optimiser's.
                f.homeostaticWeightDecay().isPresent() ? 0 : f.weightDecay(),
                f.freezeOutput() ? Set.of(depth - 1) : Set.of());
    }

    private static FeedbackInitialization feedbackInitialization(FeedbackSection f) {
        return f.initialization().equals("weight-product")
                ? new FeedbackInitialization.WeightProduct(f.initializationNoise())
                : new FeedbackInitialization.Random(initialization(f.initialization()));
    }

    private static Initialization initialization(String name) {
        return Arrays.stream(Initialization.values())
                .filter(i -> i.label().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
