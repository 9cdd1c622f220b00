package io.dfc.cpu.simd.backend;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Networks with more outputs than neurons in the last hidden layer, against the reference. */
class ReadoutBasisTest {
    private static final int SAMPLES = 37;
    private static final double TOLERANCE = 1e-4;

    private static final Activation TANH = new Activation.Tanh();
    private static final Activation LINEAR = new Activation.Linear();

    /** What the output layer's feedback weights are. */
    enum Readout {
        IDENTITY,
        /** A multiple of the identity. */
        SCALED,
        /** Hidden ones so large that their layers' inputs are small differences. */
        LARGE_HIDDEN,
        /** No multiple of the identity. */
        TRAINED
    }

    record Case(Network network, Readout readout, Solver solver, Leak leak) {
        Plan plan() {
            Plan.Builder builder = Plan.builder(network, Loss.MEAN_SQUARED_ERROR, SAMPLES);
            LoopPhase phase =
                    new LoopPhase(
                            builder.feedbackWeights(),
                            new OutputTarget.Nudge(0.1, OutputTarget.Nudge.Gradient.OF_SAMPLE),
                            new ProportionalIntegralController(2, 0.04, leak),
                            new Dynamics(0.02, 300, 0.2),
                            new ForwardPlasticity(
                                    ForwardPlasticity.Mode.LAST_STATE,
                                    DfcRule.NONLINEAR_DIFFERENCE));
            builder.loop("control", phase.withSolver(solver));
            return builder.build();
        }
    }

    /** A feedback phase; the published one has another apical time constant than time step. */
    record Noisy(Network network, Readout readout, Dynamics dynamics, Leak leak, Solver solver) {
        Noisy(Network network, Readout readout, Dynamics dynamics, Leak leak) {
            this(network, readout, dynamics, leak, new Solver.Euler());
        }

        Plan plan() {
            Plan.Builder builder = Plan.builder(network, Loss.MEAN_SQUARED_ERROR, SAMPLES);
            // The published gain, or one that shows.
            double gain = solver instanceof Solver.Auto ? 0.0063 : 0.1;
            builder.loop(
                    "feedback",
                    new LoopPhase(
                                    builder.feedbackWeights(),
                                    new OutputTarget.OwnOutput(),
                                    new ProportionalIntegralController(gain, 0.7, leak),
                                    dynamics)
                            .withSolver(solver)
                            .withNoise(new ApicalNoise(0.01, 0))
                            .withPlasticities(new FeedbackPlasticity()));
            return builder.build();
        }
    }

    private static List<Network> networks() {
        return List.of(
                new Network(
                        104,
                        List.of(
                                new Layer(16, TANH),
                                new Layer(5, LINEAR),
                                new Layer(16, TANH),
                                new Layer(104, LINEAR)),
                        true),
                new Network(
                        9,
                        List.of(
                                new Layer(13, new Activation.Relu()),
                                new Layer(3, new Activation.Sigmoid()),
                                new Layer(21, TANH),
                                new Layer(101, LINEAR)),
                        false));
    }

    static Stream<Case> cases() {
        List<Case> all = new ArrayList<>();
        for (Network network : networks()) {
            for (Readout q : Readout.values()) {
                all.add(new Case(network, q, new Solver.Linearized(), Leak.TOTAL));
                if (q != Readout.LARGE_HIDDEN) {
                    all.add(new Case(network, q, new Solver.SteadyState(), Leak.INTEGRAL));
                }
            }
        }
        return all.stream();
    }

