package io.dfc.tornado;

import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;

import java.util.Optional;

/** Why the backend does not run a plan. */
final class PlanChecks {
    private static final int MAX_REPLICAS = 64;

    private PlanChecks() {}

    /**
     * Looks for a reason.
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
        Optional<String> reason =
                plan.loops().stream()
                        .map(LoopHandle::phase)
                        .flatMap(phase -> reasonAgainst(phase).stream())
                        .findFirst()
                        .or(() -> reasonAgainstPrograms(plan))
                        .or(() -> reasonAgainstGroups(plan));
        if (reason.isPresent()) {
            return reason;
        }
        if (PlanFacts.averages(plan) > Slots.MAX_AVERAGES) {
            return Optional.of(
                    "it forms at most " + Slots.MAX_AVERAGES + " averages over time at once");
        }
        try {
            Layout.all(plan, count, transposes);
            return Optional.empty();
        } catch (PlanUnsupportedException e) {
            return Optional.of(e.getMessage());
        }
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

    private static Optional<String> reasonAgainstPrograms(Plan plan) {
        return PlanFacts.interpreted(plan)
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

    private static Optional<String> reasonAgainstGroups(Plan plan) {
        for (ParameterGroup group : PlanFacts.idle(plan)) {
            for (int t = 0; t < group.tensors(); t++) {
                if (IdleGroups.size(group.shape(t)) > Integer.MAX_VALUE - Long.BYTES) {
                    return Optional.of("a tensor of group \"" + group + "\" is too large");
                }
            }
        }
        return Optional.empty();
    }
}
