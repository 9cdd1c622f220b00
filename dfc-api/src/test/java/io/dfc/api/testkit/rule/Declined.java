package io.dfc.api.testkit.rule;

import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.Support;
import io.dfc.api.testkit.scenario.CombinedScenarios;
import io.dfc.api.testkit.scenario.Coverage;
import io.dfc.api.testkit.scenario.RoundedWeights;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Scenarios;

import org.junit.jupiter.api.Assertions;

import java.util.List;
import java.util.stream.Stream;

/** What a backend declines, and that it stands by its word. */
public final class Declined {
    /** More networks than any backend trains side by side. */
    static final int MANY = 1 << 20;

    /** Some networks, as they are trained side by side. */
    private static final int SOME = 3;

    private Declined() {}

    /** Two plans of every kind that the kit knows. */
    static List<Plan> everyKind() {
        Scenarios all = new Scenarios(Coverage.TWO_SHAPES);
        CombinedScenarios combined = new CombinedScenarios(Coverage.TWO_SHAPES);
        return Stream.of(
                        all.forward(),
                        all.dynamics(),
                        all.updates(),
                        all.masks(),
                        all.targets(),
                        all.solvers(),
                        all.feedback(),
                        all.noise(),
                        all.backward(),
                        all.optimizers(),
                        all.userCode(),
                        all.recordings(),
                        RoundedWeights.of(Coverage.TWO_SHAPES),
                        combined.mixedLoops(),
                        combined.severalLoops(),
                        combined.severalFeedbackGroups(),
                        combined.idleGroups())
                .flatMap(kind -> Stream.of(kind.getFirst(), kind.getLast()))
                .map(Scenario::plan)
                .toList();
    }

    /** The plans among these that a backend declines. */
    static List<Plan> by(Backend backend) {
        return everyKind().stream().filter(p -> !backend.supports(p).isSupported()).toList();
    }

    /** What is declined does not compile, and says why in a line. */
    public static void isRefused(Backend backend) {
        for (Plan plan : everyKind()) {
            if (backend.supports(plan) instanceof Support.Declined(String reason)) {
                requireLine(reason);
                Assertions.assertThrows(
                        PlanUnsupportedException.class, () -> backend.compile(plan), reason);
            } else {
                backend.compile(plan).close();
            }
        }
        if (backend instanceof ReplicaTraining replicas) {
            isRefused(replicas, everyKind().getFirst(), SOME);
        }
    }

    private static void isRefused(ReplicaTraining backend, Plan plan, int count) {
        switch (backend.supports(plan, count)) {
            case Support.Supported supported -> {
                List<Engine> engines = backend.compileReplicas(plan, count);
                engines.forEach(Engine::close);
                Assertions.assertEquals(count, engines.size(), "engines");
            }
            case Support.Declined(String reason) -> {
                requireLine(reason);
                Assertions.assertThrows(
                        PlanUnsupportedException.class, () -> backend.compileReplicas(plan, count));
            }
        }
    }

    private static void requireLine(String reason) {
        Assertions.assertFalse(reason.isBlank() || reason.contains("\n"), "reason: " + reason);
    }
}
