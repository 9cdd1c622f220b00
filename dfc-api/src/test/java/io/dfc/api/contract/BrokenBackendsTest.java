package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Dynamics;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Precision;
import io.dfc.api.spi.Support;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.reflect.Method;
import java.util.stream.IntStream;

/** Tests the test kit: each deliberate fault turns the rules red that speak of it, and no other. */
@Execution(ExecutionMode.CONCURRENT)
class BrokenBackendsTest {
    static class IgnoresDelay extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onBackend(Backend backend, Method method, Object[] arguments)
                        throws Throwable {
                    if (method.getName().equals("compile")) {
                        Plan plan = (Plan) arguments[0];
                        return backend.compile(
                                plan.control().map(c -> plan.withControl(instant(c))).orElse(plan));
                    }
                    return call(backend, method, arguments);
                }

                private ControlPhase instant(ControlPhase c) {
                    Dynamics d = c.dynamics();
                    return new ControlPhase(
                            c.target(),
                            c.controller(),
                            new Dynamics(
                                    d.timeStep(),
                                    d.timePoints(),
                                    d.timeConstantRatio(),
                                    d.apicalTimeConstant(),
                                    true,
                                    d.instantSystem(),
                                    d.proactive()),
                            c.solver(),
                            c.convergence(),
                            c.noise(),
                            c.updates(),
                            c.recording());
                }
            };
        }
    }

    @Test
    void anIgnoredSwitchIsSeenWhereverTheSwitchIsUsed() {
        assertThat(RedRules.of(IgnoresDelay.class)).containsExactly("2_02", "2_03", "2_12", "2_16");
    }

    static class WrongNoiseLayout extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (method.getName().equals("control")
                            && arguments[0] instanceof Noise.Generated(long seed, int minibatch)) {
                        return engine.control(new Noise.Generated(seed, minibatch + 1));
                    }
                    return call(engine, method, arguments);
                }
            };
        }
    }

    @Test
    void aWrongNoiseLayoutIsSeenInGeneratedNoise() {
        assertThat(RedRules.of(WrongNoiseLayout.class)).containsExactly("2_08");
    }

    static class IgnoresPrecision extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onBackend(Backend backend, Method method, Object[] arguments)
                        throws Throwable {
                    return method.getName().equals("compile")
                            ? backend.compile(((Plan) arguments[0]).withPrecision(Precision.FULL))
                            : call(backend, method, arguments);
                }
            };
        }
    }

    @Test
    void weightsThatAreNotRoundedAreSeen() {
        assertThat(RedRules.of(IgnoresPrecision.class)).containsExactly("2_16");
    }

    static class LyingSupport extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onBackend(Backend backend, Method method, Object[] arguments)
                        throws Throwable {
                    return method.getName().equals("supports")
                            ? new Support.Supported()
                            : call(backend, method, arguments);
                }
            };
        }
    }

    @Test
    void aSupportThatLiesIsSeenWhenThePlanIsCompiled() {
        assertThat(RedRules.of(LyingSupport.class)).containsExactly("2_14", "3_5");
    }

    static class NeighbourDependent extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onBackend(Backend backend, Method method, Object[] arguments)
                        throws Throwable {
                    if (arguments == null
                            || !(arguments[0] instanceof Plan plan)
                            || plan.replicas() == 1) {
                        return call(backend, method, arguments);
                    }
                    Plan one = plan.withReplicas(1);
                    return switch (method.getName()) {
                        case "supports" -> backend.supports(one);
                        case "compileReplicas" ->
                                IntStream.range(0, plan.replicas())
                                        .mapToObj(r -> spoiled(backend.compile(one), r))
                                        .toList();
                        default -> call(backend, method, arguments);
                    };
                }

                // All but the first see parameters that are a little larger.
                private Engine spoiled(Engine engine, int replica) {
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

    static class DeclinesTheMinimum extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onBackend(Backend backend, Method method, Object[] arguments)
                        throws Throwable {
                    boolean feedback =
                            arguments != null
                                    && arguments[0] instanceof Plan plan
                                    && plan.feedback().isPresent();
                    if (feedback && method.getName().equals("supports")) {
                        return new Support.Declined("it does not learn feedback weights");
                    }
                    if (feedback) {
                        throw new PlanUnsupportedException("it does not learn feedback weights");
                    }
                    return call(backend, method, arguments);
                }
            };
        }
    }

    @Test
    void aBackendThatDeclinesTheMinimumIsNotGreen() {
        assertThat(RedRules.of(DeclinesTheMinimum.class)).containsExactly("2_13");
    }

    static class ForgetfulSnapshot extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    Object result = call(engine, method, arguments);
                    return result instanceof EngineState(var parameters, var optimizers)
                            ? new EngineState(parameters)
                            : result;
                }
            };
        }
    }

    @Test
    void aSnapshotWithoutOptimisersIsSeenWhenItIsContinued() {
        assertThat(RedRules.of(ForgetfulSnapshot.class)).containsExactly("3_3");
    }

    static class ChangesInputs extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    Object result = call(engine, method, arguments);
                    if (method.getName().equals("forward")
                            && engine.plan().backward().isPresent()
                            && engine.plan().control().isPresent()) {
                        ((Minibatch) arguments[0]).inputs().set(0, 0.123);
                    }
                    return result;
                }
            };
        }
    }

    @Test
    void aMinibatchThatIsChangedIsSeen() {
        assertThat(RedRules.of(ChangesInputs.class)).contains("5_3").isSubsetOf("5_2", "5_3");
    }

    static class ThrowingProbe extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {

                @Override
                public Availability probe() {
                    if (Thread.currentThread()
                            .getStackTrace()[2]
                            .getMethodName()
                            .startsWith("rule_1_1")) {
                        throw new UnsatisfiedLinkError("no driver");
                    }
                    return super.probe();
                }
            };
        }
    }

    @Test
    void aProbeThatThrowsIsSeen() {
        assertThat(RedRules.of(ThrowingProbe.class)).containsExactly("1_1");
    }
}
