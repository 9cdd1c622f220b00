package io.dfc.cpu.simd;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.LayerTile;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.FeedbackPhase;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Recording;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** Every phase in every form in which an engine runs it, on small networks. */
final class AllocationCases {
    /** More than a tile, so that there is work for two threads. */
    private static final int SAMPLES = 40;

    private static final Network SMOOTH = Network.of(new Activation.Tanh(), 12, 20, 9, 3);
    private static final Network RECTIFIED =
            new Network(
                    12,
                    List.of(
                            new Layer(20, new Activation.Relu()),
                            new Layer(11, new Activation.LeakyRelu(0.2)),
                            new Layer(9, new Activation.Sigmoid()),
                            new Layer(3, new Activation.Linear())),
                    false);

    /** Every activation, so that no loop may count on one of them. */
    private static final Network MIXED =
            new Network(
                    9,
                    List.of(
                            new Layer(14, new Activation.Tanh()),
                            new Layer(13, new Activation.Sigmoid()),
                            new Layer(12, new Activation.LeakyRelu(0.2)),
                            new Layer(11, new Activation.Relu()),
                            new Layer(4, new Activation.Linear())),
                    true);

    /** So many outputs that steady states are found by products alone. */
    private static final Network WIDE = Network.of(new Activation.Tanh(), 9, 14, 104);

    private static final Dynamics DYNAMICS = new Dynamics(0.05, 61, 0.2);
    private static final Controller CONTROLLER = new ProportionalIntegralController(2, 1e-3);
    private static final OutputTarget NUDGE =
            new OutputTarget.Nudge(1e-3, OutputTarget.Nudge.Gradient.OF_SAMPLE);
    private static final Noise NOISE = new Noise.Generated(3, 7);
    private static final Update MEAN = update(Update.Mode.CONTINUOUS, new Clipping.None());
    private static final Update LAST = update(Update.Mode.LAST_STATE, new Clipping.PerTensor(1));

    private AllocationCases() {}

    /**
     * What is called over and over.
     *
     * @param plan plan of the engine
     * @param call one call, after a forward pass, with all that is read from its results
     */
    record Case(String name, Plan plan, ToDoubleFunction<Engine> call) {
        @Override
        public String toString() {
            return name;
        }

        Minibatch minibatch() {
            return AllocationCases.minibatch(plan);
        }

        /** Whether there are objects other than vectors for the compiler to do away with. */
        boolean hasOtherObjects() {
            boolean usersCode =
                    plan.control().stream().anyMatch(c -> !c.controller().equals(CONTROLLER));
            boolean noise = plan.control().stream().anyMatch(c -> c.noise().isPresent());
            return usersCode || noise || plan.feedback().isPresent();
        }
    }

    /** Users' code that keeps to its contract. */
    private record HalfOfError() implements Controller {
        @Override
        public int stateSize(int outputs) {
            return 1;
        }

        @Override
        public void step(ControlTile tile, double timeStep) {
            for (int i = tile.offset(); i < tile.offset() + tile.samples() * tile.width(); i++) {
                tile.control()[i] = tile.error()[i] / 2;
            }
        }

        @Override
        public double leakage() {
            return 0;
        }
    }

    private record TwiceTheDifference() implements LearningRule {
        @Override
        public void teach(Activation activation, LayerTile tile) {
            for (int i = tile.offset(); i < tile.offset() + tile.samples() * tile.width(); i++) {
                tile.signal()[i] = 2 * tile.difference()[i];
            }
        }
    }

    static List<Case> all() {
        List<Case> all = new ArrayList<>();
        addForward(all);
        addControl(all);
        addFeedback(all);
        addSteps(all);
        return all;
    }

    private static Plan evaluation(Network network) {
        return Plan.evaluation(network, Loss.CROSS_ENTROPY, SAMPLES);
    }

    private static void addForward(List<Case> all) {
        Plan regression = Plan.evaluation(SMOOTH, Loss.MEAN_SQUARED_ERROR, SAMPLES);
        for (Plan plan : List.of(evaluation(SMOOTH), evaluation(RECTIFIED), regression)) {
            Minibatch minibatch = minibatch(plan);
            String name = "forward, " + plan.network() + ", " + plan.loss();
            all.add(new Case(name, plan, engine -> read(engine.forward(minibatch))));
        }
        Plan plan = evaluation(RECTIFIED).withBackward(new Clipping.PerLayer(1e-3));
        all.add(new Case("backward", plan, engine -> engine.backward().gradientNorm(0)));
    }

