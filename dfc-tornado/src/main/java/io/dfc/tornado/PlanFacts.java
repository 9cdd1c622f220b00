package io.dfc.tornado;

import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.Update;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Recording;

import java.util.List;

/** What the layout of the memory needs to know of a plan. */
final class PlanFacts {
    private PlanFacts() {}

    /** Number of time-averaged updates of a plan. */
    static int averages(Plan plan) {
        return (int)
                plan.control().stream()
                        .flatMap(p -> p.updates().stream())
                        .filter(u -> u.mode() == Update.Mode.CONTINUOUS)
                        .count();
    }

    /** Whether a phase of a plan solves for a steady state. */
    static boolean searches(Plan plan) {
        return plan.control().map(p -> !p.hasTime()).orElse(false)
                || plan.feedback()
                        .map(p -> p.rule() instanceof FeedbackRule.LinearizedReconstruction)
                        .orElse(false);
    }

    /** Time points that are recorded. */
    static List<Integer> points(Recording recording) {
        return recording.isActive() ? recording.timePoints() : List.of();
    }
}
