package io.dfc.tornado.backend;

import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.memory.MemoryRegions;
import io.dfc.tornado.memory.PlanRequirements;
import io.dfc.tornado.memory.ReducedOrder;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.program.BackpropagationProgram;

import java.util.Optional;

/** Reasons for which the backend does not run a plan. */
final class PlanChecks {
    private static final int MAX_REPLICAS = 64;

    private PlanChecks() {}

    /**
     * The first reason against a plan.
     *
     * @param count number of networks at once
     * @param transposes whether the device reads transposed copies of the weights
     * @return the reason; none if the plan can be run
     */
    static Optional<String> reasonAgainst(Plan plan, int count, boolean transposes) {
        if (count < 1 || count > MAX_REPLICAS) {
            return Optional.of(
                    "it trains 1 to " + MAX_REPLICAS + " networks at once, not " + count);
        }
        PlanRequirements requirements = new PlanRequirements(plan, BackpropagationProgram::matches);
        return plan.loops().stream()
                .map(LoopHandle::phase)
                .flatMap(phase -> reasonAgainst(phase).stream())
                .findFirst()
                .or(() -> reasonAgainstExpectation(plan))
                .or(() -> reasonAgainstPrograms(requirements))
                .or(() -> reasonAgainstGroups(requirements))
                .or(() -> reasonAgainstSize(requirements, count, transposes));
    }

    private static Optional<String> reasonAgainstSize(
            PlanRequirements requirements, int count, boolean transposes) {
        if (requirements.averages() > TableLayout.MAX_AVERAGES) {
            return Optional.of(
                    "it forms at most " + TableLayout.MAX_AVERAGES + " averages over time at once");
        }
        long floats = count * new MemoryRegions(requirements, transposes).total();
        return floats > MemoryRegions.MAX_FLOATS
                ? Optional.of(
                        "it needs more than the 4 GiB that kernels address on the device; use a"
                                + " smaller network, a smaller batch or fewer networks at once")
                : Optional.empty();
    }

    private static Optional<String> reasonAgainst(LoopPhase phase) {
        for (ForwardPlasticity plasticity : phase.forwardPlasticities()) {
            if (!(plasticity.rule() instanceof DfcRule)) {
                return Optional.of(
                        "a learning rule of your own is Java code, which does not run on the"
                                + " device");
            }
        }
        return phase.controller() instanceof ProportionalIntegralController
                ? Optional.empty()
                : Optional.of(
                        "a controller of your own is Java code, which does not run on the device");
    }

    private static Optional<String> reasonAgainstExpectation(Plan plan) {
        int outputs = plan.network().outputs();
        boolean expects =
                plan.loops().stream()
                        .flatMap(loop -> loop.phase().feedbackPlasticity().stream())
                        .anyMatch(FeedbackPlasticity::isExpected);
        return expects && outputs > ReducedOrder.MOST_EXPECTED_OUTPUTS
                ? Optional.of(
                        "feedback.estimator: the mean over all noise takes matrices of n_L by n_L"
                                + " numbers for each sample, for up to %d outputs and not for %d;"
                                        .formatted(ReducedOrder.MOST_EXPECTED_OUTPUTS, outputs)
                                + " sample it")
                : Optional.empty();
    }

    private static Optional<String> reasonAgainstPrograms(PlanRequirements requirements) {
        return requirements.interpreted().stream()
                .flatMap(
                        program ->
                                Operation.all(program.phase().operations())
                                        .flatMap(o -> reasonAgainst(o).stream())
                                        .map(
                                                what ->
                                                        "program \"%s\" %s, which the device does not"
                                                                .formatted(program, what)))
                .findFirst();
    }

    private static Optional<String> reasonAgainst(Operation operation) {
        return switch (operation) {
            case Operation.Solve solve ->
                    Optional.of("solves a system of the matrix " + solve.matrix().group());
            case Operation.SolveGram gram ->
                    Optional.of("solves a system of each sample's Jacobian");
            case Operation.OrthogonalityInto into ->
                    Optional.of("keeps " + into.gradient().group() + " near an orthogonal matrix");
            default -> Optional.empty();
        };
    }

    private static Optional<String> reasonAgainstGroups(PlanRequirements requirements) {
        for (ParameterGroup group : requirements.onHost()) {
            for (int t = 0; t < group.tensors(); t++) {
                if (TensorTable.elements(group.shape(t)) > Integer.MAX_VALUE - Long.BYTES) {
                    return Optional.of("a tensor of group \"" + group + "\" is too large");
                }
            }
        }
        return Optional.empty();
    }
}
