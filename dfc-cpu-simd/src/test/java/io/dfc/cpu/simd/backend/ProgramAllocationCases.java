package io.dfc.cpu.simd.backend;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramBuilder;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Programs, and loops in which forward and feedback weights learn at once. */
final class ProgramAllocationCases {
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 12, 20, 9, 3);
    private static final int SAMPLES = 40;
    private static final Noise NOISE = new Noise.Generated(3, 7);

    private ProgramAllocationCases() {}

    static List<AllocationCases.Case> all() {
        return List.of(
                program("feedback alignment", ProgramAllocationCases::feedbackAlignment),
                program(
                        "direct feedback alignment",
                        ProgramAllocationCases::directFeedbackAlignment),
                program("noise of parameters", ProgramAllocationCases::perturbation),
                program("a noisy repetition", ProgramAllocationCases::repetition),
                singlePhase());
    }

    /** Parameters of all groups of a plan. */
    static Parameters parameters(Plan plan) {
        Map<String, List<Tensor>> all =
                new TreeMap<>(
                        ParameterInitializer.draw(
                                        plan.network(),
                                        Initialization.XAVIER_NORMAL,
                                        new FeedbackInitialization.WeightProduct(0.05),
                                        1)
                                .groups());
        for (ParameterGroup group : plan.groups()) {
            all.computeIfAbsent(group.name(), _ -> constants(group));
        }
        return plan.select(new Parameters(all));
    }

    private static List<Tensor> constants(ParameterGroup group) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < group.tensors(); i++) {
            double[] x = new double[Arrays.stream(group.shape(i)).reduce(1, Math::multiplyExact)];
            Arrays.setAll(x, k -> Math.cos(k) / 10);
            tensors.add(Tensor.wrap(x, group.shape(i)));
        }
        return tensors;
    }

    private static AllocationCases.Case program(
            String name, BiConsumer<Plan.Builder, ProgramBuilder> writing) {
        Plan.Builder plan = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, SAMPLES);
        ProgramBuilder p =
                LayerProgram.builder(NETWORK)
                        .gradient(new Clipping.PerLayer(1e-3), plan.weights(), plan.biases());
        writing.accept(plan, p);
        ProgramHandle handle = plan.program("program", p.build());
        boolean reports = !handle.phase().numbers().isEmpty();
        return new AllocationCases.Case(
                name, plan.build(), engine -> read(handle, engine.run(handle, NOISE), reports));
    }

    private static double read(ProgramHandle handle, ProgramResult result, boolean reports) {
        double sum = AllocationCases.norm(handle, result);
        return reports ? sum + result.number("loss") : sum;
    }

    private static void learn(Plan.Builder plan, ProgramBuilder p, int layer, Buffer delta) {
        p.outerInto(plan.weights(), layer, delta, p.presynaptic(layer))
                .sumInto(plan.biases(), layer, delta);
    }

    private static void feedbackAlignment(Plan.Builder plan, ProgramBuilder p) {
        ParameterGroup b = plan.group("B", List.of(new int[] {20, 9}, new int[] {9, 3}));
        Buffer e = p.lossGradient("e_3", p.rate(2));
        for (int i = 2; i >= 0; i--) {
            Buffer delta = p.throughSlope("delta_" + (i + 1), e, i);
            learn(plan, p, i, delta);
            if (i > 0) {
                e = p.product("e_" + i, b, i - 1, delta);
            }
        }
    }

    private static void directFeedbackAlignment(Plan.Builder plan, ProgramBuilder p) {
        ParameterGroup d = plan.group("D", List.of(new int[] {20, 3}, new int[] {9, 3}));
        Buffer e = p.lossGradient("e", p.rate(2));
        learn(plan, p, 2, e);
        for (int i = 0; i < 2; i++) {
            Buffer carried = p.product("e_" + (i + 1), d, i, e);
            learn(plan, p, i, p.throughSlope("delta_" + (i + 1), carried, i));
        }
    }

    private static void perturbation(Plan.Builder plan, ProgramBuilder p) {
        Operation.ParameterNoise xi = new Operation.ParameterNoise(plan.weights(), 2, 1, 0.1);
        Buffer moved = p.product("m", xi, false, p.presynaptic(2));
        Buffer loss = p.sampleLoss("l", p.combine("y'", 1, p.rate(2), 1, moved));
        p.add(new Operation.NoiseInto(xi, 1, loss)).report("loss", loss);
    }

    private static void repetition(Plan.Builder plan, ProgramBuilder p) {
        Buffer state = p.combine("s", 0.5, p.rate(1), 0, p.rate(1));
        Optimizer adam = new Optimizer.Adam(0.9, 0.99, 1e-8);
        p.repeatUntil(
                5,
                1e-3,
                List.of(state),
                body -> {
                    Buffer voltage = body.product("a", plan.weights(), 2, state);
                    voltage = body.addBias("a", voltage, plan.biases(), 2);
                    Buffer rate =
                            body.activate(
                                    "q",
                                    Operation.Activate.Form.RATE,
                                    NETWORK.activation(2),
                                    voltage);
                    Buffer e = body.lossGradient("g", rate);
                    Buffer back = body.transposedProduct("k", plan.weights(), 2, e);
                    Buffer noise = body.noise("x", 9, 4, 0.01);
                    body.descend(state, body.combine("k", 1, back, 1, noise), adam, 0.01);
                    learn(plan, body, 2, e);
                });
        p.report("loss", p.sampleLoss("l", p.rate(2)));
    }

    private static AllocationCases.Case singlePhase() {
        Plan.Builder plan = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, SAMPLES);
        LoopHandle loop =
                plan.loop(
                        "single",
                        new LoopPhase(
                                        plan.feedbackWeights(),
                                        new OutputTarget.Strong(0.9),
                                        new ProportionalIntegralController(2, 1e-3),
                                        new Dynamics(0.05, 61, 0.2, 0.05, true, false, true))
                                .withNoise(new ApicalNoise(0.05, 0.05, 0.2))
                                .withPlasticities(
                                        new ForwardPlasticity(
                                                ForwardPlasticity.Mode.CONTINUOUS,
                                                DfcRule.NONLINEAR_DIFFERENCE),
                                        new FeedbackPlasticity(
                                                OptionalDouble.of(0.1),
                                                FeedbackPlasticity.NoiseScale.OF_LAYER,
                                                1.2,
                                                Optional.empty(),
                                                new Clipping.PerLayer(1))));
        return new AllocationCases.Case(
                "strong feedback in a single phase",
                plan.build(),
                engine -> AllocationCases.norm(loop, engine.run(loop, NOISE)));
    }
}
