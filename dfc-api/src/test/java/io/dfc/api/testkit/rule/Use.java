package io.dfc.api.testkit.rule;

import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Dynamics;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.MisuseException;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.TargetKind;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.Comparisons;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.agreement.Observations;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Scenarios;
import io.dfc.api.testkit.scenario.Shapes;
import io.dfc.api.testkit.scenario.TrainingPlans;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.function.Executable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How backends and engines may be used, and what becomes of other use. */
public final class Use {
    private static final Shapes SHAPE = Shapes.smooth().get(2);
    private static final long PATIENCE_SECONDS = 60;

    /** Time in which a call that is not held up returns. */
    private static final long MOMENT_MILLIS = 200;

    private Use() {}

    private static Scenario scenario(Plan plan) {
        return SHAPE.scenario("use", plan);
    }

    /** The richest training that a backend supports. */
    private static Scenario training(Backend backend) {
        return scenario(TrainingPlans.supported(backend, SHAPE).getFirst());
    }

    // --- after close

    public static void closedEngine(Backend backend) {
        TrainingPlans.supported(backend, SHAPE).forEach(plan -> closedEngine(backend, plan));
    }

    private static void closedEngine(Backend backend, Plan plan) {
        Scenario s = scenario(plan);
        Engine engine = CompiledPlan.of(backend, plan);
        engine.load(new EngineState(s.parameters()));
        engine.forward(s.minibatches().getFirst());
        TrainingPlans.runAll(engine, s.noise().apply(0));
        engine.close();
        engine.close();
        List<Executable> calls = calls(engine, s);
        for (int n = 0; n < calls.size(); n++) {
            int number = n;
            Assertions.assertThrows(
                    MisuseException.class, calls.get(n), () -> "call " + number + " after close");
        }
    }

    private static List<Executable> calls(Engine engine, Scenario s) {
        Minibatch minibatch = s.minibatches().getFirst();
        List<Executable> calls = new ArrayList<>();
        for (PhaseHandle phase : s.plan().phases()) {
            calls.add(() -> TrainingPlans.run(engine, phase, s.noise().apply(0)));
        }
        for (StepHandle step : s.plan().steps()) {
            calls.add(() -> engine.apply(step.at(1)));
        }
        calls.add(() -> engine.forward(minibatch));
        calls.add(() -> engine.buffer(1, TargetKind.VALUES));
        calls.add(() -> engine.infer(minibatch.inputs()));
        calls.add(() -> engine.load(new EngineState(s.parameters())));
        calls.add(() -> engine.setParameters(s.parameters()));
        calls.add(engine::snapshot);
        calls.add(() -> engine.largestParameter(0));
        return calls;
    }

    /**
     * A closed backend.
     *
     * @param backend open, and closed by this
     */
    public static void closedBackend(Backend backend) {
        Scenario s = training(backend);
        Engine engine;
        try (backend) {
            engine = CompiledPlan.of(backend, s.plan());
            engine.load(new EngineState(s.parameters()));
        }
        backend.close();
        Assertions.assertThrows(
                MisuseException.class, () -> backend.compile(s.plan()), "compile after close");
        if (backend instanceof ReplicaTraining replicas) {
            Assertions.assertThrows(
                    MisuseException.class,
                    () -> replicas.compileReplicas(s.plan(), 2),
                    "compileReplicas after close");
        }
        Assertions.assertThrows(
                MisuseException.class,
                () -> engine.forward(s.minibatches().getFirst()),
                "an engine of a closed backend");
        engine.close();
    }

    // --- threads

    /** A controller that holds up the phase that it is in. */
    private record Holding(CountDownLatch inside, CountDownLatch release) implements Controller {
        @Override
        public int stateSize(int outputs) {
            return 0;
        }

        @Override
        public void step(ControlTile tile, double timeStep) {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public double leakage() {
            return 0;
        }
    }

    /** While one thread is inside an engine, another is refused or waits. */
    public static void oneThreadAtATime(Backend backend) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Plan plan =
                Scenarios.loop(
                        SHAPE.builder(Loss.CROSS_ENTROPY),
                        q ->
                                new LoopPhase(
                                        q,
                                        Scenarios.NUDGE,
                                        new Holding(inside, release),
                                        new Dynamics(0.05, 3, 0.2),
                                        Scenarios.LAST));
        LoopHandle loop = plan.loops().getFirst();
        Scenario s = scenario(plan);
        Minibatch minibatch = s.minibatches().getFirst();
        try (ExecutorService threads = Executors.newCachedThreadPool();
                Engine engine = CompiledPlan.of(backend, plan)) {
            engine.load(new EngineState(s.parameters()));
            double loss = engine.forward(minibatch).loss();
            Future<?> first = threads.submit(() -> engine.run(loop, Noise.none()));
            try {
                Assertions.assertTrue(inside.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "entered");
                for (Callable<?> call :
                        List.<Callable<?>>of(
                                () -> engine.forward(minibatch),
                                engine::snapshot,
                                () -> engine.largestParameter(0))) {
                    Assertions.assertTrue(
                            isHeldUp(threads.submit(call)), "a second thread went in as well");
                }
            } finally {
                release.countDown();
            }
            first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            threads.shutdown();
            Assertions.assertTrue(threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
            Assertions.assertEquals(loss, engine.forward(minibatch).loss(), "the loss afterwards");
        }
    }

