package io.dfc.api.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Philox;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Mistakes in a plan, which the builder tells when they are made. */
class PlanBuilderTest {
    private static final Optimization DESCENT = new Optimization(new Optimizer.Sgd(0), 0.1);
    private static final Plasticity FORWARD =
            new ForwardPlasticity(ForwardPlasticity.Mode.LAST_STATE, DfcRule.NONLINEAR_DIFFERENCE);
    private static final Plasticity FEEDBACK = new FeedbackPlasticity();

    private final Plan.Builder builder = builder();
    private final ParameterGroup q = builder.feedbackWeights();

    private static Plan.Builder builder() {
        return Plan.builder(Network.of(new Activation.Tanh(), 4, 3, 2), Loss.CROSS_ENTROPY, 5);
    }

    private static LayerProgram program(Plan.Builder builder) {
        return LayerPrograms.backpropagation(
                Network.of(new Activation.Tanh(), 4, 3, 2),
                builder.weights(),
                builder.biases(),
                new Clipping.None());
    }

    private static LoopPhase loop(ParameterGroup feedback) {
        return new LoopPhase(
                feedback,
                new OutputTarget.Nudge(0.1),
                new ProportionalIntegralController(1, 0.1),
                new Dynamics(0.1, 10, 0.2));
    }

    private static LoopPhase noisy(ParameterGroup feedback) {
        return loop(feedback).withNoise(new ApicalNoise(0.1, 0.1));
    }

    private static PerturbationPhase perturbation(ParameterGroup feedback) {
        return new PerturbationPhase(
                feedback,
                new FeedbackRule.ForwardPerturbation(0.1),
                Optional.empty(),
                new Clipping.None());
    }

    @Test
    void handlesAreThoseOfThePlanInTheirOrder() {
        LoopHandle loop = builder.loop("control", noisy(q).withPlasticities(FORWARD, FEEDBACK));
        PerturbationHandle noise = builder.perturbation("noise", perturbation(q));
        ProgramHandle backward = builder.program("backward", program(builder));
        OptimizerHandle forward = builder.optimizer("forward", DESCENT, builder.forwardGroups());
        OptimizerHandle feedback = builder.optimizer("feedback", DESCENT, q);
        StepHandle ofWeights = builder.step(loop.gradients().getFirst(), forward);
        StepHandle ofFeedback = builder.step(loop.gradients().getLast(), feedback);
        StepHandle ofNoise = builder.step(noise.gradients().getFirst(), feedback);
        Plan plan = builder.build();
        assertThat(plan.groups()).containsExactly(builder.weights(), builder.biases(), q);
        assertThat(plan.phases()).containsExactly(loop, noise, backward);
        assertThat(plan.phases()).extracting(PhaseHandle::index).containsExactly(0, 1, 2);
        assertThat(plan.loops()).containsExactly(loop);
        assertThat(plan.optimizers()).containsExactly(forward, feedback);
        assertThat(plan.steps()).containsExactly(ofWeights, ofFeedback, ofNoise);
        assertThat(loop.gradients().getFirst().groups())
                .containsExactly(builder.weights(), builder.biases());
        assertThat(loop.gradients().getLast().groups()).containsExactly(q);
        assertThat(noise.gradients().getFirst().groups()).containsExactly(q);
        assertThat(backward.gradients().getFirst().groups())
                .containsExactly(builder.forwardGroups());
        assertThat(ofNoise.phase()).isSameAs(noise);
    }

    @Test
    void aPlanIsWhatItWasBuiltFrom() {
        Plan plan = builder.precision(Precision.BFLOAT16).build();
        assertThat(plan.precision()).isEqualTo(Precision.BFLOAT16);
        assertThat(plan.loss()).isEqualTo(Loss.CROSS_ENTROPY);
        assertThat(plan.maxBatch()).isEqualTo(5);
        assertThat(plan.network().neurons()).isEqualTo(5);
        assertThat(Plan.evaluation(plan.network(), Loss.CROSS_ENTROPY, 5).groups()).hasSize(2);
    }

    @Test
    void theNoiseOfALoopWithFeedbackPlasticityIsItsOwn() {
        LoopHandle control = builder.loop("control", noisy(q).withPlasticities(FORWARD));
        LoopHandle mixed = builder.loop("mixed", noisy(q).withPlasticities(FORWARD, FEEDBACK));
        assertThat(control.noiseStream()).isEqualTo(Philox.PHASE_CONTROL);
        assertThat(mixed.noiseStream()).isEqualTo(Philox.PHASE_FEEDBACK);
        assertThat(control.simulation()).isSameAs(control);
    }

