package io.dfc.bench.golden.scenario;

import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Engine;

/** What a covered golden file asks a backend to do. */
public sealed interface Scenario
        permits DynamicsScenario,
                AnalyticScenario,
                FeedbackScenario,
                TrainingScenario,
                StrongScenario {
    /** {@return the plan that the backend must support} */
    Plan plan();

    /**
     * Does it.
     *
     * @param engine an engine compiled for the plan
     * @param observed takes what was computed
     */
    void run(Engine engine, Observations observed);
}
