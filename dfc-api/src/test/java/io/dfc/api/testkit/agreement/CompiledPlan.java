package io.dfc.api.testkit.agreement;

import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Support;

import org.junit.jupiter.api.Assumptions;

/** Engines of backends that need not support every plan. */
public final class CompiledPlan {
    private CompiledPlan() {}

    /** Compiles a plan, or skips the test with the backend's reason. */
    public static Engine of(Backend backend, Plan plan) {
        if (backend.supports(plan) instanceof Support.Declined(String reason)) {
            return Assumptions.abort(
                    backend.name() + " declines " + plan.network() + ": " + reason);
        }
        return backend.compile(plan);
    }
}
