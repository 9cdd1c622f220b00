package io.dfc.algorithms.run;

import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;

/**
 * A plan that runs a loop and learns nothing.
 *
 * @param plan the plan
 * @param loop its loop
 */
record LoopPlan(Plan plan, LoopHandle loop) {}
