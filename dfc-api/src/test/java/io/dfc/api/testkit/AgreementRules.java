package io.dfc.api.testkit;

import io.dfc.api.network.Loss;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Support;
import io.dfc.api.testkit.agreement.Comparisons;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.agreement.Observations;
import io.dfc.api.testkit.agreement.Specification;
import io.dfc.api.testkit.rule.AutoSolver;
import io.dfc.api.testkit.rule.Declined;
import io.dfc.api.testkit.rule.Inferences;
import io.dfc.api.testkit.rule.MixedLoops;
import io.dfc.api.testkit.rule.ReducedOrderUpdates;
import io.dfc.api.testkit.scenario.OperationScenarios;
import io.dfc.api.testkit.scenario.ProgramScenarios;
import io.dfc.api.testkit.scenario.RoundedWeights;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Shapes;
import io.dfc.api.testkit.scenario.StrongScenarios;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rules of the second kind: results are those of the reference backend, within the tolerance of the
 * type.
 */
abstract class AgreementRules extends BackendUnderTest {
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
        try (Engine engine = CompiledPlan.of(backend, scenario.plan())) {
            Comparisons.assertAgree(
                    scenario,
                    Specification.of(key, scenario),
                    Observations.of(engine, scenario),
                    Comparisons.tolerance(backend.computeType()));
        }
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
    Stream<DynamicTest> rule_2_18_forwardAndFeedbackLearningFromOneLoopMatchTheReference() {
        return Stream.of(
                        matchReference("mixed", combined().mixedLoops()),
                        MixedLoops.giveWhatEachPlasticityGivesAlone(this::open),
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
}
