package io.dfc.bench.golden.scenario;

import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Engine;

/** The computation that a covered golden file describes. */
public sealed interface Scenario
        permits DynamicsScenario,
                AnalyticScenario,
                FeedbackScenario,
                TrainingScenario,
                StrongScenario,
                DiagnosticsScenario {
    /** {@return the plan that the backend must support} */
    Plan plan();

    /**
     * Runs the computation.
     *
     * @param engine an engine compiled for the plan
     * @param observed receives the computed tensors
     */
    void run(Engine engine, Observations observed);
}
