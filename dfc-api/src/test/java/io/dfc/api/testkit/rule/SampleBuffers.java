package io.dfc.api.testkit.rule;

import io.dfc.api.error.DfcException;
import io.dfc.api.error.MisuseException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.spi.TargetKind;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.Comparisons;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.agreement.Observations;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Shapes;
import io.dfc.api.testkit.scenario.TrainingPlans;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Minibatches that are written where an engine reads them. */
public final class SampleBuffers {
    private static final Shapes SHAPE = Shapes.smooth().get(2);

    /** More samples than a tile, and as many inputs as outputs. */
    private static final Shapes SQUARE =
            new Shapes(Network.of(new Activation.Tanh(), 7, 13, 7), List.of(35, 2), 8);

    private SampleBuffers() {}

    // --- results

    /** They give the bits that tensors give, after larger and smaller ones, amid garbage. */
    public static void giveWhatTensorsGive(Backend backend) {
        for (Plan plan : TrainingPlans.ofBothLosses(backend, SHAPE)) {
            compare(backend, SHAPE.scenario("a buffer", plan));
        }
        for (Plan plan : TrainingPlans.ofBothLosses(backend, SQUARE).reversed().subList(0, 1)) {
            Scenario drawn = SQUARE.scenario("inputs as targets", plan);
            compare(backend, withTargets(drawn, m -> new Targets.Values(m.inputs())));
        }
        Scenario labelled = SQUARE.scenario("probabilities", evaluation(SQUARE));
        compare(backend, labelled);
        compare(backend, withTargets(labelled, SampleBuffers::even));
    }

    private static Plan evaluation(Shapes shape) {
        return Plan.evaluation(shape.network(), Loss.CROSS_ENTROPY, shape.maxBatch());
    }

    private interface Retargeting {
        Targets of(Minibatch minibatch);
    }

    private static Scenario withTargets(Scenario scenario, Retargeting targets) {
        return scenario.withMinibatches(
                scenario.minibatches().stream()
                        .map(m -> new Minibatch(m.inputs(), targets.of(m)))
                        .toList());
    }

    /** Every class is as likely as any other. */
    private static Targets even(Minibatch minibatch) {
        int classes = SQUARE.network().outputs();
        double[] values = new double[minibatch.samples() * classes];
        Arrays.fill(values, 1.0 / classes);
        return new Targets.Values(Tensor.wrap(values, minibatch.samples(), classes));
    }

    private static void compare(Backend backend, Scenario drawn) {
        List<Minibatch> upAndDown = new ArrayList<>(drawn.minibatches());
        upAndDown.addAll(drawn.minibatches().reversed());
        Scenario scenario = drawn.withMinibatches(upAndDown);
        try (Engine ofTensors = CompiledPlan.of(backend, scenario.plan());
                Engine ofBuffers = CompiledPlan.of(backend, scenario.plan())) {
            Comparisons.assertSameBits(
                    scenario,
                    Observations.of(ofTensors, scenario),
                    Observations.of(throughBuffers(ofBuffers), scenario));
        }
    }

