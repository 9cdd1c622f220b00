package io.dfc.api.spi;

import io.dfc.api.plan.Plan;

import java.util.List;

/**
 * What a {@link Backend} also is if it gains from training several networks of the same shape side
 * by side.
 */
public interface ReplicaTraining {
    /**
     * Tells whether this backend runs a plan for several networks at once. Never throws.
     *
     * @param plan the plan of each
     * @param count number of networks, at least 1
     * @return yes, or no with the reason
     */
    Support supports(Plan plan, int count);

    /**
     * Compiles a plan for several networks: an engine for each, with parameters of zero, whose
     * numbers are those that it would have alone. The engines are meant to be driven by a thread
     * each, all in the same order of calls: what they do at the same time the backend does in one
     * go, so that a call may wait a moment for the others' calls. A closed engine is waited for no
     * longer.
     *
     * @param plan the plan of each
     * @param count number of networks, at least 1
     * @return as many engines, to be closed by the caller before the backend
     * @throws io.dfc.api.error.PlanUnsupportedException if {@link #supports} declines
     */
    List<Engine> compileReplicas(Plan plan, int count);
}
