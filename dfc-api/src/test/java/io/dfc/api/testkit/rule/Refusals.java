package io.dfc.api.testkit.rule;

import io.dfc.api.error.DfcException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Scenarios;
import io.dfc.api.testkit.scenario.Shapes;
import io.dfc.api.testkit.scenario.TrainingPlans;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What an engine refuses: wrong shapes, numbers that are none, calls out of order. */
public final class Refusals {
    private static final Shapes SHAPE = Shapes.smooth().get(2);

    private Refusals() {}

    public static void wrongShapes(Backend backend) {
        Scenario scenario = Scenarios.evaluation(Shapes.smooth().get(2), Loss.CROSS_ENTROPY);
        try (Engine engine = CompiledPlan.of(backend, scenario.plan())) {
            engine.load(new EngineState(scenario.parameters()));
            Minibatch good = scenario.minibatches().getFirst();
            int inputs = scenario.plan().network().inputs();
            int tooMany = scenario.plan().maxBatch() + 1;
            for (Minibatch bad :
                    List.of(
                            new Minibatch(
                                    Tensor.wrap(new double[2 * inputs + 2], 2, inputs + 1),
                                    new Targets.Labels(new int[2])),
                            new Minibatch(
                                    Tensor.wrap(new double[tooMany * inputs], tooMany, inputs),
                                    new Targets.Labels(new int[tooMany])),
                            new Minibatch(good.inputs(), new Targets.Labels(new int[1])),
                            new Minibatch(
                                    Tensor.wrap(new double[inputs], 1, inputs),
                                    new Targets.Labels(new int[] {-1})))) {
                Assertions.assertThrows(ShapeMismatchException.class, () -> engine.forward(bad));
            }
            Scenario other = Scenarios.evaluation(Shapes.smooth().get(1), Loss.CROSS_ENTROPY);
            Assertions.assertThrows(
                    ShapeMismatchException.class,
                    () -> engine.load(new EngineState(other.parameters())));
        }
    }

    public static void stalePasses(Backend backend) {
        TrainingPlans.supported(backend, SHAPE).forEach(plan -> stalePasses(backend, plan));
    }

    private static void stalePasses(Backend backend, Plan plan) {
        Scenario scenario = SHAPE.scenario("stale passes", plan);
        Minibatch minibatch = scenario.minibatches().getFirst();
        Noise noise = scenario.noise().apply(0);
        StepHandle ofWeights = plan.steps().getFirst();
        try (Engine engine = CompiledPlan.of(backend, plan)) {
            engine.load(new EngineState(scenario.parameters()));
            refusesPhases(engine);
            engine.forward(minibatch);
            Assertions.assertThrows(
                    IllegalStateException.class,
                    () -> engine.apply(ofWeights.at(1)),
                    "a step before its phase ran");
            TrainingPlans.runAll(engine, noise);
            engine.apply(ofWeights.at(1));
            refusesPhases(engine);
            Assertions.assertThrows(
                    IllegalStateException.class,
                    () -> engine.apply(ofWeights.at(1)),
                    "a gradient for a second time");
            engine.forward(minibatch);
            for (StepHandle step : plan.steps()) {
                Assertions.assertThrows(
                        IllegalStateException.class,
                        () -> engine.apply(step.at(1)),
                        () -> step + " of the pass before");
            }
            TrainingPlans.runAll(engine, noise);
            engine.setParameters(scenario.parameters());
            refusesPhases(engine);
        }
    }

    private static void refusesPhases(Engine engine) {
        for (PhaseHandle phase : engine.plan().phases()) {
            Assertions.assertThrows(
                    IllegalStateException.class,
                    () -> TrainingPlans.run(engine, phase, Noise.none()),
                    () -> phase + " without a fresh forward pass");
        }
    }

