package io.dfc.api.testkit.scenario;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.ProportionalIntegralController.Leak;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A small controlled network drawn at random from the ranges in which DFC is used, to measure the
 * true error of a solver: 2 to 4 layers, both kinds of feedback weights, nudges from 1e-5 to 1, 40
 * to 600 points.
 *
 * @param network the network
 * @param parameters its parameters
 * @param minibatch samples with values as targets
 * @param controller the controller
 * @param dynamics the dynamics
 * @param nudge {@code lambda}, applied to each sample's own loss
 */
public record LoopCase(
        Network network,
        Parameters parameters,
        Minibatch minibatch,
        ProportionalIntegralController controller,
        Dynamics dynamics,
        double nudge) {
    /** Largest nudge drawn. */
    public static final double LARGEST_NUDGE = 1;

    /**
     * Draws a case.
     *
     * @param seed selects it
     * @param samples size of its minibatch
     * @return the case
     */
    public static LoopCase draw(long seed, int samples) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
        Network network = network(random);
        FeedbackInitialization feedback =
                random.nextBoolean()
                        ? new FeedbackInitialization.WeightProduct(0.05 * random.nextInt(2))
                        : new FeedbackInitialization.Random(Initialization.XAVIER_NORMAL);
        Parameters parameters =
                ParameterInitializer.draw(network, Initialization.XAVIER_NORMAL, feedback, seed);
        for (Tensor b : parameters.biases()) {
            for (int i = 0; i < b.size(); i++) {
                b.set(i, 0.2 * random.nextGaussian());
            }
        }
        double timeStep = logarithmic(random, 1e-3, 0.02);
        boolean filtered = random.nextInt(4) == 0;
        boolean instant = random.nextInt(8) == 0;
        double alpha = logarithmic(random, 1e-4, 1);
        double gain = instant ? 0 : 2 * random.nextInt(2) * random.nextDouble();
        return new LoopCase(
                network,
                parameters,
                minibatch(network, samples, random),
                new ProportionalIntegralController(
                        gain, alpha, random.nextInt(4) == 0 ? Leak.INTEGRAL : Leak.TOTAL),
                new Dynamics(
                        timeStep,
                        random.nextInt(40, 601),
                        timeStep / (0.02 + 0.3 * random.nextDouble()),
                        filtered ? timeStep / (0.1 + random.nextDouble()) : timeStep,
                        true,
                        instant,
                        random.nextInt(3) > 0),
                logarithmic(random, 1e-5, LARGEST_NUDGE));
    }

    private static Network network(SplittableRandom random) {
        List<Layer> layers = new ArrayList<>();
        int hidden = random.nextInt(1, 4);
        for (int i = 0; i < hidden; i++) {
            Activation activation =
                    switch (random.nextInt(8)) {
                        case 0 -> new Activation.Sigmoid();
                        case 1 -> new Activation.Linear();
                        default -> new Activation.Tanh();
                    };
            layers.add(new Layer(random.nextInt(5, 16), activation));
        }
        layers.add(
                new Layer(
                        random.nextInt(1, 5),
                        random.nextInt(3) == 0 ? new Activation.Tanh() : new Activation.Linear()));
        return new Network(random.nextInt(4, 13), layers, random.nextInt(4) > 0);
    }

    private static Minibatch minibatch(Network network, int samples, SplittableRandom random) {
        double[] inputs = new double[samples * network.inputs()];
        double[] targets = new double[samples * network.outputs()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextGaussian();
        }
        for (int i = 0; i < targets.length; i++) {
            targets[i] = random.nextGaussian();
        }
        return new Minibatch(
                Tensor.wrap(inputs, samples, network.inputs()),
                new Targets.Values(Tensor.wrap(targets, samples, network.outputs())));
    }

    private static double logarithmic(SplittableRandom random, double low, double high) {
        return low * Math.pow(high / low, random.nextDouble());
    }

    /**
     * A plan of one loop from which weights and biases learn.
     *
     * @param solver how the state is found
     * @param mode which time points enter its update
     * @return the plan
     */
    public Plan control(Solver solver, ForwardPlasticity.Mode mode) {
        Plan.Builder builder = builder();
        builder.loop(
                "control",
                new LoopPhase(
                                builder.feedbackWeights(),
                                new OutputTarget.Nudge(
                                        nudge, OutputTarget.Nudge.Gradient.OF_SAMPLE),
                                controller,
                                dynamics)
                        .withSolver(solver)
                        .withPlasticities(
                                new ForwardPlasticity(mode, DfcRule.NONLINEAR_DIFFERENCE)));
        return builder.build();
    }

    /**
     * A plan of one noisy loop from which feedback weights learn; its standard deviation grows with
     * the nudge from 1e-4 to 0.03.
     *
     * @param solver how the loop is solved
     * @return the plan
     */
    public Plan feedback(Solver solver) {
        Plan.Builder builder = builder();
        builder.loop(
                "feedback",
                new LoopPhase(
                                builder.feedbackWeights(),
                                new OutputTarget.OwnOutput(),
                                controller,
                                dynamics)
                        .withSolver(solver)
                        .withNoise(noise())
                        .withPlasticities(new FeedbackPlasticity()));
        return builder.build();
    }

    /**
     * A plan of one noisy loop from which weights, biases and feedback weights learn.
     *
     * @param solver how the loop is solved
     * @param mode which time points enter the update of weights and biases
     * @return the plan
     */
    public Plan mixed(Solver solver, ForwardPlasticity.Mode mode) {
        Plan.Builder builder = builder();
        builder.loop(
                "mixed",
                new LoopPhase(
                                builder.feedbackWeights(),
                                new OutputTarget.Nudge(
                                        nudge, OutputTarget.Nudge.Gradient.OF_SAMPLE),
                                controller,
                                dynamics)
                        .withSolver(solver)
                        .withNoise(noise())
                        .withPlasticities(
                                new ForwardPlasticity(mode, DfcRule.NONLINEAR_DIFFERENCE),
                                new FeedbackPlasticity()));
        return builder.build();
    }

    /** {@return the noise of loops from which feedback weights learn} */
    public ApicalNoise noise() {
        double sigma = 0.03 * Math.sqrt(nudge / LARGEST_NUDGE);
        return new ApicalNoise(sigma, 0.7 * sigma);
    }

    private Plan.Builder builder() {
        return Plan.builder(network, Loss.MEAN_SQUARED_ERROR, minibatch.samples());
    }
}
