package io.dfc.cpu.simd.backend;

import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Groups of a plan whose matrices {@code Q_i} carry control signals to the layers. */
final class FeedbackGroups {
    private FeedbackGroups() {}

    /** The groups of feedback weights of all loops and perturbation phases, each once. */
    static List<ParameterGroup> of(Plan plan) {
        return plan.phases().stream().flatMap(FeedbackGroups::of).distinct().toList();
    }

    /** The only group, if there is one. */
    static Optional<ParameterGroup> only(Plan plan) {
        return of(plan).stream().findFirst();
    }

    private static Stream<ParameterGroup> of(PhaseHandle phase) {
        return switch (phase) {
            case LoopHandle loop -> Stream.of(loop.phase().feedback());
            case PerturbationHandle perturbation -> Stream.of(perturbation.phase().feedback());
            default -> Stream.empty();
        };
    }
}
