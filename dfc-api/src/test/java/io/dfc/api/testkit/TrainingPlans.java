package io.dfc.api.testkit;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.BackwardHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.PhaseResult;

import org.junit.jupiter.api.Assumptions;

import java.util.List;

/**
 * Plans that train, for rules of use, which hold whatever is trained: a backend is asked to keep
 * them with each of these that it supports.
 */
final class TrainingPlans {
    private static final Optimization OPTIMIZATION = new Optimization(new Optimizer.Sgd(0), 0.1);

    private TrainingPlans() {}

    /** DFC, DFC of steady states, and backpropagation. */
    static List<Plan> of(Shapes shape) {
        return List.of(
                LearningScenarios.trainingPlan(shape, OPTIMIZATION),
                steadyState(shape),
                LearningScenarios.backpropagation(shape, Loss.CROSS_ENTROPY));
    }

    /** Those that a backend supports; aborts the test if there are none. */
    static List<Plan> supported(Backend backend, Shapes shape) {
        List<Plan> supported =
                of(shape).stream().filter(p -> backend.supports(p).isSupported()).toList();
        Assumptions.assumeFalse(supported.isEmpty(), backend.name() + " declines every training");
        return supported;
    }

    /** A plan of a loop without time that teaches weights and biases. */
    static Plan steadyState(Shapes shape) {
        Plan.Builder builder = shape.builder(Loss.CROSS_ENTROPY);
        LoopHandle loop =
                builder.loop(
                        "control",
                        new LoopPhase(
                                        builder.feedbackWeights(),
                                        Scenarios.NUDGE,
                                        Scenarios.CONTROLLER,
                                        new Dynamics(0.05, 10, 0.2),
                                        Scenarios.LAST)
                                .withSolver(new Solver.SteadyState()));
        builder.step(
                loop.gradients().getFirst(),
                builder.optimizer("forward", OPTIMIZATION, builder.forwardGroups()));
        return builder.build();
    }

    /** Runs a phase of any kind. */
    static PhaseResult run(Engine engine, PhaseHandle phase, Noise noise) {
        return switch (phase) {
            case LoopHandle loop -> engine.run(loop, noise);
            case PerturbationHandle perturbation -> engine.run(perturbation, noise);
            case BackwardHandle backward -> engine.run(backward);
        };
    }

    /** Runs every phase of an engine's plan. */
    static void runAll(Engine engine, Noise noise) {
        for (PhaseHandle phase : engine.plan().phases()) {
            run(engine, phase, noise);
        }
    }
}
