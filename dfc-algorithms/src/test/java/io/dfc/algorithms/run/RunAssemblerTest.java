package io.dfc.algorithms.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.RateSchedule;
import io.dfc.algorithms.train.StopRules;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.Phase;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Precision;
import io.dfc.api.plan.StepHandle;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

class RunAssemblerTest {
    private static final DataSet CLASSES =
            DataSet.classification("classes", new double[10], 5, new int[] {0, 1}, 3);
    private static final DataSet VECTORS =
            DataSet.regression("vectors", new double[10], 5, new double[4], 2);

    private static RunAssembler assembler(DataSet data, String method, String... settings) {
        List<Setting> all = Stream.of(settings).map(Setting::parse).toList();
        RunConfiguration configuration = RunConfigurations.forRun("csv:classes.csv", method, all);
        return new RunAssembler(configuration, data);
    }

    private static TrainingSpec spec(String method, String... settings) {
        return assembler(CLASSES, method, settings).assemble();
    }

    private static LoopPhase control(String method, String... settings) {
        return spec(method, settings).learning().forwardLoop().orElseThrow().phase();
    }

    private static Phase feedback(String method, String... settings) {
        return spec(method, settings).plan().phases().stream()
                .filter(phase -> phase.name().equals("feedback"))
                .findFirst()
                .orElseThrow()
                .phase();
    }

    private static Optimization optimization(TrainingSpec spec, String name) {
        return spec.plan().optimizers().stream()
                .filter(o -> o.name().equals(name))
                .findFirst()
                .orElseThrow()
                .optimization();
    }

    @Test
    void theNetworkTakesItsEndsFromTheDataAndItsMiddleFromTheConfiguration() {
        RunAssembler assembler =
                assembler(
                        CLASSES,
                        "dfc",
                        "network.hidden=[7, 6]",
                        "network.activations=[relu, leakyrelu]",
                        "network.leaky-relu-slope=0.3",
                        "network.bias=false");
        assertThat(assembler.network().inputs()).isEqualTo(5);
        assertThat(assembler.network().outputs()).isEqualTo(3);
        assertThat(assembler.network().layers()).extracting(l -> l.size()).containsExactly(7, 6, 3);
        assertThat(assembler.network().activation(1).label()).isEqualTo("leakyrelu");
        assertThat(assembler.network().bias()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "dfc, CONTINUOUS, Auto",
        "dfc-ss, LAST_STATE, Auto",
        "dfc-ssa, LAST_STATE, Linearized",
        "dfc-fixed, CONTINUOUS, Auto",
        "dfc-ss-fixed, LAST_STATE, Auto",
        "dfc-ssa-fixed, LAST_STATE, Linearized"
    })
    void everyControlledMethodHasItsUpdateAndSolver(
            String method, ForwardPlasticity.Mode mode, String solver) {
        TrainingSpec spec = spec(method);

        LoopPhase phase = spec.learning().forwardLoop().orElseThrow().phase();
        assertThat(phase.plasticities())
                .singleElement()
                .isInstanceOfSatisfying(
                        ForwardPlasticity.class, p -> assertThat(p.mode()).isEqualTo(mode));
        assertThat(phase.solver().getClass().getSimpleName()).isEqualTo(solver);
        assertThat(spec.plan().phases()).hasSize(method.endsWith("fixed") ? 1 : 2);
        assertThat(spec.learning().pretraining().isEmpty()).isEqualTo(method.endsWith("fixed"));
        assertThat(spec.initial().groups()).containsOnlyKeys("W", "b", "Q");
    }

    @Test
    void fixedFeedbackNeverLearnsAndOtherFeedbackFollowsItsSchedule() {
        LearningPlan fixed = spec("dfc-fixed").learning();
        assertThat(fixed.pretraining()).isEmpty();
        assertThat(fixed.before()).isEmpty();
        assertThat(fixed.after()).isEmpty();
        assertThat(spec("dfc-fixed").plan().optimizers())
                .extracting(OptimizerHandle::name)
                .containsExactly("forward");

        TrainingSpec learning =
                spec(
                        "dfc",
                        "feedback.pretraining-epochs=4",
                        "feedback.epoch-before-forward=false",
                        "feedback.extra-epochs=3",
                        "feedback.learning-rate=0.25",
                        "feedback.pretraining-learning-rate=0.5");
        assertThat(learning.learning().pretraining()).hasToString("[feedback pre-training x 4]");
        assertThat(learning.learning().before()).hasToString("[feedback x 0]");
        assertThat(learning.learning().training()).hasToString("forward");
        assertThat(learning.learning().after()).hasToString("[feedback x 3]");
        assertThat(rate(learning, "feedback")).isEqualTo(0.25);
        assertThat(rate(learning, "feedback-pretraining")).isEqualTo(0.5);
        StepHandle feedback = learning.plan().steps().get(1);
        StepHandle pretraining = learning.plan().steps().get(2);
        assertThat(feedback.optimizer().name()).isEqualTo("feedback");
        assertThat(pretraining.optimizer().name()).isEqualTo("feedback-pretraining");
        assertThat(pretraining.gradient()).isSameAs(feedback.gradient());
    }

