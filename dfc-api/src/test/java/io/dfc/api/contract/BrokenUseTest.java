package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.MisuseException;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The same as {@link BrokenBackendsTest} for the rules of use: closing, threads, several engines.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class BrokenUseTest {
    static class SwallowsNumbers extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    try {
                        return call(engine, method, arguments);
                    } catch (BadDataException e) {
                        if (!method.getName().equals("forward")
                                || !(arguments[0] instanceof Minibatch given)) {
                            throw e;
                        }
                        Tensor zeros = Tensor.zeros(given.inputs().type(), given.inputs().shape());
                        return engine.forward(new Minibatch(zeros, given.targets()));
                    }
                }
            };
        }
    }

    @Test
    void aBackendThatTakesNumbersThatAreNoneIsSeen() {
        assertThat(RedRules.of(SwallowsNumbers.class)).containsExactly("5_5");
    }

    static class BlamesTheRate extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    try {
                        return call(engine, method, arguments);
                    } catch (BadConfigurationException e) {
                        if (!method.getName().equals("run")) {
                            throw e;
                        }
                        throw new BadConfigurationException("rate", "lower the learning rate");
                    }
                }
            };
        }
    }

    @Test
    void aBackendThatHidesWhoseFaultItIsIsSeen() {
        assertThat(RedRules.of(BlamesTheRate.class)).containsExactly("5_10");
    }

    static class StaysOpen extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    return method.getName().equals("close")
                            ? null
                            : call(engine, method, arguments);
                }
            };
        }
    }

    @Test
    void anEngineThatWorksOnAfterCloseIsSeen() {
        assertThat(RedRules.of(StaysOpen.class)).containsExactly("5_6");
    }

    static class BackendStaysOpen extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onBackend(Backend backend, Method method, Object[] arguments)
                        throws Throwable {
                    return method.getName().equals("close")
                            ? null
                            : call(backend, method, arguments);
                }
            };
        }
    }

    @Test
    void aBackendThatWorksOnAfterCloseIsSeen() {
        assertThat(RedRules.of(BackendStaysOpen.class)).containsExactly("5_7");
    }

    /** Answers a second thread from what it knows, where it should refuse it. */
    static class LetsAnyoneIn extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    try {
                        return call(engine, method, arguments);
                    } catch (MisuseException e) {
                        if (e.getMessage().contains("another thread")
                                && method.getName().equals("largestParameter")) {
                            return 0.0;
                        }
                        throw e;
                    }
                }
            };
        }
    }

    @Test
    void anEngineThatLetsASecondThreadInIsSeen() {
        assertThat(RedRules.of(LetsAnyoneIn.class)).containsExactly("5_8");
    }

    /** Fails as arrays do when two threads work on them. */
    static class BreaksUnderThreads extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            AtomicInteger inside = new AtomicInteger();
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    boolean looksOn = engine.plan().phases().isEmpty();
                    if (!looksOn || !method.getName().equals("forward")) {
                        return call(engine, method, arguments);
                    }
                    try {
                        if (inside.incrementAndGet() > 1) {
                            throw new ArrayIndexOutOfBoundsException("another thread was here");
                        }
                        Thread.sleep(1);
                        return call(engine, method, arguments);
                    } finally {
                        inside.decrementAndGet();
                    }
                }
            };
        }
    }

    @Test
    void aFailureWithoutATypeUnderThreadsIsSeen() {
        assertThat(RedRules.of(BreaksUnderThreads.class)).contains("5_9").isSubsetOf("3_6", "5_9");
    }

    static class SharesParameters extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                private final List<Engine> engines = new CopyOnWriteArrayList<>();

                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    switch (method.getName()) {
                        case "close" -> engines.remove(engine);
                        case "load" -> {
                            Object result = call(engine, method, arguments);
                            if (!engines.contains(engine)) {
                                engines.add(engine);
                            }
                            Plan plan = engine.plan();
                            for (Engine other : engines) {
                                if (other.plan().network().equals(plan.network())) {
                                    other.setParameters(
                                            other.plan()
                                                    .select(
                                                            ((EngineState) arguments[0])
                                                                    .parameters()));
                                }
                            }
                            return result;
                        }
                        default -> {
                            // Of no interest.
                        }
                    }
                    return call(engine, method, arguments);
                }
            };
        }
    }

    @Test
    void enginesThatShareTheirParametersAreSeen() {
        assertThat(RedRules.of(SharesParameters.class))
                .contains("3_6")
                .isSubsetOf("3_1", "3_6", "3_11", "5_4");
    }

    /** Whether a plan has no groups but those that an initialisation draws. */
    private static boolean drawsAll(Plan plan) {
        return plan.groups().stream()
                .map(ParameterGroup::name)
                .allMatch(
                        Set.of(Parameters.WEIGHTS, Parameters.BIASES, Parameters.FEEDBACK)
                                ::contains);
    }

    static class StartsAnywhere extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onBackend(Backend backend, Method method, Object[] arguments)
                        throws Throwable {
                    Object result = call(backend, method, arguments);
                    if (result instanceof Engine engine && drawsAll(engine.plan())) {
                        Plan plan = engine.plan();
                        engine.setParameters(
                                plan.select(
                                        ParameterInitializer.draw(
                                                plan.network(),
                                                Initialization.XAVIER_NORMAL,
                                                new FeedbackInitialization.WeightProduct(0),
                                                1)));
                    }
                    return result;
                }
            };
        }
    }

    @Test
    void anEngineThatDoesNotStartFromZeroIsSeen() {
        assertThat(RedRules.of(StartsAnywhere.class)).containsExactly("3_7");
    }
}
