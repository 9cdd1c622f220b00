package io.dfc.api.testkit;

import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Support;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What every backend keeps; extend it and name the provider. The reference backend must be on the
 * module or class path.
 */
public abstract class BackendContract {
    private static final int DEFAULT_THREADS = 2;

    /** For subclasses. */
    protected BackendContract() {}

    /** {@return the provider of the backend under test} */
    protected abstract BackendProvider provider();

    private Backend open(int threads) {
        Availability availability = provider().probe();
        if (availability instanceof Availability.Available available) {
            return provider().open(available.devices().getFirst(), new BackendOptions(threads));
        }
        Availability.Unavailable why = (Availability.Unavailable) availability;
        return Assumptions.abort(provider().name() + " is unavailable: " + why.reason());
    }

    private Stream<DynamicTest> matchReference(List<Scenario> scenarios) {
        return scenarios.stream()
                .map(s -> DynamicTest.dynamicTest(s.toString(), () -> matchReference(s)));
    }

    private void matchReference(Scenario scenario) {
        Backend reference =
                Backends.discover()
                        .select("reference", BackendOptions.defaults(), List.of())
                        .backend();
        try (reference;
                Engine specification = reference.compile(scenario.plan());
                Backend backend = open(DEFAULT_THREADS);
                Engine engine = compile(backend, scenario.plan())) {
            Comparisons.assertAgree(
                    scenario,
                    Observations.of(specification, scenario),
                    Observations.of(engine, scenario),
                    Comparisons.tolerance(backend.computeType()));
        }
    }

    /** Compiles a plan, or skips the test with the backend's reason. */
    static Engine compile(Backend backend, Plan plan) {
        if (backend.supports(plan) instanceof Support.Declined(String reason)) {
            return Assumptions.abort(
                    backend.name() + " declines " + plan.network() + ": " + reason);
        }
        return backend.compile(plan);
    }

    @Test
    void rule_1_1_probeAnswersTheSameTwiceAndDoesNotThrow() {
        Assertions.assertEquals(
                provider().probe().getClass(), provider().probe().getClass(), "answers of probe");
    }

