package io.dfc.tornado;

import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.BackwardHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the layout of the memory needs to know of a plan. */
final class PlanFacts {
    private static final Set<String> FORWARD = Set.of(Parameters.WEIGHTS, Parameters.BIASES);

    private PlanFacts() {}

    private static Stream<LoopPhase> loops(Plan plan) {
        return plan.loops().stream().map(LoopHandle::phase);
    }

    /** Number of time-averaged gradients of a loop. */
    static int averages(LoopPhase phase) {
        return (int)
                phase.forward().stream()
                        .filter(p -> p.mode() == ForwardPlasticity.Mode.CONTINUOUS)
                        .count();
    }

    /** Largest number of time-averaged gradients of a plan's loops. */
    static int averages(Plan plan) {
        return loops(plan).mapToInt(PlanFacts::averages).max().orElse(0);
    }

    /** Whether a phase of a plan solves for a steady state. */
    static boolean searches(Plan plan) {
        return loops(plan).anyMatch(phase -> !phase.hasTime())
                || plan.phases().stream().anyMatch(PlanFacts::reconstructs);
    }

    private static boolean reconstructs(PhaseHandle phase) {
        return phase instanceof PerturbationHandle perturbation
                && perturbation.phase().rule() instanceof FeedbackRule.LinearizedReconstruction;
    }

    /** Whether a loop of a plan sums up a gradient of the feedback weights. */
    static boolean correlates(Plan plan) {
        return loops(plan).anyMatch(phase -> phase.teacher().isPresent());
    }

    /** Whether a phase of a plan may need noise from the host. */
    static boolean isNoisy(Plan plan) {
        return loops(plan).anyMatch(phase -> phase.noise().isPresent())
                || plan.phases().stream().anyMatch(PerturbationHandle.class::isInstance);
    }

    /** Groups of feedback weights that phases of a plan name. */
    static List<ParameterGroup> feedback(Plan plan) {
        return plan.phases().stream()
                .flatMap(
                        phase ->
                                switch (phase) {
                                    case LoopHandle loop -> Stream.of(loop.phase().feedback());
                                    case PerturbationHandle perturbation ->
                                            Stream.of(perturbation.phase().feedback());
                                    case BackwardHandle backward -> Stream.empty();
                                })
                .distinct()
                .toList();
    }

    /** Groups of a plan that no phase reads. */
    static List<ParameterGroup> idle(Plan plan) {
        List<ParameterGroup> read = feedback(plan);
        return plan.groups().stream()
                .filter(group -> !FORWARD.contains(group.name()) && !read.contains(group))
                .toList();
    }

    /** Whether groups are weights and biases. */
    static boolean areForward(List<ParameterGroup> groups) {
        return groups.stream()
                .map(ParameterGroup::name)
                .toList()
                .equals(List.of(Parameters.WEIGHTS, Parameters.BIASES));
    }
}
