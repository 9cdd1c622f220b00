package io.dfc.api.testkit;

import io.dfc.api.network.Loss;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Support;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What every backend keeps; extend it and name the provider. The reference backend must be on the
 * module or class path.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendContract {
    private static final int DEFAULT_THREADS = 2;

    /** Open backends by number of threads. */
    private final Map<Integer, Backend> opened = new HashMap<>();

    /** For subclasses. */
    protected BackendContract() {}

    /** {@return the provider of the backend under test} */
    protected abstract BackendProvider provider();

    /** {@return how much is tried; everything unless a test of the kit says otherwise} */
    protected Coverage coverage() {
        return Coverage.EVERY_SHAPE;
    }

    private Scenarios scenarios() {
        return new Scenarios(coverage());
    }

    private CombinedScenarios combined() {
        return new CombinedScenarios(coverage());
    }

    /** The backend with a number of threads, opened once for all rules. */
    private Backend open(int threads) {
        Backend known = opened.get(threads);
        if (known == null) {
            known = openAnew(threads);
            opened.put(threads, known);
        }
        return known;
    }

    private Backend openAnew(int threads) {
        Availability availability = provider().probe();
        if (availability instanceof Availability.Available available) {
            return provider().open(available.devices().getFirst(), new BackendOptions(threads));
        }
        Availability.Unavailable why = (Availability.Unavailable) availability;
        return Assumptions.abort(provider().name() + " is unavailable: " + why.reason());
    }

    @AfterAll
    void close() {
        opened.values().forEach(Backend::close);
    }

    private Stream<DynamicTest> matchReference(String group, List<Scenario> all) {
        return IntStream.range(0, all.size())
                .mapToObj(
                        n ->
                                DynamicTest.dynamicTest(
                                        all.get(n).toString(),
                                        () ->
                                                matchReference(
                                                        coverage() + " " + group + " " + n,
                                                        all.get(n))));
    }

    private void matchReference(String key, Scenario scenario) {
        Backend backend = open(DEFAULT_THREADS);
        try (Engine engine = compile(backend, scenario.plan())) {
            Comparisons.assertAgree(
                    scenario,
                    Specification.of(key, scenario),
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
        return matchReference("forward", scenarios().forward());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_02_everySwitchOfTheDynamicsMatchesTheReference() {
        return matchReference("dynamics", scenarios().dynamics());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_03_everyUpdateAndClippingMatchesTheReference() {
        return matchReference("updates", scenarios().updates());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_04_samplesThatDoNotConvergeAreLeftOut() {
        return matchReference("masks", scenarios().masks());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_05_everyOutputTargetMatchesTheReference() {
        return matchReference("targets", scenarios().targets());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_06_solversWithoutTimeMatchTheReference() {
        return matchReference("solvers", scenarios().solvers());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_07_feedbackLearningMatchesTheReference() {
        return matchReference("feedback", scenarios().feedback());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_08_noiseOfEveryKindMatchesTheReference() {
        return matchReference("noise", scenarios().noise());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_09_backpropagationMatchesTheReference() {
        return matchReference("backward", scenarios().backward());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_10_optimisersMatchTheReferenceOverSteps() {
        return matchReference("optimizers", scenarios().optimizers());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_11_aUsersControllerAndRuleMatchTheReference() {
        return matchReference("userCode", scenarios().userCode());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_12_recordedTrajectoriesMatchTheReference() {
        return matchReference("recordings", scenarios().recordings());
    }

    @Test
    void rule_2_13_forwardPassesAreSupported() {
        Backend backend = open(DEFAULT_THREADS);
        for (Shapes shape : Shapes.two()) {
            for (Loss loss : Loss.values()) {
                Support support = backend.supports(shape.builder(loss).build());
                Assertions.assertTrue(support.isSupported(), () -> shape + ": " + support);
            }
        }
    }

    @Test
    void rule_2_14_aDeclinedPlanIsRefusedAndAnAcceptedOneCompiles() {
        try (Backend backend = openAnew(DEFAULT_THREADS)) {
            Declined.isRefused(backend);
        }
    }

    @TestFactory
    Stream<DynamicTest> rule_2_15_autoStaysWithinTheErrorThatItStates() {
        return AutoSolver.staysWithinItsEstimate(coverage(), this::open);
    }

    @TestFactory
    Stream<DynamicTest> rule_2_16_roundedWeightsMatchTheReferencesOrAreDeclined() {
        return matchReference("rounded", RoundedWeights.of(coverage()));
    }

    @TestFactory
    Stream<DynamicTest> rule_2_17_whatAutoDoesNotSimulateMatchesTheKitsOwnReducedOrderLoop() {
        return ReducedOrderUpdates.matchTheKitsOwn(coverage(), this::open);
    }

    @TestFactory
    Stream<DynamicTest> rule_2_18_aLoopThatTeachesForwardAndFeedbackWeightsMatchesTheReference() {
        return Stream.of(
                        matchReference("mixed", combined().mixedLoops()),
                        MixedLoops.teachWhatEachTeachesAlone(this::open),
                        AutoSolver.staysWithinItsEstimateInMixedLoops(coverage(), this::open))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> rule_2_19_severalLoopsOfAPlanMatchTheReference() {
        return Stream.of(
                        matchReference("loops", combined().severalLoops()),
                        matchReference("groups", combined().severalFeedbackGroups()))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> rule_2_20_passesWithoutTargetsGiveWhatForwardPassesGive() {
        return Shapes.smooth().stream()
                .map(
                        shape ->
                                DynamicTest.dynamicTest(
                                        shape.network().toString(),
                                        () ->
                                                Inferences.giveWhatForwardGives(
                                                        open(DEFAULT_THREADS), shape)));
    }

    @TestFactory
    Stream<DynamicTest> rule_2_21_aGroupThatNothingReadsIsKept() {
        return matchReference("idle", combined().idleGroups());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_22_programsOfMethodsMatchTheReference() {
        return matchReference("methods", new ProgramScenarios(coverage()).methods());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_23_everyOperationOfAProgramMatchesTheReference() {
        return matchReference("operations", new OperationScenarios(coverage()).everywhere());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_24_operationsThatFewRunMatchTheReferenceOrAreDeclined() {
        return matchReference("few", new OperationScenarios(coverage()).byFew());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_25_gradientsOfProgramsAreBoundedAndSteppedAsTheReferences() {
        return matchReference("program steps", new ProgramScenarios(coverage()).boundsAndSteps());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_26_strongFeedbackInTwoPhasesMatchesTheReference() {
        return matchReference("two phases", new StrongScenarios(coverage()).twoPhases());
    }

    @TestFactory
    Stream<DynamicTest> rule_2_27_strongFeedbackInASinglePhaseMatchesTheReference() {
        return matchReference("single phase", new StrongScenarios(coverage()).singlePhase());
    }

    @TestFactory
    Stream<DynamicTest> rule_3_1_resultsDoNotDependOnTheNumberOfThreads() {
        return Stream.of(
                        scenarios().updates(),
                        scenarios().solvers(),
                        scenarios().feedback(),
                        scenarios().backward())
                .flatMap(List::stream)
                .map(s -> Determinism.onThreads(s, this::open));
    }

    @TestFactory
    Stream<DynamicTest> rule_3_4_autoDoesNotDependOnTheNumberOfThreads() {
        return AutoSolver.doesNotDependOnThreads(coverage(), this::open);
    }

    @TestFactory
    Stream<DynamicTest> rule_3_2_resultsDoNotDependOnWhatRanBefore() {
        return Stream.of(scenarios().updates(), scenarios().solvers(), scenarios().feedback())
                .flatMap(List::stream)
                .map(s -> Determinism.twice(s, this::open));
    }

    @TestFactory
    Stream<DynamicTest> rule_3_3_aSnapshotContinuesBitForBit() {
        return scenarios().optimizers().stream().map(s -> Determinism.continued(s, this::open));
    }

    @TestFactory
    Stream<DynamicTest> rule_3_5_networksSideBySideGetWhatEachGetsAlone() {
        return Replicas.matchEachAlone(coverage(), this::open);
    }

    @Test
    void rule_3_6_twoEnginesOnOneBackendGiveWhatEachGivesAlone() throws Exception {
        Use.twoEngines(open(DEFAULT_THREADS));
    }

    @Test
    void rule_3_7_anEngineBeforeItsFirstLoadHasParametersOfZero() {
        Use.forwardBeforeLoad(open(DEFAULT_THREADS));
    }

    @Test
    void rule_3_8_aRefusedPlanLeavesTheOthersAsTheyWere() {
        try (Backend backend = openAnew(DEFAULT_THREADS)) {
            Use.refusedPlan(backend);
        }
    }

    @TestFactory
    Stream<DynamicTest> rule_3_9_aRecordingChangesNoBitAndIsOfTheLoop() {
        return RecordedRuns.areThoseThatRecordNothing(coverage(), this::open);
    }

    @Test
    void rule_3_10_stepsTogetherAreTheStepsOneByOne() {
        Steps.togetherAreStepsInAnyOrder(open(DEFAULT_THREADS));
    }

    @Test
    void rule_3_11_aStepOfFeedbackWeightsLeavesThePass() {
        Steps.ofFeedbackWeightsLeaveThePass(open(DEFAULT_THREADS));
    }

    @TestFactory
    Stream<DynamicTest> rule_3_12_programsAndSinglePhasesDependOnNoThreadsAndNothingBefore() {
        return Stream.of(
                        new ProgramScenarios(coverage()).methods(),
                        new OperationScenarios(coverage()).everywhere(),
                        new StrongScenarios(coverage()).singlePhase())
                .flatMap(List::stream)
                .flatMap(
                        s ->
                                Stream.of(
                                        Determinism.onThreads(s, this::open),
                                        Determinism.twice(s, this::open)));
    }

    @Test
    void rule_3_13_aGradientIsAppliedAsItWasFormed() {
        ProgramSteps.applyAGradientAsItWasFormed(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_1_wrongShapesAreShapeErrors() {
        Refusals.wrongShapes(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_2_aPhaseWithoutAFreshForwardPassIsRefused() {
        Refusals.stalePasses(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_3_aMinibatchIsNeitherChangedNorKept() {
        Minibatches.areNeitherChangedNorKept(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_4_aHandleOfAnotherPlanIsRefused() {
        Handles.ofOtherPlansAreRefused(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_5_numbersThatAreNotFiniteAreRefusedByName() {
        Refusals.numbersThatAreNone(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_6_aClosedEngineRefusesEveryCall() {
        Use.closedEngine(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_7_aClosedBackendRefusesPlansAndItsEnginesCalls() {
        Use.closedBackend(openAnew(DEFAULT_THREADS));
    }

    @Test
    void rule_5_8_anEngineServesOneThreadAtATime() throws Exception {
        Use.oneThreadAtATime(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_9_threadsThatShareAnEngineGetItsResultsOrTypedErrors() throws Exception {
        Use.manyThreads(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_10_aFaultOfUsersCodeIsToldByItsClass() {
        UserFaults.resultsThatAreNone(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_11_aPassWithoutTargetsRefusesWhatAPassWithThemRefuses() {
        Inferences.refuseWhatForwardRefuses(open(DEFAULT_THREADS), Shapes.smooth().get(2));
    }

    @Test
    void rule_5_12_noPhaseWorksOnAPassWithoutTargets() {
        Inferences.areNoPassToWorkOn(open(DEFAULT_THREADS), Shapes.smooth().get(2));
    }

    @Test
    void rule_5_13_aGradientIsAppliedOnceAndStepsAreAllTakenOrNone() {
        Steps.takeAGradientOnce(open(DEFAULT_THREADS));
    }
}
