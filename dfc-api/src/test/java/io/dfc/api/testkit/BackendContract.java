package io.dfc.api.testkit;

import io.dfc.api.spi.Backend;
import io.dfc.api.testkit.rule.AutoSolver;
import io.dfc.api.testkit.rule.Determinism;
import io.dfc.api.testkit.rule.Handles;
import io.dfc.api.testkit.rule.Inferences;
import io.dfc.api.testkit.rule.Minibatches;
import io.dfc.api.testkit.rule.ProgramSteps;
import io.dfc.api.testkit.rule.RecordedRuns;
import io.dfc.api.testkit.rule.Refusals;
import io.dfc.api.testkit.rule.Replicas;
import io.dfc.api.testkit.rule.SampleBuffers;
import io.dfc.api.testkit.rule.Steps;
import io.dfc.api.testkit.rule.Use;
import io.dfc.api.testkit.rule.UserFaults;
import io.dfc.api.testkit.scenario.OperationScenarios;
import io.dfc.api.testkit.scenario.ProgramScenarios;
import io.dfc.api.testkit.scenario.Shapes;
import io.dfc.api.testkit.scenario.StrongScenarios;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.stream.Stream;

/**
 * What every backend keeps; extend it and name the provider. The reference backend must be on the
 * module or class path.
 */
public abstract class BackendContract extends AgreementRules {
    /** For subclasses. */
    protected BackendContract() {}

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
    void rule_5_14_aMinibatchMeansTheSameInFloat32AndFloat64() {
        Minibatches.meanTheSameInEitherType(open(DEFAULT_THREADS));
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

    @Test
    void rule_5_15_aMinibatchInTheEnginesBufferGivesWhatTensorsGive() {
        SampleBuffers.giveWhatTensorsGive(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_16_aBufferIsGoodForOnePassOfItsEngine() {
        SampleBuffers.areGoodForOnePass(open(DEFAULT_THREADS));
    }

    @Test
    void rule_5_17_numbersInABufferThatAreNotFiniteAreRefusedByName() {
        SampleBuffers.refuseNumbersThatAreNone(open(DEFAULT_THREADS));
    }
}