    private static void assertSameBits(List<double[]> one, List<double[]> three) {
        for (int i = 0; i < one.size(); i++) {
            assertThat(three.get(i)).isEqualTo(one.get(i));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void steadyStatesAreThoseOfTheReference(Case of) {
        Plan plan = of.plan();
        Parameters parameters = parameters(of.network, of.readout);
        List<double[]> exact = gradients(plan, parameters, reference(plan));
        List<double[]> one = gradients(plan, parameters, simd(1));
        assertThat(worst(exact, one)).isLessThan(TOLERANCE);
        assertSameBits(one, gradients(plan, parameters, simd(3)));
    }

    static Stream<Noisy> noisy() {
        return networks().stream()
                .flatMap(
                        n ->
                                Stream.of(
                                        new Noisy(
                                                n,
                                                Readout.IDENTITY,
                                                new Dynamics(
                                                        0.02, 23, 0.06, 0.3, true, false, false),
                                                Leak.TOTAL),
                                        new Noisy(
                                                n,
                                                Readout.SCALED,
                                                new Dynamics(
                                                        0.02, 23, 0.06, 0.02, false, false, true),
                                                Leak.INTEGRAL),
                                        new Noisy(
                                                n,
                                                Readout.SCALED,
                                                new Dynamics(0.02, 9, 0.06, 0.1, true, true, true),
                                                Leak.TOTAL),
                                        new Noisy(
                                                n,
                                                Readout.TRAINED,
                                                new Dynamics(
                                                        0.02, 23, 0.06, 0.3, true, false, false),
                                                Leak.TOTAL)));
    }

    @ParameterizedTest
    @MethodSource("noisy")
    void feedbackLearnsAsInTheReference(Noisy of) {
        Plan plan = of.plan();
        Parameters parameters = parameters(of.network, of.readout);
        List<double[]> exact = gradients(plan, parameters, reference(plan));
        List<double[]> one = gradients(plan, parameters, simd(1));
        assertThat(worst(exact, one)).isLessThan(TOLERANCE);
        assertSameBits(one, gradients(plan, parameters, simd(3)));
    }

    static Stream<Noisy> smooth() {
        // The published times: the apical filter is far slower than a step.
        Dynamics published =
                new Dynamics(
                        0.0032644966090448454,
                        60,
                        0.006487346213972566,
                        0.2725371146036905,
                        true,
                        false,
                        true);
        return networks().stream()
                .map(n -> new Noisy(n, Readout.IDENTITY, published, Leak.TOTAL, new Solver.Auto()));
    }

    @ParameterizedTest
    @MethodSource("smooth")
    void aSmoothControlIsPredictedWithinTheEstimate(Noisy of) {
        Plan plan = of.plan();
        Parameters parameters = parameters(of.network, of.readout);
        List<double[]> exact = gradients(plan, parameters, reference(plan));
        List<double[]> one = gradients(plan, parameters, simd(1));
        double estimate = estimate(plan, parameters);
        assertThat(estimate).isPositive().isLessThan(new Solver.Auto().tolerance());
        assertThat(worst(exact, one)).isLessThan(estimate);
        assertSameBits(one, gradients(plan, parameters, simd(3)));
    }

    @Test
    void aControlOutsideTheToleranceIsSimulated() {
        Dynamics longer = new Dynamics(0.02, 61, 0.06, 1, false, false, false);
        Noisy of =
                new Noisy(
                        networks().getFirst(),
                        Readout.SCALED,
                        longer,
                        Leak.TOTAL,
                        new Solver.Auto());
        Plan plan = of.plan();
        Parameters parameters = parameters(of.network, of.readout);
        assertThat(estimate(plan, parameters)).isZero();
        List<double[]> exact = gradients(plan, parameters, reference(plan));
        assertThat(worst(exact, gradients(plan, parameters, simd(1)))).isLessThan(TOLERANCE);
    }

    private static double estimate(Plan plan, Parameters parameters) {
        try (Backend backend = simd(1);
                Engine engine = backend.compile(plan)) {
            engine.load(new EngineState(parameters));
            engine.forward(minibatch(plan.network()));
            return engine.run(plan.loops().getFirst(), new Noise.Generated(1, 2)).errorEstimate();
        }
    }

    private static Backend simd(int threads) {
        return new SimdBackend("cpu-simd", new Device("cpu", ""), threads);
    }

    private static Backend reference(Plan plan) {
        return Backends.discover()
                .select("reference", BackendOptions.defaults(), List.of(plan))
                .backend();
    }

    /** The last of two runs, between which all parameters change. */
    private static List<double[]> gradients(Plan plan, Parameters parameters, Backend opened) {
        LoopHandle loop = plan.loops().getFirst();
        try (Backend backend = opened;
                Engine engine = backend.compile(plan)) {
            Parameters others = parameters.copy();
            others.groups().values().forEach(group -> group.forEach(t -> t.set(0, t.get(0) + 0.5)));
            engine.load(new EngineState(others));
            engine.forward(minibatch(plan.network()));
            engine.run(loop, new Noise.Generated(5, 6));
            engine.load(new EngineState(parameters));
            engine.forward(minibatch(plan.network()));
            LoopResult result = engine.run(loop, new Noise.Generated(1, 2));
            List<double[]> all = new ArrayList<>();
            if (loop.gradients().isEmpty() || loop.phase().feedbackPlasticity().isPresent()) {
                result.unclippedFeedback().forEach(t -> all.add(t.toDoubles()));
            } else {
                assertThat(result.fallbackSamples()).isZero();
                result.gradient(loop.gradients().getFirst())
                        .weights()
                        .forEach(t -> all.add(t.toDoubles()));
            }
            return all;
        }
    }

    private static Minibatch minibatch(Network network) {
        SplittableRandom random = new SplittableRandom(3);
        double[] inputs = random.doubles((long) SAMPLES * network.inputs(), -1, 1).toArray();
        double[] targets = random.doubles((long) SAMPLES * network.outputs(), -1, 1).toArray();
        return new Minibatch(
                Tensor.wrap(inputs, SAMPLES, network.inputs()),
                new Targets.Values(Tensor.wrap(targets, SAMPLES, network.outputs())));
    }

    private static Parameters parameters(Network network, Readout readout) {
        Parameters drawn =
                ParameterInitializer.draw(
                        network,
                        Initialization.XAVIER_NORMAL,
                        new FeedbackInitialization.WeightProduct(0.02),
                        7);
        int last = network.depth() - 1;
        Tensor top = drawn.feedback().get(last);
        switch (readout) {
            case IDENTITY -> {}
            case SCALED -> scale(top, 1.7);
            case LARGE_HIDDEN -> {
                for (int i = 0; i < last; i++) {
                    scale(drawn.feedback().get(i), 300);
                }
            }
            case TRAINED -> top.set(1, top.get(1) + 0.01);
        }
        return drawn;
    }

    private static void scale(Tensor tensor, double factor) {
        for (int k = 0; k < tensor.size(); k++) {
            tensor.set(k, factor * tensor.get(k));
        }
    }

    private static double worst(List<double[]> exact, List<double[]> found) {
        double worst = 0;
        for (int i = 0; i < exact.size(); i++) {
            double difference = 0;
            double norm = 0;
            for (int k = 0; k < exact.get(i).length; k++) {
                double d = found.get(i)[k] - exact.get(i)[k];
                difference += d * d;
                norm += exact.get(i)[k] * exact.get(i)[k];
            }
            worst = Math.max(worst, Math.sqrt(difference / norm));
        }
        return worst;
    }
}
