package io.dfc.cpu.simd.backend;

import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which groups of a plan carry control signals. */
final class Carriers {
    private Carriers() {}

    /** The groups that loops and the phases that teach them name, each once. */
    static List<ParameterGroup> of(Plan plan) {
        return plan.phases().stream().flatMap(Carriers::of).distinct().toList();
    }

    /** The only one, if there is one. */
    static Optional<ParameterGroup> only(Plan plan) {
        return of(plan).stream().findFirst();
    }

    private static Stream<ParameterGroup> of(PhaseHandle phase) {
        return switch (phase) {
            case LoopHandle loop -> Stream.of(loop.phase().feedback());
            case PerturbationHandle teacher -> Stream.of(teacher.phase().feedback());
            default -> Stream.empty();
        };
    }
}
