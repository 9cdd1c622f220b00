package io.dfc.tornado.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.tornado.backend.TestPlans;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions lie one behind the other, as long as they were measured before. */
class MemoryRegionsTest {
    private static Plan plan(int maxBatch, int... sizes) {
        Plan.Builder builder =
                Plan.builder(
                        Network.of(new Activation.Tanh(), sizes),
                        Loss.MEAN_SQUARED_ERROR,
                        maxBatch);
        for (Solver solver :
                new Solver[] {new Solver.Auto(), new Solver.SteadyState(), new Solver.Euler()}) {
            builder.loop(
                    solver.getClass().getSimpleName(),
                    new LoopPhase(
                                    builder.feedbackWeights(),
                                    new OutputTarget.Nudge(0.1),
                                    new ProportionalIntegralController(2, 0.01),
                                    new Dynamics(0.05, 20, 0.2),
                                    new ForwardPlasticity(
                                            solver instanceof Solver.SteadyState
                                                    ? ForwardPlasticity.Mode.LAST_STATE
                                                    : ForwardPlasticity.Mode.CONTINUOUS,
                                            DfcRule.NONLINEAR_DIFFERENCE))
                            .withSolver(solver));
        }
        return builder.build();
    }

    private static PlanRequirements requirements(Plan plan) {
        return new PlanRequirements(plan, program -> false);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void regionsLieBehindEachOtherAsTheyAreMeasured(boolean transposes) {
        PlanRequirements requirements = requirements(TestPlans.loops(5, 4, 7, 5, 3));
        MemoryRegions regions = new MemoryRegions(requirements, transposes);
        MemoryLayout second = MemoryLayout.all(requirements, 2, transposes).getLast();
        long expected = regions.total();
        for (var region : regions.entries()) {
            assertThat(second.address(region.getKey()))
                    .as(region.getKey().toString())
                    .isEqualTo((int) expected);
            expected += region.getValue();
        }
        assertThat(second.end()).isEqualTo((int) expected).isEqualTo((int) (2 * regions.total()));
    }
}