    private static double rate(TrainingSpec spec, String optimizer) {
        return optimization(spec, optimizer).learningRates().getFirst();
    }

    @Test
    void backpropagationHasNoOtherPhase() {
        TrainingSpec spec = spec("bp", "forward.clip-norm=0.5", "forward.schedule=linear");

        assertThat(spec.schedule()).isEqualTo(RateSchedule.LINEAR);
        var groups = spec.plan().groups();
        assertThat(spec.plan().phases().getFirst().phase())
                .isEqualTo(
                        LayerPrograms.backpropagation(
                                spec.plan().network(),
                                groups.getFirst(),
                                groups.getLast(),
                                new Clipping.PerTensor(0.5)));
        assertThat(spec.plan().phases()).hasSize(1);
        assertThat(spec.plan().groups()).extracting(g -> g.name()).containsExactly("W", "b");
        assertThat(spec.initial().groups()).containsOnlyKeys("W", "b");
        assertThat(spec.learning().solverLabel()).isEqualTo("none");
    }

    @Test
    void theControlledPhaseHasTheSettingsOfItsSection() {
        LoopPhase phase =
                control(
                        "dfc",
                        "control.leakage=0.5",
                        "control.proportional-gain=3",
                        "control.leak=integral",
                        "control.time-step=0.125",
                        "control.time-points=17",
                        "control.time-constant-ratio=0.25",
                        "control.noise-sigma=0.1",
                        "target.step-size=0.2",
                        "target.sum-over-batch=true",
                        "forward.clip-norm=null");

        assertThat(phase.controller())
                .isEqualTo(
                        new ProportionalIntegralController(
                                3, 0.5, ProportionalIntegralController.Leak.INTEGRAL));
        assertThat(phase.dynamics().timeStep()).isEqualTo(0.125);
        assertThat(phase.dynamics().timePoints()).isEqualTo(17);
        assertThat(phase.dynamics().apicalRate()).as("instantaneous by default").isEqualTo(1);
        assertThat(phase.noise()).contains(new ApicalNoise(0.1, 0.1));
        assertThat(phase.target())
                .isEqualTo(new OutputTarget.Nudge(0.2, OutputTarget.Nudge.Gradient.OF_SAMPLE));
        assertThat(phase.plasticities().getFirst().clipping()).isEqualTo(new Clipping.None());
    }

    @Test
    void solversAreThoseChosen() {
        assertThat(control("dfc", "solver=euler").solver()).isEqualTo(new Solver.Euler());
        assertThat(control("dfc", "solver-tolerance=0.25").solver())
                .isEqualTo(new Solver.Auto(0.25));
        assertThat(control("dfc-ss", "solver=steady-state").solver())
                .isEqualTo(new Solver.SteadyState());
        assertThat(spec("dfc-ss", "solver=steady-state").learning().solverLabel())
                .isEqualTo("steady-state");
    }

    @Test
    void theFeedbackPhaseIsNeverProactiveAndClipsJointly() {
        LoopPhase phase = (LoopPhase) feedback("dfc", "feedback.noise-sigma=0.25", "solver=euler");

        assertThat(phase.dynamics().proactive()).isFalse();
        assertThat(phase.noise()).contains(new ApicalNoise(0.25, 0.25));
        assertThat(phase.solver()).isEqualTo(new Solver.Euler());
        assertThat(phase.target()).isEqualTo(new OutputTarget.OwnOutput());
        assertThat(phase.plasticities())
                .containsExactly(new FeedbackPlasticity(Optional.empty(), new Clipping.Joint(1)));
        assertThat(((PerturbationPhase) feedback("dfc", "feedback.rule=special-controller")).rule())
                .isInstanceOf(FeedbackRule.ForwardPerturbation.class);
        assertThat(((PerturbationPhase) feedback("dfc", "feedback.rule=old-rule")).rule())
                .isInstanceOf(FeedbackRule.LinearizedReconstruction.class);
    }

    @Test
    void theFeedbackPhaseCanBeThatOfTheStrongProgram() {
        LoopPhase phase =
                (LoopPhase)
                        feedback(
                                "dfc",
                                "feedback.proactive=true",
                                "feedback.noise-scale=layer",
                                "feedback.clip-scope=tensor");

        assertThat(phase.dynamics().proactive()).isTrue();
        assertThat(phase.plasticities())
                .containsExactly(
                        new FeedbackPlasticity(
                                OptionalDouble.empty(),
                                FeedbackPlasticity.NoiseScale.OF_LAYER,
                                1,
                                Optional.empty(),
                                new Clipping.PerTensor(1)));
    }

