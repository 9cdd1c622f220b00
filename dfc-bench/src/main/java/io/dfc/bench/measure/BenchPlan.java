package io.dfc.bench.measure;

import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;

/**
 * A plan of one phase.
 *
 * @param plan the plan
 * @param phase its phase
 */
record BenchPlan(Plan plan, PhaseHandle phase) {}
