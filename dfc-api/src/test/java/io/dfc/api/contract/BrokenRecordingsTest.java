package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Solver;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Step;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.reflect.Method;

/** The same as {@link BrokenBackendsTest} for faults of recordings. */
@Execution(ExecutionMode.CONCURRENT)
class BrokenRecordingsTest {
    private static boolean records(Object[] arguments) {
        return arguments.length == 3 && ((Recording) arguments[2]).isActive();
    }

    /** Spoils the gradients of loops that record, by less than any tolerance. */
    static class RecordsInTheWay extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(LoopResult.class, "gradient") {
                private boolean recorded;

                @Override
                Object onEngine(Engine engine, Method called, Object[] arguments) throws Throwable {
                    if (called.getName().equals("run")) {
                        recorded = records(arguments);
                    }
                    return super.onEngine(engine, called, arguments);
                }

                @Override
                Object spoil(Engine engine, Object gradient) {
                    return recorded
                            ? FaultyResult.scaled((Parameters) gradient, 1 + 1e-13)
                            : gradient;
                }
            };
        }
    }

    @Test
    void aRecordingThatChangesBitsIsSeen() {
        assertThat(RedRules.of(RecordsInTheWay.class)).containsExactly("3_9");
    }

    /** Steps differ after a recording, though its own results do not. */
    static class RecordingsLinger extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                private boolean recorded;

                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (method.getName().equals("run")) {
                        recorded |= records(arguments);
                    }
                    if (method.getName().equals("load")) {
                        recorded = false;
                    }
                    if (recorded && method.getName().equals("apply")) {
                        Step[] steps = (Step[]) arguments[0];
                        for (int n = 0; n < steps.length; n++) {
                            double factor = steps[n].rateFactor() * (1 + 1e-13);
                            steps[n] = steps[n].handle().at(factor);
                        }
                    }
                    return call(engine, method, arguments);
                }
            };
        }
    }

    @Test
    void aRecordingThatChangesLaterStepsIsSeen() {
        assertThat(RedRules.of(RecordingsLinger.class)).containsExactly("3_9");
    }

    static class WrongSource extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(LoopResult.class, "trajectory") {
                @Override
                Object spoil(Engine engine, Object trajectory) {
                    Trajectory t = (Trajectory) trajectory;
                    return new Trajectory(t.timePoints(), t.values(), Recording.Source.SOLVER);
                }
            };
        }
    }

    @Test
    void aTrajectoryThatSaysTheWrongSourceIsSeen() {
        assertThat(RedRules.of(WrongSource.class)).containsExactly("3_9");
    }

    /** The simulation beside a loop draws noise of its own. */
    static class OtherNoiseBeside extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (!method.getName().equals("run")
                            || !(arguments[0] instanceof LoopHandle loop)
                            || !(loop.phase().solver() instanceof Solver.Auto)
                            || !(arguments[1] instanceof Noise.Generated(long seed, int n))
                            || !records(arguments)) {
                        return call(engine, method, arguments);
                    }
                    Trajectory other =
                            engine.run(
                                            loop,
                                            new Noise.Generated(seed, n + 1),
                                            (Recording) arguments[2])
                                    .trajectory();
                    LoopResult result = (LoopResult) call(engine, method, arguments);
                    return proxy(
                            LoopResult.class,
                            (proxy, m, a) ->
                                    m.getName().equals("trajectory") ? other : call(result, m, a));
                }
            };
        }
    }

    @Test
    void aTrajectoryOfOtherNoiseIsSeen() {
        assertThat(RedRules.of(OtherNoiseBeside.class)).containsExactly("3_9");
    }
}
