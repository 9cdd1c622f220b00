package io.dfc.api.testkit.scenario;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.PhaseResult;

import org.junit.jupiter.api.Assumptions;

import java.util.List;
import java.util.stream.Stream;

/**
 * Plans that train, for rules of use, which hold whatever is trained: a backend is asked to keep
 * them with each of these that it supports. The first step of each is one of weights and biases.
 */
public final class TrainingPlans {
    private static final Optimization OPTIMIZATION = new Optimization(new Optimizer.Sgd(0), 0.1);

    private TrainingPlans() {}

    /** All kinds, made anew by every call, so that no handle of one call is known to another. */
    public static List<Plan> of(Shapes shape, Loss loss) {
        return List.of(
                LearningScenarios.trainingPlan(shape, loss, OPTIMIZATION),
                mixed(shape, loss),
                steadyState(shape, loss),
                LearningScenarios.backpropagation(shape, loss));
    }

    /** Those that a backend supports; aborts the test if there are none. */
    public static List<Plan> supported(Backend backend, Shapes shape) {
        return supported(backend, of(shape, Loss.CROSS_ENTROPY));
    }

    /** Those of some plans that a backend supports; aborts the test if there are none. */
    public static List<Plan> supported(Backend backend, List<Plan> plans) {
        List<Plan> supported =
                plans.stream().filter(p -> backend.supports(p).isSupported()).toList();
        Assumptions.assumeFalse(
                supported.isEmpty(), backend.name() + " declines all that this rule trains");
        return supported;
    }

    /** Those that a backend supports, of both losses. */
    public static List<Plan> ofBothLosses(Backend backend, Shapes shape) {
        return supported(
                backend,
                Stream.of(Loss.values()).flatMap(loss -> of(shape, loss).stream()).toList());
    }

    /** A loop without time from which weights and biases learn. */
    static Plan steadyState(Shapes shape, Loss loss) {
        Plan.Builder builder = shape.builder(loss);
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

    /** One noisy loop from which weights, biases and feedback weights learn. */
    static Plan mixed(Shapes shape, Loss loss) {
        Plan.Builder builder = shape.builder(loss);
        ParameterGroup q = builder.feedbackWeights();
        LoopHandle loop =
                builder.loop(
                        "mixed",
                        new LoopPhase(
                                        q,
                                        Scenarios.NUDGE,
                                        Scenarios.CONTROLLER,
                                        new Dynamics(0.05, 20, 0.2, 0.1, true, false, true))
                                .withNoise(new ApicalNoise(0.05, 0.03))
                                .withPlasticities(Scenarios.MEAN, new FeedbackPlasticity()));
        builder.step(
                loop.gradients().getFirst(),
                builder.optimizer(
                        "forward",
                        new Optimization(new Optimizer.Sgd(0.9), 0.1),
                        builder.forwardGroups()));
        builder.step(loop.gradients().getLast(), builder.optimizer("feedback", OPTIMIZATION, q));
        return builder.build();
    }

    /** Runs a phase of any kind. */
    public static PhaseResult run(Engine engine, PhaseHandle phase, Noise noise) {
        return switch (phase) {
            case LoopHandle loop -> engine.run(loop, noise);
            case PerturbationHandle perturbation -> engine.run(perturbation, noise);
            case ProgramHandle program -> engine.run(program, noise);
        };
    }

    /** Runs every phase of an engine's plan. */
    public static void runAll(Engine engine, Noise noise) {
        for (PhaseHandle phase : engine.plan().phases()) {
            run(engine, phase, noise);
        }
    }
}
