package io.dfc.cpu.simd.backend;

import static io.dfc.cpu.simd.backend.AllocationCases.CONTROLLER;
import static io.dfc.cpu.simd.backend.AllocationCases.DYNAMICS;
import static io.dfc.cpu.simd.backend.AllocationCases.NOISE;
import static io.dfc.cpu.simd.backend.AllocationCases.NUDGE;
import static io.dfc.cpu.simd.backend.AllocationCases.RECTIFIED;
import static io.dfc.cpu.simd.backend.AllocationCases.SAMPLES;
import static io.dfc.cpu.simd.backend.AllocationCases.SMOOTH;
import static io.dfc.cpu.simd.backend.AllocationCases.norm;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.LayerTile;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/** Loop phases in every form in which an engine runs them. */
final class LoopAllocationCases {
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

    private static final ForwardPlasticity MEAN =
            update(ForwardPlasticity.Mode.CONTINUOUS, new Clipping.None());
    private static final ForwardPlasticity LAST =
            update(ForwardPlasticity.Mode.LAST_STATE, new Clipping.PerTensor(1));

    private LoopAllocationCases() {}

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

    static void addControl(List<AllocationCases.Case> all) {
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

    static ForwardPlasticity update(ForwardPlasticity.Mode mode, Clipping clipping) {
        return new ForwardPlasticity(
                mode,
                DfcRule.NONLINEAR_DIFFERENCE,
                ForwardPlasticity.Presynaptic.CONTROLLED,
                clipping);
    }

    private static AllocationCases.Case control(
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
        return new AllocationCases.Case(
                name, builder.build(), engine -> read(loop, engine.run(loop, NOISE), simulates));
    }

    static void addFeedback(List<AllocationCases.Case> all) {
        Solver euler = new Solver.Euler();
        all.add(feedback("euler", euler, new Clipping.Joint(1), NOISE));
        all.add(feedback("euler, recorded noise", euler, new Clipping.None(), recorded()));
        // The tolerance is for this test, which must not fall back to simulation.
        all.add(feedback("auto", new Solver.Auto(0.99), new Clipping.PerLayer(1), NOISE));
        all.add(wideFeedback());
        all.add(expected("own output", new OutputTarget.OwnOutput(), OptionalDouble.empty()));
        all.add(expected("nudged, high-pass", NUDGE, OptionalDouble.of(0.2)));
    }

    private static AllocationCases.Case expected(
            String name, OutputTarget target, OptionalDouble highPass) {
        Plan.Builder builder = Plan.builder(SMOOTH, Loss.CROSS_ENTROPY, SAMPLES);
        LoopHandle loop =
                builder.loop(
                        "feedback",
                        new LoopPhase(
                                        builder.feedbackWeights(),
                                        target,
                                        CONTROLLER,
                                        new Dynamics(0.05, 61, 0.2, 0.5, false, false, false))
                                .withNoise(new ApicalNoise(0.01, 0.01))
                                .withPlasticities(
                                        new FeedbackPlasticity(
                                                        highPass,
                                                        FeedbackPlasticity.NoiseScale.OF_LAYER,
                                                        1,
                                                        Optional.empty(),
                                                        new Clipping.Joint(1))
                                                .withEstimator(
                                                        FeedbackPlasticity.Estimator.EXPECTED)));
        return new AllocationCases.Case(
                "feedback, expected, " + name,
                builder.build(),
                engine -> read(loop, engine.run(loop, NOISE), false));
    }

    /** More outputs than last hidden neurons, and no noise in the outputs. */
    private static AllocationCases.Case wideFeedback() {
        Plan.Builder builder = Plan.builder(WIDE, Loss.CROSS_ENTROPY, SAMPLES);
        LoopHandle loop =
                builder.loop(
                        "feedback",
                        noisyLoop(builder.feedbackWeights(), new Solver.Euler())
                                .withNoise(new ApicalNoise(0.01, 0))
                                .withPlasticities(feedbackPlasticity(new Clipping.Joint(1))));
        return new AllocationCases.Case(
                "feedback, euler, many outputs",
                builder.build(),
                engine -> read(loop, engine.run(loop, NOISE), false));
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

    private static FeedbackPlasticity feedbackPlasticity(Clipping clipping) {
        return new FeedbackPlasticity(Optional.of(new HomeostaticDecay(1e-3, 1)), clipping);
    }

    private static Noise recorded() {
        SplittableRandom random = new SplittableRandom(4);
        List<Tensor> layers = new ArrayList<>();
        for (Layer layer : SMOOTH.layers()) {
            int steps = DYNAMICS.steps();
            double[] x = new double[steps * SAMPLES * layer.size()];
            Arrays.setAll(x, i -> random.nextGaussian());
            layers.add(Tensor.wrap(x, steps, SAMPLES, layer.size()));
        }
        return new Noise.Recorded(layers);
    }

    private static AllocationCases.Case feedback(
            String name, Solver solver, Clipping clipping, Noise noise) {
        Plan.Builder builder = Plan.builder(SMOOTH, Loss.CROSS_ENTROPY, SAMPLES);
        LoopHandle loop =
                builder.loop(
                        "feedback",
                        noisyLoop(builder.feedbackWeights(), solver)
                                .withPlasticities(feedbackPlasticity(clipping)));
        return new AllocationCases.Case(
                "feedback, " + name,
                builder.build(),
                engine -> read(loop, engine.run(loop, noise), false));
    }

    static AllocationCases.Case both() {
        Plan.Builder builder = Plan.builder(SMOOTH, Loss.CROSS_ENTROPY, SAMPLES);
        LoopHandle loop =
                builder.loop(
                        "both",
                        noisyLoop(builder.feedbackWeights(), new Solver.Euler())
                                .withPlasticities(MEAN, feedbackPlasticity(new Clipping.Joint(1))));
        return new AllocationCases.Case(
                "forward and feedback weights from one loop",
                builder.build(),
                engine -> read(loop, engine.run(loop, NOISE), false));
    }

    private static double read(LoopHandle loop, LoopResult result, boolean simulates) {
        requireWay(result.fallbackSamples() > 0 == simulates);
        return norm(loop, result)
                + result.samples()
                + result.converged()
                + result.diverged()
                + result.errorEstimate();
    }

    /** A case that is not run in the way it stands for would test another one twice. */
    private static void requireWay(boolean met) {
        if (!met) {
            throw new IllegalStateException("the phase was not run in the way that is to be seen");
        }
    }
}
