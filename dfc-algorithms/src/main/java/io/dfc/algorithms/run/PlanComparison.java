package io.dfc.algorithms.run;

import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Compares the contents of plans. A plan equals no other, for its handles are its own; plans with
 * the same contents can replace each other.
 */
public final class PlanComparison {
    private PlanComparison() {}

    /**
     * Tells whether two plans of one method, for runs that differ by their seeds, say the same and
     * have the same sweeps.
     *
     * @param a a plan
     * @param b another of the same method
     * @return whether one can take the place of the other
     */
    public static boolean alike(LearningPlan a, LearningPlan b) {
        return alike(a.plan(), b.plan())
                && a.schedule() == b.schedule()
                && sweeps(a).equals(sweeps(b));
    }

    /** The comparable part of the sweeps: their updates are code. */
    private static List<String> sweeps(LearningPlan plan) {
        return Stream.of(
                        plan.pretraining(),
                        plan.before(),
                        List.of(plan.training()),
                        plan.after(),
                        plan.interleaved())
                .map(String::valueOf)
                .toList();
    }

    private static boolean alike(Plan a, Plan b) {
        return a.network().equals(b.network())
                && a.loss() == b.loss()
                && a.maxBatch() == b.maxBatch()
                && a.precision() == b.precision()
                && all(a.groups(), b.groups(), PlanComparison::alike)
                && all(a.phases(), b.phases(), PlanComparison::alike)
                && all(a.optimizers(), b.optimizers(), PlanComparison::alike)
                && a.steps().toString().equals(b.steps().toString());
    }

    private static <T> boolean all(List<T> a, List<T> b, BiPredicate<T, T> alike) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!alike.test(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean alike(ParameterGroup a, ParameterGroup b) {
        if (!a.name().equals(b.name()) || a.tensors() != b.tensors()) {
            return false;
        }
        for (int i = 0; i < a.tensors(); i++) {
            if (!Arrays.equals(a.shape(i), b.shape(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean alike(OptimizerHandle a, OptimizerHandle b) {
        return a.name().equals(b.name())
                && a.optimization().equals(b.optimization())
                && all(a.groups(), b.groups(), PlanComparison::alike);
    }

    private static boolean alike(PhaseHandle a, PhaseHandle b) {
        if (!a.name().equals(b.name())) {
            return false;
        }
        return switch (a) {
            case LoopHandle loop ->
                    b instanceof LoopHandle other && alike(loop.phase(), other.phase());
            case PerturbationHandle phase ->
                    b instanceof PerturbationHandle other && alike(phase.phase(), other.phase());
            case ProgramHandle program ->
                    b instanceof ProgramHandle other
                            && program.phase().toString().equals(other.phase().toString());
        };
    }

    private static boolean alike(LoopPhase a, LoopPhase b) {
        LoopPhase moved =
                new LoopPhase(
                        b.feedback(),
                        a.target(),
                        a.controller(),
                        a.dynamics(),
                        a.solver(),
                        a.convergence(),
                        a.noise(),
                        a.plasticities());
        return alike(a.feedback(), b.feedback()) && moved.equals(b);
    }

    private static boolean alike(PerturbationPhase a, PerturbationPhase b) {
        PerturbationPhase moved =
                new PerturbationPhase(b.feedback(), a.rule(), a.homeostaticDecay(), a.clipping());
        return alike(a.feedback(), b.feedback()) && moved.equals(b);
    }
}
