package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Dynamics;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.reflect.Method;

/** Tests the test kit: each deliberate fault turns the rules red that speak of it, and no other. */
@Execution(ExecutionMode.CONCURRENT)
class BrokenBackendsTest {
    /** Runs another plan than the one that it was asked for. */
    private abstract static class Alters extends BrokenBackend {
        abstract AlteredPlan altered(Plan plan);

        @Override
        Object onBackend(Backend backend, Method method, Object[] arguments) throws Throwable {
            if (method.getName().equals("compile")) {
                AlteredPlan altered = altered((Plan) arguments[0]);
                return altered.engine(backend.compile(altered.plan()));
            }
            return call(backend, method, arguments);
        }
    }

    static class IgnoresDelay extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Alters() {
                @Override
                AlteredPlan altered(Plan plan) {
                    return new AlteredPlan(plan, plan.precision(), this::instant);
                }

                private LoopPhase instant(LoopPhase p) {
                    Dynamics d = p.dynamics();
                    return new LoopPhase(
                            p.feedback(),
                            p.target(),
                            p.controller(),
                            new Dynamics(
                                    d.timeStep(),
                                    d.timePoints(),
                                    d.timeConstantRatio(),
                                    d.apicalTimeConstant(),
                                    true,
                                    d.instantSystem(),
                                    d.proactive()),
                            p.solver(),
                            p.convergence(),
                            p.noise(),
                            p.plasticities());
                }
            };
        }
    }

    @Test
    void anIgnoredSwitchIsSeenWhereverTheSwitchIsUsed() {
        assertThat(RedRules.of(IgnoresDelay.class))
                .containsExactly("2_02", "2_03", "2_07", "2_12", "2_16", "2_19", "2_27", "2_28");
    }

    static class WrongNoiseLayout extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (method.getName().equals("run")
                            && arguments[0] instanceof LoopHandle loop
                            && loop.phase().feedbackPlasticity().isEmpty()
                            && arguments[1] instanceof Noise.Generated(long seed, int minibatch)) {
                        arguments[1] = new Noise.Generated(seed, minibatch + 1);
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
            return new Alters() {
                @Override
                AlteredPlan altered(Plan plan) {
                    return new AlteredPlan(plan, Precision.FULL, p -> p);
                }
            };
        }
    }

    @Test
    void weightsThatAreNotRoundedAreSeen() {
        assertThat(RedRules.of(IgnoresPrecision.class)).containsExactly("2_16");
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
                            && engine.plan().loss() == Loss.MEAN_SQUARED_ERROR
                            && !engine.plan().steps().isEmpty()
                            && arguments[0] instanceof Minibatch minibatch) {
                        minibatch.inputs().set(0, 0.123);
                    }
                    return result;
                }
            };
        }
    }

    @Test
    void aMinibatchThatIsChangedIsSeen() {
        assertThat(RedRules.of(ChangesInputs.class))
                .contains("5_3")
                .isSubsetOf("2_22", "2_25", "2_26", "2_27", "3_12", "5_15", "5_3");
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