    @Test
    void feedbackWeightsMayLearnFromTheMeanOverAllNoise() {
        LoopPhase phase = (LoopPhase) feedback("dfc", "feedback.estimator=expected");

        assertThat(phase.feedbackPlasticity().orElseThrow().estimator())
                .isEqualTo(FeedbackPlasticity.Estimator.EXPECTED);
        assertThatThrownBy(
                        () ->
                                feedback(
                                        "dfc",
                                        "feedback.estimator=expected",
                                        "feedback.rule=old-rule"))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("feedback.estimator")
                .hasMessageContaining("old-rule");
    }

    @Test
    void aNormalizedLearningRateIsDividedByTheNudge() {
        TrainingSpec spec =
                spec(
                        "dfc",
                        "forward.learning-rate=[0.25]",
                        "forward.normalize-learning-rate=true",
                        "target.step-size=0.5");
        assertThat(rate(spec, "forward")).isEqualTo(0.5);
        assertThat(
                        optimization(
                                        spec(
                                                "dfc",
                                                "forward.optimizer=sgd",
                                                "forward.momentum=0.75"),
                                        "forward")
                                .optimizer())
                .isEqualTo(new Optimizer.Sgd(0.75));
    }

    @Test
    void aFrozenOutputLayerKeepsItsFeedbackWeights() {
        Set<Integer> frozen =
                optimization(
                                spec("dfc", "network.hidden=[4, 4]", "feedback.freeze-output=true"),
                                "feedback")
                        .frozenLayers();
        assertThat(frozen).containsExactly(2);
    }

    @Test
    void theLossFollowsTheTargetsOfTheData() {
        assertThat(assembler(CLASSES, "dfc").loss()).isEqualTo(Loss.CROSS_ENTROPY);
        assertThat(assembler(VECTORS, "dfc").loss()).isEqualTo(Loss.MEAN_SQUARED_ERROR);
        assertThatThrownBy(() -> assembler(CLASSES, "dfc", "loss=mse").loss())
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage(
                        "loss: mse needs vectors as targets, but classes has classes; use auto");
    }

    @Test
    void theRestOfTheRunIsThatOfTheConfiguration() {
        TrainingSpec spec =
                spec(
                        "dfc",
                        "seed=42",
                        "epochs=3",
                        "batch=9",
                        "precision=bfloat16",
                        "stop.min-train-accuracy=0.5",
                        "stop.after-epoch=2",
                        "stop.patience=4",
                        "stop.max-parameter=10");
        assertThat(spec.seed()).isEqualTo(42);
        assertThat(spec.epochs()).isEqualTo(3);
        assertThat(spec.plan().maxBatch()).isEqualTo(9);
        assertThat(spec.plan().precision()).isEqualTo(Precision.BFLOAT16);
        assertThat(spec.stop()).isEqualTo(new StopRules(0.5, 2, 4, 10));
    }

    @Test
    void theSeedAloneDecidesTheInitialParameters() {
        assertThat(spec("dfc", "seed=7").initial()).isEqualTo(spec("dfc", "seed=7").initial());
        assertThat(spec("dfc", "seed=7").initial()).isNotEqualTo(spec("dfc", "seed=8").initial());
        assertThat(spec("bp", "seed=7").initial())
                .isEqualTo(spec("dfc", "seed=7").initial().only(Set.of("W", "b")));
    }

    @Test
    void clippingCanTakeWeightsAndBiasesOfALayerTogether() {
        assertThat(control("dfc", "forward.clip-scope=layer").plasticities().getFirst().clipping())
                .isEqualTo(new Clipping.PerLayer(1));
        assertThat(
                        spec("bp", "forward.clip-scope=layer").plan().phases().stream()
                                .map(PhaseHandle::phase)
                                .map(LayerProgram.class::cast)
                                .map(program -> program.gradients().getFirst().clipping()))
                .containsExactly(new Clipping.PerLayer(1));
        LoopPhase feedback = (LoopPhase) feedback("dfc", "feedback.clip-scope=tensor");
        assertThat(feedback.plasticities().getFirst().clipping())
                .isEqualTo(new Clipping.PerTensor(1));
    }

    @Test
    void roundedWeightsNeedAMethodWithLoops() {
        assertThatThrownBy(() -> spec("bp", "precision=bfloat16"))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith("precision: bfloat16 is for controlled phases")
                .hasMessageContaining("method bp");
    }
}
