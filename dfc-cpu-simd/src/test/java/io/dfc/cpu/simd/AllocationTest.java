package io.dfc.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackwardPass;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.FeedbackPhase;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Recording;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** No phase allocates once it is warm, on the caller's thread or on a helper's. */
class AllocationTest {
    private static final int SAMPLES = 40;
    private static final int CALLS = 50;

    /** Rounds in a row that must allocate nothing; the compiler may be at work in earlier ones. */
    private static final int SILENT_ROUNDS = 5;

    private static final long PATIENCE_NANOS = 6_000_000_000L;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final Network NETWORK = Network.of(new Activation.Tanh(), 12, 20, 9, 3);
    private static final Dynamics DYNAMICS = new Dynamics(0.05, 61, 0.2);
    private static final Controller CONTROLLER = new ProportionalIntegralController(2, 1e-3);
    private static final OutputTarget NUDGE =
            new OutputTarget.Nudge(1e-3, OutputTarget.Nudge.Gradient.OF_SAMPLE);
    private static final Noise NOISE = new Noise.Generated(3, 7);

    /** Keeps the results in use. */
    private static double sink;

    /** What is called over and over, and an engine's plan for it. */
    record Phase(String name, Plan plan, ToDoubleFunction<Engine> call) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> phases() {
        return Stream.of(
                        forward(),
                        Stream.of(backward(new Clipping.None())),
                        control(),
                        feedback(),
                        steps())
                .flatMap(phases -> phases)
                .flatMap(phase -> Stream.of(1, 2).map(threads -> Arguments.of(phase, threads)));
    }

    private static Plan evaluation() {
        return Plan.evaluation(NETWORK, Loss.CROSS_ENTROPY, SAMPLES);
    }

    private static Stream<Phase> forward() {
        Minibatch labels = labels();
        Minibatch values = values();
        Plan regression = Plan.evaluation(NETWORK, Loss.MEAN_SQUARED_ERROR, SAMPLES);
        return Stream.of(
                new Phase("forward, labels", evaluation(), engine -> read(engine.forward(labels))),
                new Phase("forward, values", regression, engine -> read(engine.forward(values))));
    }

    private static Phase backward(Clipping clipping) {
        return new Phase(
                "backward, " + clipping,
                evaluation().withBackward(clipping),
                engine -> read(engine.backward()));
    }

    private static Stream<Phase> control() {
        Update mean = update(Update.Mode.CONTINUOUS, new Clipping.None());
        Update last = update(Update.Mode.LAST_STATE, new Clipping.None());
        Convergence all = Convergence.includingAll();
        Convergence converged = new Convergence(0.5, false);
        Optional<ApicalNoise> silent = Optional.empty();
        Optional<ApicalNoise> noisy = Optional.of(new ApicalNoise(0.01, 0.01));
        return Stream.of(
                control(new Solver.Euler(), all, silent, mean, last),
                control(new Solver.Euler(), converged, silent, mean, last),
                control(new Solver.Euler(), all, noisy, mean),
                control(
                        new Solver.Euler(),
                        all,
                        silent,
                        update(Update.Mode.CONTINUOUS_RUNNING, new Clipping.PerTensor(1))),
                control(new Solver.Auto(0.1), all, silent, mean, last),
                control(new Solver.SteadyState(), all, silent, last),
                control(new Solver.Linearized(), all, silent, last));
    }

    private static Update update(Update.Mode mode, Clipping clipping) {
        return new Update(
                mode, PublishedRule.NONLINEAR_DIFFERENCE, Update.Presynaptic.CONTROLLED, clipping);
    }

    private static Phase control(
            Solver solver,
            Convergence convergence,
            Optional<ApicalNoise> noise,
            Update... updates) {
        ControlPhase phase =
                new ControlPhase(
                        NUDGE,
                        CONTROLLER,
                        DYNAMICS,
                        solver,
                        convergence,
                        noise,
                        List.of(updates),
                        Recording.none());
        String name =
                "control, "
                        + solver
                        + Stream.of(updates).map(u -> ", " + u.mode()).toList()
                        + (noise.isPresent() ? ", noise" : "")
                        + (convergence.includeAll() ? "" : ", converged samples");
        return new Phase(
                name, evaluation().withControl(phase), engine -> read(engine.control(NOISE)));
    }

    private static Stream<Phase> feedback() {
        return Stream.of(
                feedback(loop(new Solver.Euler()), new Clipping.Joint(1)),
                feedback(loop(new Solver.Auto(0.9)), new Clipping.PerLayer(1)),
                feedback(new FeedbackRule.ForwardPerturbation(0.1), new Clipping.None()),
                feedback(new FeedbackRule.LinearizedReconstruction(0.1, 0.1), new Clipping.None()));
    }

    private static FeedbackRule loop(Solver solver) {
        return new FeedbackRule.NormalController(
                CONTROLLER,
                new Dynamics(0.05, 61, 0.2, 0.05, true, false, false),
                new ApicalNoise(0.01, 0.01),
                new OutputTarget.OwnOutput(),
                solver);
    }

    private static Phase feedback(FeedbackRule rule, Clipping clipping) {
        return new Phase(
                "feedback, " + rule,
                withFeedback(rule, clipping),
                engine -> read(engine.feedback(NOISE)));
    }

