package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Support;
import io.dfc.api.trajectory.Recording;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Method;
import java.util.Set;

/**
 * A backend that does little, and says so, passes the kit within its limits: forward passes, loops
 * that are solved for their steady state, and plain descent.
 */
class LimitedBackendTest {
    private static final Set<String> HELD = Set.of("W", "b", "Q");

    static class Limited extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onBackend(Backend backend, Method method, Object[] arguments)
                        throws Throwable {
                    String reason =
                            arguments != null && arguments[0] instanceof Plan plan
                                    ? reason(plan)
                                    : null;
                    if (reason == null) {
                        return call(backend, method, arguments);
                    }
                    if (method.getName().equals("supports")) {
                        return new Support.Declined(reason);
                    }
                    throw new PlanUnsupportedException(reason);
                }

                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (arguments != null
                            && arguments.length == 3
                            && ((Recording) arguments[2]).source() == Recording.Source.SIMULATION) {
                        throw new PlanUnsupportedException("it does not simulate to record");
                    }
                    return call(engine, method, arguments);
                }
            };
        }
    }

    /** Why a plan is declined; null if it is not. */
    private static String reason(Plan plan) {
        if (plan.precision() != Precision.FULL) {
            return "it does not round weights";
        }
        if (!plan.groups().stream().map(ParameterGroup::name).allMatch(HELD::contains)) {
            return "it holds no groups but W, b and Q";
        }
        if (plan.loops().size() > 1) {
            return "it runs one loop of a plan";
        }
        for (PhaseHandle phase : plan.phases()) {
            if (!(phase instanceof LoopHandle loop)) {
                return "it runs loops alone";
            }
            if (!isSteady(loop.phase())) {
                return "it solves loops with a proportional-integral controller for their steady"
                        + " state alone";
            }
        }
        for (OptimizerHandle optimizer : plan.optimizers()) {
            if (!optimizer.optimization().optimizer().equals(new Optimizer.Sgd(0))) {
                return "it descends without momentum";
            }
        }
        return null;
    }

    private static boolean isSteady(LoopPhase phase) {
        boolean solver =
                phase.solver() instanceof Solver.SteadyState
                        || phase.solver() instanceof Solver.Linearized;
        return solver
                && phase.controller() instanceof ProportionalIntegralController
                && phase.forwardPlasticities().stream()
                        .map(ForwardPlasticity::clipping)
                        .allMatch(Clipping.None.class::isInstance);
    }

    @Test
    void whatItDeclinesIsSkippedAndTheRestIsAsked() {
        RedRules.Verdict verdict = RedRules.verdict(Limited.class);
        assertThat(verdict.red()).isEmpty();
        assertThat(verdict.kept())
                .contains("2_01", "2_06", "2_10", "2_13", "2_14", "2_20", "3_1", "3_2", "3_3")
                .contains("3_6", "3_7", "3_8", "3_9", "5_1", "5_2", "5_3", "5_4", "5_5", "5_6")
                .contains("5_7", "5_9", "5_11", "5_12", "5_13")
                .doesNotContain("2_02", "2_07", "2_09", "2_16", "2_18", "2_19", "2_21", "3_10");
    }
}