    /** Whether a call was refused, or goes on waiting. */
    private static boolean isHeldUp(Future<?> call) throws InterruptedException {
        try {
            call.get(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof DfcException;
        }
    }

    /** Threads that use an engine in turns, or try to, get its results or errors with a type. */
    public static void manyThreads(Backend backend) throws Exception {
        Scenario s =
                scenario(Plan.evaluation(SHAPE.network(), Loss.CROSS_ENTROPY, SHAPE.maxBatch()));
        Set<Double> right = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2);
                Engine engine = CompiledPlan.of(backend, s.plan())) {
            engine.load(new EngineState(s.parameters()));
            for (Minibatch minibatch : s.minibatches()) {
                right.add(engine.forward(minibatch).loss());
            }
            List<Future<?>> calls = new ArrayList<>();
            for (int n = 0; n < 200; n++) {
                Minibatch minibatch = s.minibatches().get(n % s.minibatches().size());
                calls.add(
                        threads.submit(
                                () -> {
                                    double loss = engine.forward(minibatch).loss();
                                    Assertions.assertTrue(right.contains(loss), "loss " + loss);
                                }));
            }
            for (Future<?> call : calls) {
                try {
                    call.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof DfcException)) {
                        Assertions.fail("a call failed without a type", e.getCause());
                    }
                }
            }
        }
    }

    // --- several engines

    /** Engines of one backend, used in turns and at once, give what each gives alone. */
    public static void twoEngines(Backend backend) throws Exception {
        List<Plan> plans = TrainingPlans.supported(backend, SHAPE);
        Scenario one = scenario(plans.getFirst());
        Plan training = plans.getLast();
        Scenario other = scenario(training).withParameters(negated(SHAPE.parameters(training)));
        Observations firstAlone = alone(backend, one);
        Observations secondAlone = alone(backend, other);
        try (Engine first = CompiledPlan.of(backend, one.plan());
                Engine last = CompiledPlan.of(backend, other.plan())) {
            first.load(new EngineState(one.parameters()));
            last.load(new EngineState(other.parameters()));
            Comparisons.assertSameBits("the first", firstAlone, Observations.continued(first, one));
            Comparisons.assertSameBits(
                    "the second", secondAlone, Observations.continued(last, other));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int n = 0; n < 5; n++) {
                Future<Observations> first = threads.submit(() -> alone(backend, one));
                Future<Observations> second = threads.submit(() -> alone(backend, other));
                Comparisons.assertSameBits("the first, at once", firstAlone, first.get());
                Comparisons.assertSameBits("the second, at once", secondAlone, second.get());
            }
        }
    }

    private static Observations alone(Backend backend, Scenario scenario) {
        try (Engine engine = CompiledPlan.of(backend, scenario.plan())) {
            return Observations.of(engine, scenario);
        }
    }

    private static Parameters negated(Parameters parameters) {
        Parameters copy = parameters.copy();
        for (Tensor w : copy.weights()) {
            for (int i = 0; i < w.size(); i++) {
                w.set(i, -w.get(i));
            }
        }
        return copy;
    }

    /** An engine that was given nothing has parameters of zero. */
    public static void forwardBeforeLoad(Backend backend) {
        Scenario s = training(backend);
        Parameters zeros = s.parameters().copy();
        for (List<Tensor> tensors : zeros.groups().values()) {
            for (Tensor t : tensors) {
                for (int i = 0; i < t.size(); i++) {
                    t.set(i, 0);
                }
            }
        }
        try (Engine fresh = CompiledPlan.of(backend, s.plan());
                Engine loaded = CompiledPlan.of(backend, s.plan())) {
            loaded.load(new EngineState(zeros));
            Comparisons.assertSameBits(
                    "before load",
                    Observations.continued(loaded, s),
                    Observations.continued(fresh, s));
        }
    }

    /**
     * A plan that is refused leaves engines and backend as they were.
     *
     * @param backend open, closed by the caller
     */
    public static void refusedPlan(Backend backend) {
        Scenario s = training(backend);
        Executable refused = refusal(backend);
        Observations before = alone(backend, s);
        try (Engine engine = CompiledPlan.of(backend, s.plan())) {
            engine.load(new EngineState(s.parameters()));
            Assertions.assertThrows(PlanUnsupportedException.class, refused);
            Comparisons.assertSameBits(
                    "an engine compiled before", before, Observations.continued(engine, s));
        }
        Comparisons.assertSameBits("an engine compiled after", before, alone(backend, s));
    }

    /** Compiles what the backend declines; aborts the test if it declines nothing that we know. */
    private static Executable refusal(Backend backend) {
        List<Plan> declined = Declined.by(backend);
        if (!declined.isEmpty()) {
            return () -> backend.compile(declined.getFirst());
        }
        Plan plan = scenario(Plan.evaluation(SHAPE.network(), Loss.CROSS_ENTROPY, 1)).plan();
        if (backend instanceof ReplicaTraining replicas
                && !replicas.supports(plan, Declined.MANY).isSupported()) {
            return () -> replicas.compileReplicas(plan, Declined.MANY);
        }
        return Assumptions.abort(backend.name() + " declines nothing");
    }
}
