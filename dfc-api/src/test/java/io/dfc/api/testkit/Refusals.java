package io.dfc.api.testkit;

import io.dfc.api.error.DfcException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What an engine refuses: wrong shapes, numbers that are none, calls out of order. */
final class Refusals {
    private static final Shapes SHAPE = Shapes.smooth().get(2);

    private Refusals() {}

    static void wrongShapes(Backend backend) {
        Scenario scenario = Scenarios.evaluation(Shapes.smooth().get(2), Loss.CROSS_ENTROPY);
        try (Engine engine = BackendContract.compile(backend, scenario.plan())) {
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

    static void stalePasses(Backend backend) {
        Optimization optimization = new Optimization(new Optimizer.Sgd(0), 0.1);
        Shapes shape = Shapes.smooth().get(2);
        Plan plan =
                LearningScenarios.trainingPlan(shape, optimization)
                        .withBackward(new Clipping.None());
        Scenario scenario = shape.scenario("stale passes", plan);
        try (Engine engine = BackendContract.compile(backend, plan)) {
            engine.load(new EngineState(scenario.parameters()));
            Assertions.assertThrows(
                    IllegalStateException.class, () -> engine.control(Noise.none()));
            engine.forward(scenario.minibatches().getFirst());
            engine.control(Noise.none());
            engine.applyControl(0, 1);
            Assertions.assertThrows(
                    IllegalStateException.class, () -> engine.control(Noise.none()));
            Assertions.assertThrows(
                    IllegalStateException.class, () -> engine.feedback(Noise.none()));
            Assertions.assertThrows(IllegalStateException.class, engine::backward);
            Assertions.assertThrows(IllegalStateException.class, () -> engine.applyControl(0, 1));
            Assertions.assertThrows(
                    IllegalStateException.class,
                    () -> engine.applyFeedback(OptimizerSlot.FEEDBACK, 1));
        }
    }

    static void lackingPhases(Backend backend) {
        Scenario scenario = Scenarios.evaluation(SHAPE, Loss.CROSS_ENTROPY);
        try (Engine engine = BackendContract.compile(backend, scenario.plan())) {
            engine.load(new EngineState(scenario.parameters()));
            engine.forward(scenario.minibatches().getFirst());
            Assertions.assertThrows(
                    IllegalStateException.class, () -> engine.control(Noise.none()));
            Assertions.assertThrows(
                    IllegalStateException.class, () -> engine.feedback(Noise.none()));
            Assertions.assertThrows(IllegalStateException.class, engine::backward);
        }
    }

    static void numbersThatAreNone(Backend backend) {
        List<Double> bad =
                new ArrayList<>(
                        List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
        if (backend.computeType() == ElementType.F32) {
            bad.add(2.0 * Float.MAX_VALUE);
        }
        Plan plan = Plan.evaluation(SHAPE.network(), Loss.MEAN_SQUARED_ERROR, SHAPE.maxBatch());
        Scenario s = SHAPE.scenario("numbers", plan);
        Minibatch good = s.minibatches().getFirst();
        Tensor values = ((Targets.Values) good.targets()).values();
        try (Engine engine = BackendContract.compile(backend, plan)) {
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
        Plan taught =
                Plan.evaluation(SHAPE.network(), Loss.MEAN_SQUARED_ERROR, SHAPE.maxBatch())
                        .withBackward(new Clipping.None())
                        .withOptimization(
                                OptimizerSlot.FORWARD, new Optimization(new Optimizer.Sgd(0), 0.1));
        try (Engine engine = BackendContract.compile(backend, taught)) {
            engine.load(new EngineState(s.parameters()));
            engine.forward(good);
            engine.backward();
            refuses("rateScale", () -> engine.applyBackward(Double.NaN));
            engine.applyBackward(1);
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
        try (Engine engine = BackendContract.compile(backend, s.plan())) {
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