    @Test
    void rule_1_2_nameIsLowerCaseAndStable() {
        Assertions.assertTrue(
                provider().name().matches("[a-z][a-z0-9-]*"), "name \"" + provider().name() + "\"");
        Assertions.assertEquals(provider().name(), provider().name());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_01_forwardPassMatchesTheReference() {
        return matchReference(Scenarios.forward());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_02_everySwitchOfTheDynamicsMatchesTheReference() {
        return matchReference(Scenarios.dynamics());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_03_everyUpdateAndClippingMatchesTheReference() {
        return matchReference(Scenarios.updates());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_04_samplesThatDoNotConvergeAreLeftOut() {
        return matchReference(Scenarios.masks());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_05_everyOutputTargetMatchesTheReference() {
        return matchReference(Scenarios.targets());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_06_solversWithoutTimeMatchTheReference() {
        return matchReference(Scenarios.solvers());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_07_feedbackLearningMatchesTheReference() {
        return matchReference(Scenarios.feedback());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_08_noiseOfEveryKindMatchesTheReference() {
        return matchReference(Scenarios.noise());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_09_backpropagationMatchesTheReference() {
        return matchReference(Scenarios.backward());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_10_optimisersMatchTheReferenceOverSteps() {
        return matchReference(Scenarios.optimizers());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_11_aUsersControllerAndRuleMatchTheReference() {
        return matchReference(Scenarios.userCode());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_12_recordedTrajectoriesMatchTheReference() {
        return matchReference(Scenarios.recordings());
    }

    @Test
    void rule_2_13_theMinimumIsSupported() {
        try (Backend backend = open(DEFAULT_THREADS)) {
            for (Scenario s :
                    List.of(
                            Scenarios.forward().getFirst(),
                            Scenarios.dynamics().getFirst(),
                            Scenarios.feedback().getFirst(),
                            Scenarios.backward().getFirst())) {
                Support support = backend.supports(s.plan());
                Assertions.assertTrue(support.isSupported(), () -> s + ": " + support);
            }
        }
    }

    @Test
    void rule_2_14_aDeclinedPlanIsRefusedAndAnAcceptedOneCompiles() {
        Plan three = Scenarios.forward().getFirst().plan().withReplicas(3);
        try (Backend backend = open(DEFAULT_THREADS)) {
            Assertions.assertThrows(PlanUnsupportedException.class, () -> backend.compile(three));
            switch (backend.supports(three)) {
                case Support.Supported supported -> {
                    List<Engine> engines = backend.compileReplicas(three);
                    engines.forEach(Engine::close);
                    Assertions.assertEquals(3, engines.size(), "engines");
                }
                case Support.Declined(String reason) -> {
                    Assertions.assertFalse(reason.isBlank(), "reason");
                    Assertions.assertThrows(
                            PlanUnsupportedException.class, () -> backend.compileReplicas(three));
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> rule_2_15_autoStaysWithinTheErrorThatItStates() {
        return AutoSolver.staysWithinItsEstimate(this::open);
    }

    @TestFactory
    Stream<DynamicTest> rule_2_16_roundedWeightsMatchTheReferencesOrAreDeclined() {
        return matchReference(RoundedWeights.scenarios());
    }

    @TestFactory
    Stream<DynamicTest> rule_3_1_resultsDoNotDependOnTheNumberOfThreads() {
        return Stream.of(2, 3)
                .flatMap(
                        threads ->
                                Stream.of(
                                                Scenarios.updates(),
                                                Scenarios.feedback(),
                                                Scenarios.backward())
                                        .flatMap(List::stream)
                                        .map(
                                                s ->
                                                        DynamicTest.dynamicTest(
                                                                threads + " threads: " + s,
                                                                () -> sameBits(s, threads))));
    }

    @TestFactory
    Stream<DynamicTest> rule_3_4_autoDoesNotDependOnTheNumberOfThreads() {
        return AutoSolver.doesNotDependOnThreads(this::open);
    }

    private void sameBits(Scenario scenario, int threads) {
        try (Backend one = open(1);
                Backend many = open(threads);
                Engine expected = compile(one, scenario.plan());
                Engine actual = compile(many, scenario.plan())) {
            Comparisons.assertSameBits(
                    scenario,
                    Observations.of(expected, scenario),
                    Observations.of(actual, scenario));
        }
    }

    @TestFactory
    Stream<DynamicTest> rule_3_2_resultsDoNotDependOnWhatRanBefore() {
        return Stream.of(Scenarios.updates(), Scenarios.solvers(), Scenarios.feedback())
                .flatMap(List::stream)
                .map(s -> DynamicTest.dynamicTest(s.toString(), () -> sameBitsTwice(s)));
    }

    private void sameBitsTwice(Scenario scenario) {
        try (Backend backend = open(DEFAULT_THREADS);
                Engine engine = compile(backend, scenario.plan())) {
            Map<String, double[]> first = Observations.of(engine, scenario);
            Comparisons.assertSameBits(scenario, first, Observations.of(engine, scenario));
        }
    }

    @TestFactory
    Stream<DynamicTest> rule_3_3_aSnapshotContinuesBitForBit() {
        return Scenarios.optimizers().stream()
                .map(s -> DynamicTest.dynamicTest(s.toString(), () -> continues(s)));
    }

    private void continues(Scenario scenario) {
        try (Backend backend = open(DEFAULT_THREADS);
                Engine first = compile(backend, scenario.plan());
                Engine second = compile(backend, scenario.plan())) {
            Observations.of(first, scenario);
            second.load(first.snapshot());
            Comparisons.assertSameBits(
                    scenario,
                    Observations.continued(first, scenario),
                    Observations.continued(second, scenario));
        }
    }

    @TestFactory
    Stream<DynamicTest> rule_3_5_networksSideBySideGetWhatEachGetsAlone() {
        return Replicas.matchEachAlone(this::open);
    }

    @Test
    void rule_5_1_wrongShapesAreShapeErrors() {
        Scenario scenario = Scenarios.forward().get(4);
        try (Backend backend = open(DEFAULT_THREADS);
                Engine engine = compile(backend, scenario.plan())) {
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
            Scenario other = Scenarios.forward().getFirst();
            Assertions.assertThrows(
                    ShapeMismatchException.class,
                    () -> engine.load(new EngineState(other.parameters())));
        }
    }

    @Test
    void rule_5_2_aPhaseWithoutAFreshForwardPassIsRefused() {
        Optimization optimization = new Optimization(new Optimizer.Sgd(0), 0.1);
        Shapes shape = Shapes.smooth().get(2);
        Plan plan = Scenarios.trainingPlan(shape, optimization).withBackward(new Clipping.None());
        Scenario scenario = shape.scenario("stale passes", plan);
        try (Backend backend = open(DEFAULT_THREADS);
                Engine engine = compile(backend, plan)) {
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

    @Test
    void rule_5_3_aMinibatchIsNeitherChangedNorKept() {
        Shapes shape = Shapes.smooth().get(2);
        for (Loss loss : Loss.values()) {
            Plan plan =
                    Plan.evaluation(shape.network(), loss, shape.maxBatch())
                            .withControl(
                                    Scenarios.dynamics().getFirst().plan().control().orElseThrow())
                            .withBackward(new Clipping.None());
            Scenario kept = shape.scenario("a minibatch kept", plan);
            Scenario refilled = shape.scenario("a minibatch refilled", plan);
            try (Backend backend = open(DEFAULT_THREADS);
                    Engine engine = compile(backend, plan)) {
                engine.load(new EngineState(kept.parameters()));
                Minibatch original = kept.minibatches().getFirst();
                Tensor before = original.inputs().copy();
                engine.forward(original);
                double expectedControl = engine.control(Noise.none()).gradientNorm(0, 0);
                double expectedBackward = engine.backward().gradientNorm(0);
                Assertions.assertEquals(before, original.inputs(), "inputs after the phases");
                Minibatch reused = refilled.minibatches().getFirst();
                engine.forward(reused);
                spoil(reused);
                Assertions.assertEquals(
                        expectedControl, engine.control(Noise.none()).gradientNorm(0, 0));
                Assertions.assertEquals(expectedBackward, engine.backward().gradientNorm(0));
            }
        }
    }

    @Test
    void rule_5_4_aPhaseThatThePlanLacksIsRefused() {
        Scenario scenario = Scenarios.forward().getFirst();
        try (Backend backend = open(DEFAULT_THREADS);
                Engine engine = compile(backend, scenario.plan())) {
            engine.load(new EngineState(scenario.parameters()));
            engine.forward(scenario.minibatches().getFirst());
            Assertions.assertThrows(
                    IllegalStateException.class, () -> engine.control(Noise.none()));
            Assertions.assertThrows(
                    IllegalStateException.class, () -> engine.feedback(Noise.none()));
            Assertions.assertThrows(IllegalStateException.class, engine::backward);
        }
    }

    private static void spoil(Minibatch minibatch) {
        for (int i = 0; i < minibatch.inputs().size(); i++) {
            minibatch.inputs().set(i, 9);
        }
        switch (minibatch.targets()) {
            case Targets.Labels(int[] classes) -> java.util.Arrays.fill(classes, 0);
            case Targets.Values(Tensor values) -> {
                for (int i = 0; i < values.size(); i++) {
                    values.set(i, 9);
                }
            }
        }
    }
}
