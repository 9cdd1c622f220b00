package io.dfc.algorithms.run;

import io.dfc.algorithms.config.FeedbackSection;
import io.dfc.algorithms.config.LossChoice;
import io.dfc.algorithms.config.Method;
import io.dfc.algorithms.config.NetworkSection;
import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.train.FeedbackSchedule;
import io.dfc.algorithms.train.RateSchedule;
import io.dfc.algorithms.train.StopRules;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.Plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
    LoopPlan controlPlan(int samples) {
        return plans().control(samples);
    }

    /**
     * {@return the training run}
     *
     * @throws BadConfigurationException if it cannot fit into this virtual machine's heap
     */
    public TrainingSpec assemble() {
        Network network = network();
        MemoryNeed.requireFit(configuration, network, Runtime.getRuntime().maxMemory());
        Parameters initial = draw(network);
        FeedbackSection f = configuration.feedback();
        var stop = configuration.stop();
        return new TrainingSpec(
                plans().learning(configuration.batch(), initial),
                initial,
                RateSchedule.valueOf(configuration.forward().schedule().toUpperCase(Locale.ROOT)),
                configuration.method().learnsFeedback()
                        ? new FeedbackSchedule(
                                f.pretrainingEpochs(), f.epochBeforeForward(), f.extraEpochs())
                        : FeedbackSchedule.never(),
                configuration.epochs(),
                configuration.seed(),
                new StopRules(
                        stop.minTrainAccuracy(),
                        stop.afterEpoch(),
                        stop.patience(),
                        stop.maxParameter()));
    }

    private Parameters draw(Network network) {
        Initialization forward = initialization(configuration.network().initialization());
        return configuration.method().isControlled()
                ? ParameterInitializer.draw(
                        network,
                        forward,
                        feedbackInitialization(configuration.feedback()),
                        configuration.seed())
                : ParameterInitializer.drawForward(network, forward, configuration.seed());
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

    private PlanAssembler plans() {
        return new PlanAssembler(configuration, network(), loss());
    }

    /** {@return the solver of the control phase} */
    Solver solver() {
        return plans().solver();
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