    public static void numbersThatAreNone(Backend backend) {
        List<Double> bad =
                new ArrayList<>(
                        List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
        if (backend.computeType() == ElementType.F32) {
            bad.add(2.0 * Float.MAX_VALUE);
        }
        Plan.Builder builder = SHAPE.builder(Loss.MEAN_SQUARED_ERROR);
        builder.feedbackWeights();
        Plan plan = builder.build();
        Scenario s = SHAPE.scenario("numbers", plan);
        Minibatch good = s.minibatches().getFirst();
        Tensor values = ((Targets.Values) good.targets()).values();
        try (Engine engine = CompiledPlan.of(backend, plan)) {
            engine.load(new EngineState(s.parameters()));
            double loss = engine.forward(good).loss();
            for (double x : bad) {
                // The last number too: what is padded or cut into tiles ends somewhere.
                for (int at : new int[] {0, good.inputs().size() - 1}) {
                    refuses(
                            "minibatch inputs",
                            () ->
                                    engine.forward(
                                            new Minibatch(
                                                    spoiled(good.inputs(), at, x),
                                                    good.targets())));
                }
                refuses(
                        "minibatch targets",
                        () ->
                                engine.forward(
                                        new Minibatch(
                                                good.inputs(),
                                                new Targets.Values(spoiled(values, 1, x)))));
                for (String name : List.of("W[1]", "b[0]", "Q[1]")) {
                    Parameters parameters = spoiled(s.parameters(), name, x);
                    refuses(name, () -> engine.load(new EngineState(parameters)));
                    refuses(name, () -> engine.setParameters(parameters));
                }
            }
            Assertions.assertEquals(
                    loss, engine.forward(good).loss(), "the loss after what was refused");
        }
        probabilitiesThatAreNone(backend, bad);
        for (Plan training : TrainingPlans.supported(backend, SHAPE)) {
            Scenario trained = SHAPE.scenario("rates", training);
            StepHandle step = training.steps().getFirst();
            try (Engine engine = CompiledPlan.of(backend, training)) {
                engine.load(new EngineState(trained.parameters()));
                engine.forward(trained.minibatches().getFirst());
                TrainingPlans.runAll(engine, trained.noise().apply(0));
                refuses("rateFactor", () -> engine.apply(step.at(Double.NaN)));
                engine.apply(step.at(1));
            }
        }
    }

    private static void probabilitiesThatAreNone(Backend backend, List<Double> bad) {
        Scenario s = Scenarios.evaluation(SHAPE, Loss.CROSS_ENTROPY);
        Tensor inputs = s.minibatches().getFirst().inputs();
        int samples = inputs.dim(0);
        int outputs = s.plan().network().outputs();
        double[] even = new double[samples * outputs];
        Arrays.fill(even, 1.0 / outputs);
        Tensor sound = Tensor.wrap(even, samples, outputs);
        try (Engine engine = CompiledPlan.of(backend, s.plan())) {
            engine.load(new EngineState(s.parameters()));
            engine.forward(new Minibatch(inputs, new Targets.Values(sound)));
            for (double x : bad) {
                Targets spoiled = new Targets.Values(spoiled(sound, even.length - 1, x));
                refuses("minibatch targets", () -> engine.forward(new Minibatch(inputs, spoiled)));
            }
        }
    }

    private static void refuses(String what, Executable call) {
        DfcException error = Assertions.assertThrows(DfcException.class, call, what);
        Assertions.assertTrue(
                error.getMessage().contains(what),
                () -> "the message names no " + what + ": " + error.getMessage());
    }

    private static Tensor spoiled(Tensor sound, int at, double x) {
        Tensor copy = sound.copy();
        copy.set(at, x);
        return copy;
    }

    private static Parameters spoiled(Parameters sound, String name, double x) {
        Parameters copy = sound.copy();
        (switch (name) {
                    case "W[1]" -> copy.weights().get(1);
                    case "b[0]" -> copy.biases().getFirst();
                    default -> copy.feedback().get(1);
                })
                .set(2, x);
        return copy;
    }
}
