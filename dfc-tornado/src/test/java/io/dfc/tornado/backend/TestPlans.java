package io.dfc.tornado.backend;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackPlasticity.Estimator;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;

/** Plans that need every kind of memory. */
public final class TestPlans {
    private TestPlans() {}

    /** Loops with each solver, of a network of some sizes. */
    public static Plan loops(int maxBatch, int... sizes) {
        Plan.Builder builder =
                Plan.builder(
                        Network.of(new Activation.Tanh(), sizes),
                        Loss.MEAN_SQUARED_ERROR,
                        maxBatch);
        ParameterGroup feedback = builder.feedbackWeights();
        for (Solver solver :
                new Solver[] {new Solver.Auto(), new Solver.SteadyState(), new Solver.Euler()}) {
            builder.loop(
                    solver.getClass().getSimpleName(),
                    new LoopPhase(
                                    feedback,
                                    new OutputTarget.Nudge(0.1),
                                    new ProportionalIntegralController(2, 0.01),
                                    new Dynamics(0.05, 20, 0.2),
                                    new ForwardPlasticity(
                                            solver instanceof Solver.SteadyState
                                                    ? ForwardPlasticity.Mode.LAST_STATE
                                                    : ForwardPlasticity.Mode.CONTINUOUS,
                                            DfcRule.NONLINEAR_DIFFERENCE))
                            .withSolver(solver));
        }
        return builder.build();
    }

    /** A noisy loop in which feedback weights learn, of a network of some sizes. */
    public static Plan feedback(Estimator estimator, int maxBatch, int... sizes) {
        Plan.Builder builder =
                Plan.builder(
                        Network.of(new Activation.Tanh(), sizes), Loss.CROSS_ENTROPY, maxBatch);
        builder.loop(
                "feedback",
                new LoopPhase(
                                builder.feedbackWeights(),
                                new OutputTarget.Nudge(0.1),
                                new ProportionalIntegralController(0.2, 0.1),
                                new Dynamics(0.05, 24, 0.3, 0.2, true, false, true))
                        .withNoise(new ApicalNoise(0.01, 0.02))
                        .withPlasticities(new FeedbackPlasticity().withEstimator(estimator)));
        return builder.build();
    }
}
