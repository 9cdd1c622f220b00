package io.dfc.tornado.memory;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a plan requires of the device memory and of the tables that kernels read. */
public final class PlanRequirements {
    /** Number of groups that every plan begins with, weights and biases. */
    private static final int FORWARD = 2;

    private final Plan plan;
    private final Predicate<LayerProgram> hasKernels;

    /**
     * The requirements of a plan.
     *
     * @param hasKernels tells programs that have kernels of their own; all others are interpreted
     */
    public PlanRequirements(Plan plan, Predicate<LayerProgram> hasKernels) {
        this.plan = plan;
        this.hasKernels = hasKernels;
    }

    public Plan plan() {
        return plan;
    }

    private Stream<LoopPhase> loops() {
        return plan.loops().stream().map(LoopHandle::phase);
    }

    /** Largest number of time-averaged gradients of a loop. */
    public int averages() {
        return loops().mapToInt(PlanRequirements::averages).max().orElse(0);
    }

    private static int averages(LoopPhase phase) {
        return (int)
                phase.forwardPlasticities().stream()
                        .filter(p -> p.mode() == ForwardPlasticity.Mode.CONTINUOUS)
                        .count();
    }

    /** Whether a phase solves for a steady state. */
    boolean searchesSteadyState() {
        return loops().anyMatch(phase -> !phase.hasTime())
                || plan.phases().stream().anyMatch(PlanRequirements::reconstructs);
    }

    private static boolean reconstructs(PhaseHandle phase) {
        return phase instanceof PerturbationHandle perturbation
                && perturbation.phase().rule() instanceof FeedbackRule.LinearizedReconstruction;
    }

    private Stream<FeedbackPlasticity> feedbackPlasticities() {
        return loops().flatMap(phase -> phase.feedbackPlasticity().stream());
    }

    /** Whether a simulation correlates apical voltages with the control, for feedback weights. */
    boolean correlates() {
        return feedbackPlasticities().anyMatch(p -> !p.isExpected());
    }

    /** Whether feedback weights learn from the mean over all noise. */
    boolean expects() {
        return feedbackPlasticities().anyMatch(FeedbackPlasticity::isExpected);
    }

    /** Whether a phase may take noise from the host. */
    boolean isNoisy() {
        return loops().anyMatch(phase -> phase.noise().isPresent())
                || plan.phases().stream().anyMatch(PerturbationHandle.class::isInstance);
    }

    /** Whether a loop has filtered noise. */
    boolean filtersNoise() {
        return loops().anyMatch(phase -> phase.noise().filter(ApicalNoise::isFiltered).isPresent());
    }

    /** Whether feedback weights learn from the high-passed control of a simulation. */
    boolean highPasses() {
        return feedbackPlasticities().anyMatch(p -> !p.isExpected() && p.highPass().isPresent());
    }

    /** Programs that are run operation by operation. */
    public List<ProgramHandle> interpreted() {
        return plan.phases().stream()
                .filter(ProgramHandle.class::isInstance)
                .map(ProgramHandle.class::cast)
                .filter(p -> !hasKernels.test(p.phase()))
                .toList();
    }

    /** Weights and biases. */
    List<ParameterGroup> forwardGroups() {
        return plan.groups().subList(0, FORWARD);
    }

    /** Groups of feedback weights that phases name. */
    List<ParameterGroup> feedback() {
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

    /**
     * Groups that are on the device: weights and biases, those that phases name, and those that
     * optimisers step.
     */
    List<ParameterGroup> onDevice() {
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
        return Stream.of(forwardGroups().stream(), feedback().stream(), named, stepped)
                .flatMap(groups -> groups)
                .distinct()
                .toList();
    }

    private static Stream<ParameterGroup> read(PhaseHandle phase) {
        return phase instanceof ProgramHandle program
                ? Operation.all(program.phase().operations()).flatMap(o -> o.groups().stream())
                : Stream.empty();
    }

    /** Number of tensors of all groups on the device. */
    int tensorsOnDevice() {
        return onDevice().stream().mapToInt(ParameterGroup::tensors).sum();
    }

    /** Groups that no phase reads and no optimiser steps; they stay on the host. */
    public List<ParameterGroup> onHost() {
        List<ParameterGroup> present = onDevice();
        return plan.groups().stream().filter(group -> !present.contains(group)).toList();
    }
}