    /** An engine that takes minibatches through its buffers. */
    private static Engine throughBuffers(Engine engine) {
        return (Engine)
                Proxy.newProxyInstance(
                        Engine.class.getClassLoader(),
                        new Class<?>[] {Engine.class},
                        (_, method, arguments) -> {
                            if (arguments != null && arguments[0] instanceof Minibatch minibatch) {
                                return forward(engine, minibatch);
                            }
                            try {
                                return method.invoke(engine, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private static ForwardResult forward(Engine engine, Minibatch minibatch) {
        return engine.forward(written(engine, minibatch));
    }

    // --- writing

    /** The buffer of an engine with a minibatch in it, and garbage wherever there is room. */
    private static SampleBuffer written(Engine engine, Minibatch minibatch) {
        SampleBuffer buffer = engine.buffer(minibatch.samples(), kind(minibatch));
        spoil(buffer.inputs());
        switch (buffer.target()) {
            case SampleBuffer.Target.Labels(int[] classes) -> {
                Arrays.fill(classes, -1);
                int[] given = ((Targets.Labels) minibatch.targets()).classes();
                System.arraycopy(given, 0, classes, 0, given.length);
            }
            case SampleBuffer.Target.Values(Rows rows) -> {
                spoil(rows);
                write(((Targets.Values) minibatch.targets()).values(), rows);
            }
            case SampleBuffer.Target.Inputs _ -> {}
        }
        write(minibatch.inputs(), buffer.inputs());
        return buffer;
    }

    private static TargetKind kind(Minibatch minibatch) {
        return switch (minibatch.targets()) {
            case Targets.Labels _ -> TargetKind.LABELS;
            case Targets.Values(Tensor values) ->
                    values.equals(minibatch.inputs()) ? TargetKind.INPUTS : TargetKind.VALUES;
        };
    }

    private static void spoil(Rows rows) {
        switch (rows) {
            case Rows.F32(float[] values, _, _) -> Arrays.fill(values, Float.NaN);
            case Rows.F64(double[] values, _, _) -> Arrays.fill(values, Double.NaN);
        }
    }

    private static void write(Tensor matrix, Rows rows) {
        for (int b = 0; b < matrix.dim(0); b++) {
            for (int j = 0; j < rows.length(); j++) {
                set(rows, b, j, matrix.get(b * rows.length() + j));
            }
        }
    }

    private static void set(Rows rows, int b, int j, double x) {
        switch (rows) {
            case Rows.F32(float[] values, _, int stride) -> values[b * stride + j] = (float) x;
            case Rows.F64(double[] values, _, int stride) -> values[b * stride + j] = x;
        }
    }

    // --- use

    /** A buffer is good for one pass of its engine, and a pass ends where it is requested. */
    public static void areGoodForOnePass(Backend backend) {
        Plan plan = TrainingPlans.supported(backend, SHAPE).getFirst();
        Scenario s = SHAPE.scenario("use of a buffer", plan);
        Minibatch large = s.minibatches().getFirst();
        Minibatch small = s.minibatches().getLast();
        try (Engine engine = CompiledPlan.of(backend, plan);
                Engine other = CompiledPlan.of(backend, plan)) {
            engine.load(new EngineState(s.parameters()));
            other.load(new EngineState(s.parameters()));
            SampleBuffer foreign = written(other, large);
            refuses(MisuseException.class, () -> engine.forward(foreign), "another engine's");
            SampleBuffer first = written(engine, large);
            SampleBuffer second = written(engine, small);
            refuses(MisuseException.class, () -> engine.forward(first), "one before the last");
            engine.forward(second);
            refuses(MisuseException.class, () -> engine.forward(second), "one that was passed");
            SampleBuffer before = written(engine, small);
            engine.forward(large);
            refuses(MisuseException.class, () -> engine.forward(before), "one before a minibatch");
            SampleBuffer beforeInference = written(engine, small);
            engine.infer(large.inputs());
            refuses(
                    MisuseException.class,
                    () -> engine.forward(beforeInference),
                    "one before an inference");
            engine.forward(large);
            engine.buffer(1, TargetKind.LABELS);
            for (PhaseHandle phase : plan.phases()) {
                refuses(
                        IllegalStateException.class,
                        () -> TrainingPlans.run(engine, phase, Noise.none()),
                        phase + " after a request");
            }
            sizes(engine);
        }
        Plan regression =
                Plan.evaluation(SHAPE.network(), Loss.MEAN_SQUARED_ERROR, SHAPE.maxBatch());
        try (Engine engine = CompiledPlan.of(backend, regression)) {
            refuses(
                    ShapeMismatchException.class,
                    () -> engine.buffer(1, TargetKind.LABELS),
                    "labels for a squared error");
        }
    }

    private static void sizes(Engine engine) {
        for (int samples : new int[] {-1, 0, engine.plan().maxBatch() + 1}) {
            refuses(
                    ShapeMismatchException.class,
                    () -> engine.buffer(samples, TargetKind.LABELS),
                    samples + " samples");
        }
        refuses(
                ShapeMismatchException.class,
                () -> engine.buffer(1, TargetKind.INPUTS),
                "inputs as targets of another length");
        for (int label : new int[] {-1, engine.plan().network().outputs()}) {
            Minibatch bad =
                    new Minibatch(
                            Tensor.zeros(ElementType.F64, 1, engine.plan().network().inputs()),
                            new Targets.Labels(new int[] {label}));
            refuses(ShapeMismatchException.class, () -> forward(engine, bad), "label " + label);
        }
    }

    private static void refuses(Class<? extends Exception> error, Executable call, String what) {
        Assertions.assertThrows(error, call, what);
    }

    // --- numbers

    /** Numbers that are none are refused by name, and leave the engine as it was. */
    public static void refuseNumbersThatAreNone(Backend backend) {
        Plan plan = Plan.evaluation(SHAPE.network(), Loss.MEAN_SQUARED_ERROR, SHAPE.maxBatch());
        Minibatch good = SHAPE.scenario("numbers", plan).minibatches().getFirst();
        numbers(backend, SHAPE, plan, good, true);
        Plan square = Plan.evaluation(SQUARE.network(), Loss.MEAN_SQUARED_ERROR, 40);
        Tensor x = SQUARE.scenario("numbers", square).minibatches().getFirst().inputs();
        numbers(backend, SQUARE, square, new Minibatch(x, new Targets.Values(x)), false);
        Plan classes = evaluation(SQUARE);
        Minibatch drawn = SQUARE.scenario("numbers", classes).minibatches().getFirst();
        numbers(backend, SQUARE, classes, new Minibatch(drawn.inputs(), even(drawn)), true);
    }

    private static void numbers(
            Backend backend, Shapes shape, Plan plan, Minibatch good, boolean ofTargets) {
        List<Double> bad = new ArrayList<>(List.of(Double.NaN, Double.NEGATIVE_INFINITY));
        if (backend.computeType() == ElementType.F32) {
            bad.add(2.0 * Float.MAX_VALUE);
        }
        int lastRow = good.samples() - 1;
        int lastInput = plan.network().inputs() - 1;
        try (Engine engine = CompiledPlan.of(backend, plan)) {
            engine.load(new EngineState(shape.parameters(plan)));
            double loss = engine.forward(good).loss();
            for (double x : bad) {
                refusesNumber(engine, good, "minibatch inputs", b -> set(b.inputs(), 0, 0, x));
                refusesNumber(
                        engine,
                        good,
                        "minibatch inputs",
                        b -> set(b.inputs(), lastRow, lastInput, x));
                if (ofTargets) {
                    refusesNumber(
                            engine,
                            good,
                            "minibatch targets",
                            b -> {
                                Rows rows = ((SampleBuffer.Target.Values) b.target()).rows();
                                set(rows, lastRow, rows.length() - 1, x);
                            });
                }
            }
            Assertions.assertEquals(
                    loss, forward(engine, good).loss(), "the loss after what was refused");
        }
    }

    private interface Spoiling {
        void of(SampleBuffer buffer);
    }

    private static void refusesNumber(
            Engine engine, Minibatch good, String name, Spoiling spoiling) {
        SampleBuffer buffer = written(engine, good);
        spoiling.of(buffer);
        DfcException error =
                Assertions.assertThrows(DfcException.class, () -> engine.forward(buffer), name);
        Assertions.assertTrue(
                error.getMessage().contains(name),
                () -> "the message names no " + name + ": " + error.getMessage());
    }
}
