package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.Support;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.reflect.Method;
import java.util.stream.IntStream;

/**
 * The same as {@link BrokenBackendsTest} for what a backend says that it supports, and for networks
 * side by side.
 */
@Execution(ExecutionMode.CONCURRENT)
class BrokenSupportTest {
    /** Declines some plans. */
    private abstract static class Declines extends BrokenBackend {
        abstract boolean declines(Plan plan);

        @Override
        Object onBackend(Backend backend, Method method, Object[] arguments) throws Throwable {
            if (arguments != null && arguments[0] instanceof Plan plan && declines(plan)) {
                if (method.getName().equals("supports")) {
                    return new Support.Declined("it does not do that");
                }
                return refused(backend, plan);
            }
            return call(backend, method, arguments);
        }

        /** What compiling a declined plan does. */
        Object refused(Backend backend, Plan plan) {
            throw new PlanUnsupportedException("it does not do that");
        }
    }

    private static boolean isRounded(Plan plan) {
        return plan.precision() != Precision.FULL;
    }

    static class CompilesWhatItDeclines extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Declines() {
                @Override
                boolean declines(Plan plan) {
                    return isRounded(plan);
                }

                @Override
                Object refused(Backend backend, Plan plan) {
                    return backend.compile(plan);
                }
            };
        }
    }

    @Test
    void aSupportThatLiesIsSeenWhenThePlanIsCompiled() {
        assertThat(RedRules.of(CompilesWhatItDeclines.class)).containsExactly("2_14", "3_8");
    }

    static class DeclinesForwardPasses extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Declines() {
                @Override
                boolean declines(Plan plan) {
                    return plan.phases().isEmpty();
                }
            };
        }
    }

    @Test
    void aBackendThatDeclinesForwardPassesIsNotGreen() {
        assertThat(RedRules.of(DeclinesForwardPasses.class)).containsExactly("2_13");
    }

    static class NeverForgivesARefusal extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Declines() {
                private boolean refused;

                @Override
                boolean declines(Plan plan) {
                    return isRounded(plan);
                }

                @Override
                Object refused(Backend backend, Plan plan) {
                    refused = true;
                    return super.refused(backend, plan);
                }

                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (refused && method.getName().equals("forward")) {
                        throw new IllegalStateException("half of another plan");
                    }
                    return call(engine, method, arguments);
                }
            };
        }
    }

    @Test
    void aRefusedPlanThatSpoilsTheOthersIsSeen() {
        assertThat(RedRules.of(NeverForgivesARefusal.class)).containsExactly("3_8");
    }

    /** Trains networks side by side. */
    private abstract static class SideBySide extends BrokenBackend {
        @Override
        Class<?>[] capabilities() {
            return new Class<?>[] {Backend.class, ReplicaTraining.class};
        }

        @Override
        Object onBackend(Backend backend, Method method, Object[] arguments) throws Throwable {
            boolean many = arguments != null && arguments.length == 2;
            return switch (method.getName()) {
                case "compileReplicas" ->
                        IntStream.range(0, (int) arguments[1])
                                .mapToObj(r -> engine(backend, (Plan) arguments[0], r))
                                .toList();
                case "supports" ->
                        many
                                ? backend.supports((Plan) arguments[0])
                                : call(backend, method, arguments);
                default -> call(backend, method, arguments);
            };
        }

        abstract Engine engine(Backend backend, Plan plan, int replica);
    }

    static class NeighbourDependent extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new SideBySide() {
                // All but the first see parameters that are a little larger.
                @Override
                Engine engine(Backend backend, Plan plan, int replica) {
                    Engine engine = backend.compile(plan);
                    return proxy(
                            Engine.class,
                            (proxy, called, arguments) -> {
                                Object result = call(engine, called, arguments);
                                return called.getName().equals("largestParameter") && replica > 0
                                        ? Math.nextUp((double) result)
                                        : result;
                            });
                }
            };
        }
    }

    @Test
    void aNetworkThatIsNotWhatItIsAloneIsSeen() {
        assertThat(RedRules.of(NeighbourDependent.class)).containsExactly("3_5");
    }

    static class RefusesReplicasThatItSupports extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new SideBySide() {
                @Override
                Engine engine(Backend backend, Plan plan, int replica) {
                    backend.compile(plan).close();
                    throw new PlanUnsupportedException("not side by side");
                }
            };
        }
    }

    @Test
    void aRefusalOfReplicasThatAreSupportedIsSeen() {
        assertThat(RedRules.of(RefusesReplicasThatItSupports.class)).containsExactly("2_14", "3_5");
    }
}
