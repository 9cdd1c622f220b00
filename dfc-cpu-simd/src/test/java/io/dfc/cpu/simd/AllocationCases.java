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
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.LayerTile;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.Step;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.PhaseResult;
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
    private static final ForwardPlasticity MEAN =
            update(ForwardPlasticity.Mode.CONTINUOUS, new Clipping.None());
    private static final ForwardPlasticity LAST =
            update(ForwardPlasticity.Mode.LAST_STATE, new Clipping.PerTensor(1));

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
            boolean others = plan.phases().stream().anyMatch(PerturbationHandle.class::isInstance);
            for (LoopHandle loop : plan.loops()) {
                others |= !loop.phase().controller().equals(CONTROLLER);
                others |= loop.phase().noise().isPresent();
            }
            for (PhaseHandle phase : plan.phases()) {
                others |= phase instanceof ProgramHandle program && program.phase().isNoisy();
            }
            return others;
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
        public void postsynapticFactor(Activation activation, LayerTile tile) {
            for (int i = tile.offset(); i < tile.offset() + tile.samples() * tile.width(); i++) {
                tile.postsynapticFactor()[i] = 2 * tile.difference()[i];
            }
        }
    }

    static List<Case> all() {
        List<Case> all = new ArrayList<>();
        addForward(all);
        addControl(all);
        addFeedback(all);
        addSteps(all);
        all.addAll(ProgramAllocationCases.all());
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
        Plan.Builder builder = Plan.builder(RECTIFIED, Loss.CROSS_ENTROPY, SAMPLES);
        ProgramHandle backward =
                builder.program(
                        "backward",
                        LayerPrograms.backpropagation(
                                RECTIFIED,
                                builder.weights(),
                                builder.biases(),
                                new Clipping.PerLayer(1e-3)));
        all.add(
                new Case(
                        "backward",
                        builder.build(),
                        engine -> norm(backward, engine.run(backward, NOISE))));
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
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.CONTINUOUS, new TwiceTheDifference())));
        all.add(
                control(
                        SMOOTH,
                        CONTROLLER,
                        euler,
                        convergedOnes,
                        0,
                        update(
                                ForwardPlasticity.Mode.CONTINUOUS_RUNNING,
                                new Clipping.PerTensor(1))));
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

    private static ForwardPlasticity update(ForwardPlasticity.Mode mode, Clipping clipping) {
        return new ForwardPlasticity(
                mode,
                DfcRule.NONLINEAR_DIFFERENCE,
                ForwardPlasticity.Presynaptic.CONTROLLED,
                clipping);
    }

    private static Case control(
            Network network,
            Controller controller,
            Solver solver,
            Convergence convergence,
            double sigma,
            ForwardPlasticity... updates) {
        Optional<ApicalNoise> noise =
                Optional.of(new ApicalNoise(sigma, sigma)).filter(n -> n.hidden() > 0);
        Plan.Builder builder = Plan.builder(network, Loss.CROSS_ENTROPY, SAMPLES);
        LoopHandle loop =
                builder.loop(
                        "control",
                        new LoopPhase(
                                builder.feedbackWeights(),
                                NUDGE,
                                controller,
                                DYNAMICS,
                                solver,
                                convergence,
                                noise,
                                List.of(updates)));
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
                        List.of(updates).stream().map(ForwardPlasticity::mode).toList().toString());
        return new Case(
                name, builder.build(), engine -> read(loop, engine.run(loop, NOISE), simulates));
    }

    private static void addFeedback(List<Case> all) {
        Solver euler = new Solver.Euler();
        all.add(feedback("euler", euler, new Clipping.Joint(1), NOISE));
        all.add(feedback("euler, recorded noise", euler, new Clipping.None(), recorded()));
        // The tolerance is for this test, which must not fall back to simulation.
        all.add(feedback("auto", new Solver.Auto(0.99), new Clipping.PerLayer(1), NOISE));
        all.add(
                perturbation(
                        "perturbation",
                        new FeedbackRule.ForwardPerturbation(0.1),
                        new Clipping.PerTensor(1)));
        all.add(
                perturbation(
                        "reconstruction",
                        new FeedbackRule.LinearizedReconstruction(0.1, 0.1),
                        new Clipping.None()));
        all.add(both());
    }

    private static LoopPhase noisyLoop(ParameterGroup q, Solver solver) {
        return new LoopPhase(
                        q,
                        new OutputTarget.OwnOutput(),
                        CONTROLLER,
                        new Dynamics(0.05, 61, 0.2, 0.5, true, false, false))
                .withNoise(new ApicalNoise(0.01, 0.01))
                .withSolver(solver);
    }

    private static FeedbackPlasticity teacher(Clipping clipping) {
        return new FeedbackPlasticity(Optional.of(new HomeostaticDecay(1e-3, 1)), clipping);
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

    private static Case feedback(String name, Solver solver, Clipping clipping, Noise noise) {
        Plan.Builder builder = Plan.builder(SMOOTH, Loss.CROSS_ENTROPY, SAMPLES);
        LoopHandle loop =
                builder.loop(
                        "feedback",
                        noisyLoop(builder.feedbackWeights(), solver)
                                .withPlasticities(teacher(clipping)));
        return new Case(
                "feedback, " + name,
                builder.build(),
                engine -> read(loop, engine.run(loop, noise), false));
    }

    private static Case both() {
        Plan.Builder builder = Plan.builder(SMOOTH, Loss.CROSS_ENTROPY, SAMPLES);
        LoopHandle loop =
                builder.loop(
                        "both",
                        noisyLoop(builder.feedbackWeights(), new Solver.Euler())
                                .withPlasticities(MEAN, teacher(new Clipping.Joint(1))));
        return new Case(
                "forward and feedback weights from one loop",
                builder.build(),
                engine -> read(loop, engine.run(loop, NOISE), false));
    }

    private static Case perturbation(String name, FeedbackRule rule, Clipping clipping) {
        Plan.Builder builder = Plan.builder(SMOOTH, Loss.CROSS_ENTROPY, SAMPLES);
        PerturbationHandle phase = perturbation(builder, builder.feedbackWeights(), rule, clipping);
        return new Case(
                "feedback, " + name,
                builder.build(),
                engine -> norm(phase, engine.run(phase, NOISE)));
    }

    private static PerturbationHandle perturbation(
            Plan.Builder builder, ParameterGroup q, FeedbackRule rule, Clipping clipping) {
        return builder.perturbation(
                "feedback",
                new PerturbationPhase(
                        q, rule, Optional.of(new HomeostaticDecay(1e-3, 1)), clipping));
    }

    private static void addSteps(List<Case> all) {
        Plan.Builder builder = Plan.builder(SMOOTH, Loss.CROSS_ENTROPY, SAMPLES);
        ParameterGroup q = builder.feedbackWeights();
        LoopHandle loop =
                builder.loop(
                        "control",
                        new LoopPhase(
                                        q,
                                        NUDGE,
                                        CONTROLLER,
                                        DYNAMICS,
                                        update(
                                                ForwardPlasticity.Mode.CONTINUOUS,
                                                new Clipping.PerLayer(1e-3)))
                                .withSolver(new Solver.Auto(0.3)));
        ProgramHandle backward =
                builder.program(
                        "backward",
                        LayerPrograms.backpropagation(
                                SMOOTH,
                                builder.weights(),
                                builder.biases(),
                                new Clipping.Joint(1e-3)));
        PerturbationHandle feedback =
                perturbation(
                        builder,
                        q,
                        new FeedbackRule.ForwardPerturbation(0.1),
                        new Clipping.Joint(1));
        var sgd =
                builder.optimizer(
                        "forward",
                        new Optimization(new Optimizer.Sgd(0.9), 1e-9),
                        builder.forwardGroups());
        var adam =
                builder.optimizer(
                        "feedback",
                        new Optimization(new Optimizer.Adam(0.9, 0.999, 1e-8), 1e-9),
                        q);
        Step[] ofLoop = {builder.step(loop.gradients().getFirst(), sgd).at(1)};
        Step[] ofBackward = {builder.step(backward.gradients().getFirst(), sgd).at(1)};
        Step[] ofFeedback = {builder.step(feedback.gradients().getFirst(), adam).at(1)};
        Plan plan = builder.build();
        Minibatch minibatch = minibatch(plan);
        all.add(
                new Case(
                        "step of a loop",
                        plan,
                        engine -> {
                            engine.forward(minibatch);
                            engine.run(loop, NOISE);
                            engine.apply(ofLoop);
                            return engine.largestParameter(0);
                        }));
        all.add(
                new Case(
                        "step of backpropagation",
                        plan,
                        engine -> {
                            engine.forward(minibatch);
                            engine.run(backward, NOISE);
                            engine.apply(ofBackward);
                            return engine.largestParameter(0);
                        }));
        all.add(
                new Case(
                        "step of feedback weights",
                        plan,
                        engine -> {
                            engine.forward(minibatch);
                            engine.run(feedback, NOISE);
                            engine.apply(ofFeedback);
                            return engine.largestParameter(0);
                        }));
    }

    private static double read(ForwardResult result) {
        return result.loss() + result.correct() + result.samples();
    }

    private static double read(LoopHandle loop, LoopResult result, boolean simulates) {
        requireWay(result.fallbackSamples() > 0 == simulates);
        return norm(loop, result)
                + result.samples()
                + result.converged()
                + result.diverged()
                + result.errorEstimate();
    }

    static double norm(PhaseHandle phase, PhaseResult result) {
        double sum = 0;
        // By number, for an iterator is an object.
        for (int k = 0; k < phase.gradients().size(); k++) {
            sum += result.gradientNorm(phase.gradients().get(k), 0);
        }
        return sum;
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