    @Test
    void theSimulationBesideALoopHasNoPlasticityAndItsNoise() {
        LoopHandle loop =
                builder.loop(
                        "feedback",
                        noisy(q).withSolver(new Solver.Auto()).withPlasticities(FEEDBACK));
        LoopHandle beside = loop.simulation();
        assertThat(beside.phase().solver()).isEqualTo(new Solver.Euler());
        assertThat(beside.phase().plasticities()).isEmpty();
        assertThat(beside.phase().noise()).isEqualTo(loop.phase().noise());
        assertThat(beside.noiseStream()).isEqualTo(Philox.PHASE_FEEDBACK);
        assertThat(beside.simulation()).isSameAs(beside);
    }

    @Test
    void gradientsOfForwardPlasticitiesAreNumberedAmongThemselves() {
        LoopHandle loop =
                builder.loop("mixed", noisy(q).withPlasticities(FORWARD, FEEDBACK, FORWARD));
        assertThat(loop.gradients().stream().map(loop::forwardIndex)).containsExactly(0, -1, 1);
        assertThat(loop.phase().forwardPlasticities()).hasSize(2);
        LoopHandle other = builder.loop("other", loop(q).withPlasticities(FORWARD));
        assertThatThrownBy(() -> loop.indexOf(other.gradients().getFirst()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gradient other[0] is not one of phase \"mixed\"");
    }

    @Test
    void aStepHasAnOptimiserOfTheGradientsGroups() {
        LoopHandle loop = builder.loop("mixed", noisy(q).withPlasticities(FORWARD, FEEDBACK));
        OptimizerHandle feedback = builder.optimizer("feedback", DESCENT, q);
        refused(
                () -> builder.step(loop.gradients().getFirst(), feedback),
                "gradient mixed[0] is one of [W, b], but optimiser \"feedback\" steps [Q]",
                "give the step an optimiser of [W, b]");
        OptimizerHandle forward = builder.optimizer("forward", DESCENT, builder.forwardGroups());
        refused(
                () -> builder.step(loop.gradients().getLast(), forward),
                "gradient mixed[1] is one of [Q]",
                "give the step an optimiser of [Q]");
        OptimizerHandle weightsAlone = builder.optimizer("W", DESCENT, builder.weights());
        refused(() -> builder.step(loop.gradients().getFirst(), weightsAlone), "steps [W]");
    }

    @Test
    void feedbackWeightsLearnFromNoise() {
        refused(
                () -> loop(q).withPlasticities(FEEDBACK),
                "noise",
                "this one has none; give it ApicalNoise or leave the feedback plasticity out");
    }

    @Test
    void feedbackWeightsLearnOnceFromALoop() {
        refused(
                () -> noisy(q).withPlasticities(FEEDBACK, FORWARD, FEEDBACK),
                "the feedback weights of a loop learn by one plasticity, not 2");
    }

    @Test
    void feedbackWeightsLearnOverTime() {
        refused(
                () -> noisy(q).withPlasticities(FEEDBACK).withSolver(new Solver.SteadyState()),
                "solved by euler or auto");
        refused(
                () -> noisy(q).withSolver(new Solver.SteadyState()),
                "only euler and auto take noise");
    }

    @Test
    void handlesOfAnotherPlanAreRefused() {
        Plan.Builder other = builder();
        ParameterGroup foreign = other.feedbackWeights();
        LoopHandle otherLoop = other.loop("control", loop(foreign).withPlasticities(FORWARD));
        OptimizerHandle otherForward = other.optimizer("forward", DESCENT, other.forwardGroups());
        LoopHandle loop = builder.loop("control", loop(q).withPlasticities(FORWARD));
        OptimizerHandle forward = builder.optimizer("forward", DESCENT, builder.forwardGroups());
        String advice = "belongs to another plan; use the handle that this builder gave";
        refused(() -> builder.loop("second", loop(foreign)), "Q " + advice);
        refused(() -> builder.perturbation("noise", perturbation(foreign)), "Q " + advice);
        refused(() -> builder.optimizer("feedback", DESCENT, foreign), "Q " + advice);
        refused(
                () -> builder.step(otherLoop.gradients().getFirst(), forward),
                "control[0] " + advice);
        refused(() -> builder.step(loop.gradients().getFirst(), otherForward), "forward " + advice);
    }

    @Test
    void namesAreTakenOnce() {
        builder.loop("control", loop(q));
        builder.optimizer("forward", DESCENT, q);
        refused(builder::feedbackWeights, "group: the name \"Q\" is taken; choose another");
        refused(() -> builder.group("W", List.of()), "group: the name \"W\" is taken");
        refused(() -> builder.loop("control", loop(q)), "phase: the name \"control\" is taken");
        refused(
                () -> builder.program("control", program(builder)),
                "phase: the name \"control\" is taken");
        refused(
                () -> builder.perturbation("control", perturbation(q)),
                "phase: the name \"control\" is taken");
        refused(
                () -> builder.optimizer("forward", DESCENT, q),
                "optimizer: the name \"forward\" is taken");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2Q",
                "-Q",
                "a b",
                "Q/1",
                "Q.1",
                "ä",
                "a234567890123456789012345678901234"
            })
    void namesOfGroupsAreFitForFiles(String name) {
        refused(
                () -> builder.group(name, List.of()),
                "1 to 32 letters, digits or hyphens and begins with a letter, got \""
                        + name
                        + "\"");
    }

