package io.dfc.tornado;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;

import java.util.List;
import java.util.stream.Stream;

/** What the layout of the memory needs to know of a plan. */
final class PlanFacts {
    /** Number of groups that every plan begins with, weights and biases. */
    private static final int FORWARD = 2;

    private PlanFacts() {}

    private static Stream<LoopPhase> loops(Plan plan) {
        return plan.loops().stream().map(LoopHandle::phase);
    }

    /** Number of time-averaged gradients of a loop. */
    static int averages(LoopPhase phase) {
        return (int)
                phase.forwardPlasticities().stream()
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
        return loops(plan).anyMatch(phase -> phase.feedbackPlasticity().isPresent());
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
                                    case ProgramHandle program -> Stream.empty();
                                })
                .distinct()
                .toList();
    }

    /** Programs that are run operation by operation: all but backpropagation. */
    static Stream<ProgramHandle> interpreted(Plan plan) {
        return plan.phases().stream()
                .filter(ProgramHandle.class::isInstance)
                .map(ProgramHandle.class::cast)
                .filter(p -> !BackwardRun.isBackpropagation(p.phase()));
    }

    /** Whether a loop of a plan has filtered noise. */
    static boolean filters(Plan plan) {
        return loops(plan)
                .anyMatch(phase -> phase.noise().filter(ApicalNoise::isFiltered).isPresent());
    }

    /** Whether a loop of a plan teaches by a high-passed control signal. */
    static boolean highPasses(Plan plan) {
        return loops(plan)
                .anyMatch(
                        phase ->
                                phase.feedbackPlasticity()
                                        .filter(t -> t.highPass().isPresent())
                                        .isPresent());
    }

    /**
     * Groups of a plan that are on the device: weights and biases, those that phases name, and
     * those that optimisers step.
     */
    static List<ParameterGroup> onDevice(Plan plan) {
        Stream<ParameterGroup> named =
                plan.phases().stream()
                        .flatMap(
                                phase ->
                                        Stream.concat(
                                                read(phase),
                                                phase.gradients().stream()
                                                        .flatMap(g -> g.groups().stream())));
        Stream<ParameterGroup> stepped =
                plan.optimizers().stream().flatMap(o -> o.groups().stream());
        return Stream.of(
                        plan.groups().subList(0, FORWARD).stream(),
                        feedback(plan).stream(),
                        named,
                        stepped)
                .flatMap(groups -> groups)
                .distinct()
                .toList();
    }

    private static Stream<ParameterGroup> read(PhaseHandle phase) {
        return phase instanceof ProgramHandle program
                ? Operation.all(program.phase().operations()).flatMap(o -> o.groups().stream())
                : Stream.empty();
    }

    /** Groups of a plan that nothing reads. */
    static List<ParameterGroup> idle(Plan plan) {
        List<ParameterGroup> present = onDevice(plan);
        return plan.groups().stream().filter(group -> !present.contains(group)).toList();
    }
}
