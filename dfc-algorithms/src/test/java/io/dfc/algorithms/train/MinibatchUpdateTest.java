package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.error.DivergenceException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.StepHandle;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Passes that are more than one step: both kinds of weights from one loop, rates from results. */
class MinibatchUpdateTest {
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 4, 6, 3);

    private final Plan.Builder builder = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, SmallRun.BATCH);
    private final ParameterGroup q = builder.feedbackWeights();
    private final LoopHandle loop =
            builder.loop(
                    "both",
                    new LoopPhase(
                            q,
                            new OutputTarget.Nudge(0.1),
                            new ProportionalIntegralController(1, 0.1),
                            new Dynamics(0.05, 10, 0.2),
                            new io.dfc.api.control.Solver.Euler(),
                            io.dfc.api.control.Convergence.includingAll(),
                            Optional.of(new io.dfc.api.control.ApicalNoise(0.05, 0.05)),
                            List.of(
                                    new ForwardPlasticity(
                                            ForwardPlasticity.Mode.CONTINUOUS,
                                            DfcRule.NONLINEAR_DIFFERENCE),
                                    new FeedbackPlasticity(
                                            Optional.empty(), new Clipping.None()))));
    private final StepHandle forward =
            builder.step(
                    loop.gradients().getFirst(),
                    builder.optimizer("forward", sgd(), builder.forwardGroups()));
    private final StepHandle feedback =
            builder.step(loop.gradients().getLast(), builder.optimizer("feedback", sgd(), q));

    private static Optimization sgd() {
        return new Optimization(new Optimizer.Sgd(0), 0.01);
    }

    private static Parameters drawn() {
        return ParameterInitializer.draw(
                NETWORK,
                Initialization.XAVIER_NORMAL,
                new FeedbackInitialization.WeightProduct(0.05),
                1);
    }

    private Parameters train(MinibatchUpdate update) {
        Plan plan = builder.build();
        LearningPlan learning =
                new LearningPlan(plan, MinibatchUpdateTest::drawn, new Sweep("all", update));
        TrainingSpec spec = new TrainingSpec(learning, 1, 1, StopRules.divergenceOnly());
        return SmallRun.run(spec, SmallRun.data()).snapshot().state().parameters();
    }

    @Test
    void oneLoopTeachesBothKindsOfWeights() {
        List<Integer> samples = new ArrayList<>();

        Parameters learnt =
                train(
                        run -> {
                            samples.add(run.run(loop).samples());
                            run.apply(forward, feedback);
                        });

        assertThat(samples).containsExactly(8, 8, 8, 6);
        assertThat(learnt.weights()).isNotEqualTo(drawn().weights());
        assertThat(learnt.feedback()).isNotEqualTo(drawn().feedback());
    }

    @Test
    void thePassOfSomeStepsRunsTheirPhaseOnce() {
        Parameters learnt = train(MinibatchUpdate.of(forward, feedback));

        Parameters byHand = new MinibatchUpdateTest().handTrained();
        assertThat(learnt).isEqualTo(byHand);
    }

    private Parameters handTrained() {
        return train(
                run -> {
                    run.run(loop);
                    run.apply(feedback);
                    run.apply(forward);
                });
    }

    @Test
    void aFactorCanFollowFromResults() {
        List<Double> losses = new ArrayList<>();

        Parameters still =
                train(
                        run -> {
                            losses.add(run.forward().loss());
                            run.run(loop);
                            run.apply(0, forward, feedback);
                        });

        assertThat(losses).hasSize(4).allMatch(loss -> loss > 0);
        assertThat(still).isEqualTo(drawn());
    }

    @Test
    void aStepWhosePhaseDidNotRunIsRefusedByTheEngine() {
        assertThatThrownBy(() -> train(run -> run.apply(forward)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("both");
    }

    @Test
    void aGradientThatIsNotFiniteStopsTheRunBeforeItIsApplied() {
        MinibatchUpdate update =
                run -> {
                    run.run(loop);
                    run.apply(1e300, forward);
                    run.apply(1e300, feedback);
                };
        assertThatThrownBy(() -> train(update))
                .isInstanceOf(DivergenceException.class)
                .hasMessageStartingWith("diverged in epoch 1, minibatch 1: ");
    }
}