    private static void addControl(List<Case> all) {
        Convergence everySample = Convergence.includingAll();
        Convergence convergedOnes = new Convergence(0.5, false);
        Solver euler = new Solver.Euler();
        all.add(control(SMOOTH, CONTROLLER, euler, everySample, 0, MEAN, LAST));
        all.add(control(RECTIFIED, CONTROLLER, euler, convergedOnes, 0, MEAN, LAST));
        all.add(control(SMOOTH, CONTROLLER, euler, everySample, 0.01, MEAN));
        all.add(
                control(
                        SMOOTH,
                        new HalfOfError(),
                        euler,
                        everySample,
                        0,
                        new Update(Update.Mode.CONTINUOUS, new TwiceTheDifference())));
        all.add(
                control(
                        SMOOTH,
                        CONTROLLER,
                        euler,
                        convergedOnes,
                        0,
                        update(Update.Mode.CONTINUOUS_RUNNING, new Clipping.PerTensor(1))));
        Solver auto = new Solver.Auto(0.3);
        all.add(control(SMOOTH, CONTROLLER, auto, everySample, 0, MEAN, LAST));
        all.add(control(RECTIFIED, CONTROLLER, auto, everySample, 0, MEAN));
        Solver found = new Solver.SteadyState();
        Solver notFound = new Solver.SteadyState(1e-6, 1);
        all.add(control(MIXED, CONTROLLER, euler, everySample, 0, MEAN, LAST));
        all.add(control(MIXED, CONTROLLER, auto, everySample, 0, MEAN));
        for (Network network : List.of(MIXED, SMOOTH, WIDE)) {
            all.add(control(network, CONTROLLER, found, everySample, 0, LAST));
            all.add(control(network, CONTROLLER, notFound, everySample, 0, LAST));
            all.add(control(network, CONTROLLER, new Solver.Linearized(), everySample, 0, LAST));
        }
    }

    private static Update update(Update.Mode mode, Clipping clipping) {
        return new Update(
                mode, PublishedRule.NONLINEAR_DIFFERENCE, Update.Presynaptic.CONTROLLED, clipping);
    }

    private static Case control(
            Network network,
            Controller controller,
            Solver solver,
            Convergence convergence,
            double sigma,
            Update... updates) {
        Optional<ApicalNoise> noise =
                Optional.of(new ApicalNoise(sigma, sigma)).filter(n -> n.hidden() > 0);
        Plan plan =
                evaluation(network)
                        .withControl(
                                new ControlPhase(
                                        NUDGE,
                                        controller,
                                        DYNAMICS,
                                        solver,
                                        convergence,
                                        noise,
                                        List.of(updates),
                                        Recording.none()));
        boolean simulates = solver instanceof Solver.SteadyState s && s.maxIterations() == 1;
        String name =
                String.join(
                        ", ",
                        "control",
                        solver.toString(),
                        network.toString(),
                        controller.equals(CONTROLLER) ? "published controller" : "users' code",
                        convergence.includeAll() ? "every sample" : "converged samples",
                        "noise " + sigma,
                        List.of(updates).stream().map(Update::mode).toList().toString());
        return new Case(name, plan, engine -> read(engine.control(NOISE), simulates));
    }

    private static void addFeedback(List<Case> all) {
        FeedbackRule simulated = loop(new Solver.Euler());
        all.add(feedback("euler", simulated, new Clipping.Joint(1), NOISE));
        all.add(feedback("euler, recorded noise", simulated, new Clipping.None(), recorded()));
        // The tolerance is for this test, which must not fall back to simulation.
        FeedbackRule inOutputSpace = loop(new Solver.Auto(0.99));
        all.add(feedback("auto", inOutputSpace, new Clipping.PerLayer(1), NOISE));
        all.add(
                feedback(
                        "perturbation",
                        new FeedbackRule.ForwardPerturbation(0.1),
                        new Clipping.PerTensor(1),
                        NOISE));
        all.add(
                feedback(
                        "reconstruction",
                        new FeedbackRule.LinearizedReconstruction(0.1, 0.1),
                        new Clipping.None(),
                        NOISE));
    }