    private static Plan withFeedback(FeedbackRule rule, Clipping clipping) {
        return evaluation()
                .withFeedback(
                        new FeedbackPhase(
                                rule,
                                Optional.of(new HomeostaticDecay(1e-3, 1)),
                                clipping,
                                Recording.none()));
    }

    private static Stream<Phase> steps() {
        Minibatch labels = labels();
        Plan plan =
                withFeedback(new FeedbackRule.ForwardPerturbation(0.1), new Clipping.Joint(1))
                        .withControl(
                                new ControlPhase(
                                        NUDGE,
                                        CONTROLLER,
                                        DYNAMICS,
                                        new Solver.Auto(0.1),
                                        update(
                                                Update.Mode.CONTINUOUS,
                                                new Clipping.PerLayer(1e-3))))
                        .withBackward(new Clipping.Joint(1e-3))
                        .withOptimization(
                                OptimizerSlot.FORWARD,
                                new Optimization(new Optimizer.Sgd(0.9), 1e-6))
                        .withOptimization(
                                OptimizerSlot.FEEDBACK,
                                new Optimization(new Optimizer.Adam(0.9, 0.999, 1e-8), 1e-6));
        return Stream.of(
                new Phase(
                        "applyControl",
                        plan,
                        engine -> {
                            engine.forward(labels);
                            engine.control(NOISE);
                            engine.applyControl(0, 1);
                            return engine.largestParameter(0);
                        }),
                new Phase(
                        "applyBackward",
                        plan,
                        engine -> {
                            engine.forward(labels);
                            engine.backward();
                            engine.applyBackward(1);
                            return engine.largestParameter(0);
                        }),
                new Phase(
                        "applyFeedback",
                        plan,
                        engine -> {
                            engine.forward(labels);
                            engine.feedback(NOISE);
                            engine.applyFeedback(OptimizerSlot.FEEDBACK, 1);
                            return engine.largestParameter(0);
                        }));
    }

    private static double read(ForwardPass pass) {
        return pass.loss() + pass.correct() + pass.samples();
    }

    private static double read(BackwardPass pass) {
        return pass.gradientNorm(0);
    }

    private static double read(ControlPass pass) {
        return pass.gradientNorm(0, 0)
                + pass.samples()
                + pass.converged()
                + pass.diverged()
                + pass.simulated()
                + pass.errorEstimate();
    }

    private static double read(FeedbackPass pass) {
        return pass.gradientNorm(0) + pass.simulated() + pass.errorEstimate();
    }

    private static Tensor draw(int width) {
        SplittableRandom random = new SplittableRandom(1);
        double[] x = random.doubles((long) SAMPLES * width, -1, 1).toArray();
        return Tensor.wrap(x, SAMPLES, width);
    }

    private static Minibatch labels() {
        int[] classes = new SplittableRandom(2).ints(SAMPLES, 0, NETWORK.outputs()).toArray();
        return new Minibatch(draw(NETWORK.inputs()), new Targets.Labels(classes));
    }

    private static Minibatch values() {
        return new Minibatch(draw(NETWORK.inputs()), new Targets.Values(draw(NETWORK.outputs())));
    }

    @ParameterizedTest(name = "{0}, threads {1}")
    @MethodSource("phases")
    void nothingIsAllocatedOnceWarm(Phase phase, int threads) {
        try (Backend backend = new SimdBackend("cpu-simd", new Device("cpu", ""), threads);
                Engine engine = backend.compile(phase.plan())) {
            engine.load(
                    new EngineState(
                            ParameterInitializer.draw(
                                    NETWORK,
                                    Initialization.XAVIER_NORMAL,
                                    new FeedbackInitialization.WeightProduct(0.05),
                                    1)));
            engine.forward(phase.plan().loss() == Loss.CROSS_ENTROPY ? labels() : values());
            sink += phase.call().applyAsDouble(engine);
            assertThat(bytesPerCall(phase, engine)).as("bytes per call").isZero();
        }
    }

    /** Allocation in the rounds of calls, once that stays zero, else in the best of the rounds. */
    private static long bytesPerCall(Phase phase, Engine engine) {
        long[] threads = involved();
        long start = System.nanoTime();
        long least = Long.MAX_VALUE;
        for (int silent = 0;
                silent < SILENT_ROUNDS && System.nanoTime() - start < PATIENCE_NANOS; ) {
            long before = allocated(threads);
            for (int i = 0; i < CALLS; i++) {
                sink += phase.call().applyAsDouble(engine);
            }
            long bytes = allocated(threads) - before;
            silent = bytes == 0 ? silent + 1 : 0;
            least = Math.min(least, bytes);
        }
        return (least + CALLS - 1) / CALLS;
    }

    private static long[] involved() {
        return LongStream.concat(
                        LongStream.of(Thread.currentThread().threadId()),
                        Thread.getAllStackTraces().keySet().stream()
                                .filter(t -> t.getName().equals("dfc-cpu-simd"))
                                .mapToLong(Thread::threadId))
                .toArray();
    }

    private static long allocated(long[] threads) {
        long sum = 0;
        for (long id : threads) {
            sum += Math.max(0, THREADS.getThreadAllocatedBytes(id));
        }
        return sum;
    }
}