    @Test
    void aGroupOfAMethodsOwnHasTheShapesThatItWasGiven() {
        int[] shape = {2, 3};
        ParameterGroup own = builder.group("V-2", List.of(shape, new int[] {4}));
        shape[0] = 7;
        own.shape(1)[0] = 7;
        assertThat(own.tensors()).isEqualTo(2);
        assertThat(own.shape(0)).containsExactly(2, 3);
        assertThat(own.shape(1)).containsExactly(4);
        assertThat(builder.optimizer("V", DESCENT, own, q).shapes())
                .containsExactly(
                        new int[] {2, 3}, new int[] {4}, new int[] {3, 2}, new int[] {2, 2});
        refused(
                () -> builder.group("V-3", List.of(new int[] {2, 0})),
                "V-3: a dimension is at least 1, got [2, 0]");
    }

    @Test
    void feedbackWeightsCarryAControlSignalToEveryLayer() {
        String advice = "feedback weights have shape [n_i, 2] in every layer";
        refused(() -> builder.loop("loop", loop(builder.weights())), "group W", advice);
        refused(
                () -> builder.perturbation("noise", perturbation(builder.biases())),
                "group b",
                advice);
        ParameterGroup few = builder.group("few", List.of(new int[] {3, 2}));
        refused(() -> builder.loop("loop", loop(few)), "group few", advice);
        ParameterGroup own = builder.group("own", List.of(new int[] {3, 2}, new int[] {2, 2}));
        assertThat(builder.loop("loop", loop(own)).phase().feedback()).isSameAs(own);
    }

    @Test
    void anOptimiserStepsSomethingAndFitsTheNetwork() {
        refused(() -> builder.optimizer("idle", DESCENT), "idle: names no group to step");
        Optimization three =
                new Optimization(new Optimizer.Sgd(0), List.of(0.1, 0.1, 0.1), 0, Set.of());
        refused(() -> builder.optimizer("three", three, q), "learning-rate", "2 layers, got 3");
    }

    @Test
    void aBuiltPlanDoesNotChange() {
        LoopHandle loop = builder.loop("control", loop(q).withPlasticities(FORWARD));
        OptimizerHandle forward = builder.optimizer("forward", DESCENT, builder.forwardGroups());
        builder.build();
        for (ThrowingCallable late :
                List.<ThrowingCallable>of(
                        builder::build,
                        () -> builder.precision(Precision.FULL),
                        () -> builder.group("V", List.of()),
                        () -> builder.loop("late", loop(q)),
                        () -> builder.perturbation("late", perturbation(q)),
                        () -> builder.program("late", program(builder)),
                        () -> builder.optimizer("late", DESCENT, q),
                        () -> builder.step(loop.gradients().getFirst(), forward))) {
            refused(late, "it is built and cannot change; begin a new one");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, Integer.MAX_VALUE})
    void batchesHaveASize(int maxBatch) {
        Network network = Network.of(new Activation.Tanh(), 2, 2);
        refused(
                () -> Plan.builder(network, Loss.CROSS_ENTROPY, maxBatch),
                "batch",
                "got " + maxBatch);
    }

    @Test
    void aFactorOnRatesIsANumber() {
        LoopHandle loop = builder.loop("control", loop(q).withPlasticities(FORWARD));
        StepHandle step =
                builder.step(
                        loop.gradients().getFirst(),
                        builder.optimizer("forward", DESCENT, builder.forwardGroups()));
        refused(() -> step.at(Double.NaN), "rateFactor", "got NaN");
        refused(() -> step.at(Double.POSITIVE_INFINITY), "rateFactor", "got Infinity");
        assertThat(step.at(0.5)).isEqualTo(new Step(step, 0.5));
    }

    private static void refused(ThrowingCallable mistake, String... parts) {
        assertThatThrownBy(mistake)
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }
}