    private static FeedbackRule loop(Solver solver) {
        return new FeedbackRule.NormalController(
                CONTROLLER,
                new Dynamics(0.05, 61, 0.2, 0.5, true, false, false),
                new ApicalNoise(0.01, 0.01),
                new OutputTarget.OwnOutput(),
                solver);
    }

    private static Noise recorded() {
        SplittableRandom random = new SplittableRandom(4);
        List<Tensor> layers = new ArrayList<>();
        for (Layer layer : SMOOTH.layers()) {
            int steps = DYNAMICS.steps();
            double[] x = new double[steps * SAMPLES * layer.size()];
            java.util.Arrays.setAll(x, i -> random.nextGaussian());
            layers.add(Tensor.wrap(x, steps, SAMPLES, layer.size()));
        }
        return new Noise.Recorded(layers);
    }

    private static Case feedback(String name, FeedbackRule rule, Clipping clipping, Noise noise) {
        return new Case(
                "feedback, " + name,
                withFeedback(rule, clipping),
                engine -> read(engine.feedback(noise)));
    }

    private static Plan withFeedback(FeedbackRule rule, Clipping clipping) {
        return evaluation(SMOOTH)
                .withFeedback(
                        new FeedbackPhase(
                                rule,
                                Optional.of(new HomeostaticDecay(1e-3, 1)),
                                clipping,
                                Recording.none()));
    }

    private static void addSteps(List<Case> all) {
        Plan plan =
                withFeedback(new FeedbackRule.ForwardPerturbation(0.1), new Clipping.Joint(1))
                        .withControl(
                                new ControlPhase(
                                        NUDGE,
                                        CONTROLLER,
                                        DYNAMICS,
                                        new Solver.Auto(0.3),
                                        update(
                                                Update.Mode.CONTINUOUS,
                                                new Clipping.PerLayer(1e-3))))
                        .withBackward(new Clipping.Joint(1e-3))
                        .withOptimization(
                                OptimizerSlot.FORWARD,
                                new Optimization(new Optimizer.Sgd(0.9), 1e-9))
                        .withOptimization(
                                OptimizerSlot.FEEDBACK,
                                new Optimization(new Optimizer.Adam(0.9, 0.999, 1e-8), 1e-9));
        Minibatch minibatch = minibatch(plan);
        all.add(
                new Case(
                        "applyControl",
                        plan,
                        engine -> {
                            engine.forward(minibatch);
                            engine.control(NOISE);
                            engine.applyControl(0, 1);
                            return engine.largestParameter(0);
                        }));
        all.add(
                new Case(
                        "applyBackward",
                        plan,
                        engine -> {
                            engine.forward(minibatch);
                            engine.backward();
                            engine.applyBackward(1);
                            return engine.largestParameter(0);
                        }));
        all.add(
                new Case(
                        "applyFeedback",
                        plan,
                        engine -> {
                            engine.forward(minibatch);
                            engine.feedback(NOISE);
                            engine.applyFeedback(OptimizerSlot.FEEDBACK, 1);
                            return engine.largestParameter(0);
                        }));
    }

    private static double read(ForwardPass pass) {
        return pass.loss() + pass.correct() + pass.samples();
    }

    private static double read(ControlPass pass, boolean simulates) {
        requireWay(pass.simulated() > 0 == simulates);
        return pass.gradientNorm(0, 0)
                + pass.samples()
                + pass.converged()
                + pass.diverged()
                + pass.errorEstimate();
    }

    private static double read(FeedbackPass pass) {
        requireWay(pass.simulated() == 0);
        return pass.gradientNorm(0) + pass.errorEstimate();
    }

    /** A case that is not run in the way it stands for would test another one twice. */
    private static void requireWay(boolean met) {
        if (!met) {
            throw new IllegalStateException("the phase was not run in the way that is to be seen");
        }
    }

    private static Minibatch minibatch(Plan plan) {
        Network network = plan.network();
        Targets targets =
                plan.loss() == Loss.CROSS_ENTROPY
                        ? new Targets.Labels(
                                new SplittableRandom(2)
                                        .ints(SAMPLES, 0, network.outputs())
                                        .toArray())
                        : new Targets.Values(draw(network.outputs()));
        return new Minibatch(draw(network.inputs()), targets);
    }

    private static Tensor draw(int width) {
        double[] x = new SplittableRandom(1).doubles((long) SAMPLES * width, -1, 1).toArray();
        return Tensor.wrap(x, SAMPLES, width);
    }
}
