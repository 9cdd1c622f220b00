package io.dfc.algorithms.run;

import io.dfc.algorithms.config.LossChoice;
import io.dfc.algorithms.config.NetworkSection;
import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.LearningMethods;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.SettingChoices;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.StopRules;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.DfcException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;

import java.util.ArrayList;
import java.util.List;

/** Turns a configuration and the shape of its data into a training run in terms of the API. */
public final class RunAssembler {
    private final RunConfiguration configuration;
    private final DataSet data;

    /**
     * An assembler.
     *
     * @param configuration a checked configuration
     * @param data the training set, for its sizes
     */
    public RunAssembler(RunConfiguration configuration, DataSet data) {
        this.configuration = configuration;
        this.data = data;
    }

    /** {@return the network, with inputs and outputs of the data} */
    public Network network() {
        return network(configuration, data.inputSize(), outputs(configuration.network()));
    }

    /**
     * The network of a configuration, where its sizes are known without data.
     *
     * @param configuration a checked configuration
     * @param inputs number of inputs
     * @param outputs number of units of the output layer
     * @return the network
     */
    public static Network network(RunConfiguration configuration, int inputs, int outputs) {
        NetworkSection n = configuration.network();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < n.hidden().size(); i++) {
            String name = n.activations().get(n.activations().size() == 1 ? 0 : i);
            layers.add(new Layer(n.hidden().get(i), activation(n, name)));
        }
        layers.add(new Layer(outputs, activation(n, n.outputActivation())));
        return new Network(inputs, layers, n.bias());
    }

    private int outputs(NetworkSection n) {
        int targets = data.outputSize();
        int units = n.outputUnits().orElse(targets);
        if (units != targets && !data.classification()) {
            throw new BadConfigurationException(
                    "network.output-units",
                    "units without a target go with classes, and "
                            + data.name()
                            + " has vectors of "
                            + targets
                            + " numbers; set it to null");
        }
        if (units < targets) {
            throw new BadConfigurationException(
                    "network.output-units",
                    units
                            + " units cannot stand for the "
                            + targets
                            + " classes of "
                            + data.name()
                            + "; use at least "
                            + targets);
        }
        return units;
    }

    private static Activation activation(NetworkSection network, String name) {
        return switch (name) {
            case "linear" -> new Activation.Linear();
            case "tanh" -> new Activation.Tanh();
            case "relu" -> new Activation.Relu();
            case "leakyrelu" -> new Activation.LeakyRelu(network.leakyReluSlope());
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

    /**
     * How the network learns, with nothing drawn yet.
     *
     * @return a new plan, and the sweeps that use it
     * @throws BadConfigurationException if the method cannot plan that, or loss and data do not go
     *     together
     */
    public LearningPlan learning() {
        return learning(configuration.batch());
    }

    /**
     * How the network learns from minibatches of another size.
     *
     * @param batch samples in a minibatch, at least 1
     * @return a new plan, and the sweeps that use it
     * @throws BadConfigurationException as {@link #learning()}
     */
    LearningPlan learning(int batch) {
        String name = configuration.method();
        LearningMethod<?> method =
                LearningMethods.installed()
                        .find(name)
                        .orElseThrow(
                                () ->
                                        new BadConfigurationException(
                                                "method", "there is no method " + name));
        try {
            LearningPlan plan = plan(method, batch);
            requireLoopFor(configuration.precision(), plan.plan());
            return plan;
        } catch (DfcException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new BadConfigurationException("method", "method " + name + " plans no run: " + e);
        }
    }

    private <S extends Record> LearningPlan plan(LearningMethod<S> method, int batch) {
        return method.plan(
                configuration.settings(method.settings()),
                new MethodContext(
                        network(),
                        loss(),
                        batch,
                        data.outputSize(),
                        configuration.precision(),
                        SettingChoices.initialization(configuration.network().initialization()),
                        configuration.seed()));
    }

    private void requireLoopFor(Precision precision, Plan plan) {
        if (precision != Precision.FULL && plan.loops().isEmpty()) {
            throw new BadConfigurationException(
                    "precision",
                    precision
                            + " is for controlled phases, which method "
                            + configuration.method()
                            + " has none of; use full");
        }
    }

    /**
     * {@return the training run}
     *
     * @throws BadConfigurationException if it cannot fit into this virtual machine's heap
     */
    public TrainingSpec assemble() {
        LearningPlan learning = learning();
        MemoryEstimate.requireFit(learning.plan(), Runtime.getRuntime().maxMemory());
        var stop = configuration.stop();
        return new TrainingSpec(
                learning,
                configuration.epochs(),
                configuration.seed(),
                new StopRules(
                        stop.minTrainAccuracy(),
                        stop.afterEpoch(),
                        stop.patience(),
                        stop.maxParameter()));
    }
}
