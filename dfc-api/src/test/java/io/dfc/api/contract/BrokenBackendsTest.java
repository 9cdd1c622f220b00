package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.Solver;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.BackwardPass;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Gradients;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Support;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.BackendContract;

import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Tests the test kit: each deliberate fault turns the rules red that speak of it, and no other. */
class BrokenBackendsTest {
    private static final Pattern RULE = Pattern.compile("rule_(\\d+_\\d+)");

    private static Set<String> redRules(Class<? extends BackendContract> contract) {
        Set<String> red = new TreeSet<>();
        List<Event> failed =
                EngineTestKit.engine("junit-jupiter")
                        .configurationParameter("junit.jupiter.conditions.deactivate", "*")
                        .selectors(selectClass(contract))
                        .execute()
                        .allEvents()
                        .failed()
                        .list();
        for (Event event : failed) {
            Matcher matcher = RULE.matcher(event.getTestDescriptor().getUniqueId().toString());
            if (matcher.find()) {
                red.add(matcher.group(1));
            }
        }
        return red;
    }

    private static Gradients scaled(Gradients gradients, double factor) {
        for (Tensor w : gradients.weights()) {
            scale(w, factor);
        }
        return gradients;
    }

    private static void scale(Tensor tensor, double factor) {
        for (int i = 0; i < tensor.size(); i++) {
            tensor.set(i, tensor.get(i) * factor);
        }
    }

    /** The fault sits in one method of one result. */
    abstract static class FaultyResult<T> extends BrokenBackend {
        private final Class<T> type;
        private final String phase;
        private final String method;

        FaultyResult(Class<T> type, String phase, String method) {
            this.type = type;
            this.phase = phase;
            this.method = method;
        }

        abstract Object spoil(Engine engine, Object result);

        boolean applies(Engine engine) {
            return true;
        }

        @Override
        Object onEngine(Engine engine, Method called, Object[] arguments) throws Throwable {
            Object result = call(engine, called, arguments);
            if (!called.getName().equals(phase) || !applies(engine)) {
                return result;
            }
            return proxy(
                    type,
                    (proxy, m, a) -> {
                        Object value = call(result, m, a);
                        return m.getName().equals(method) ? spoil(engine, value) : value;
                    });
        }
    }

    static class WrongLoss extends BackendContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(ForwardPass.class, "forward", "correct") {
                @Override
                boolean applies(Engine engine) {
                    return engine.plan().control().isEmpty()
                            && engine.plan().feedback().isEmpty()
                            && engine.plan().backward().isEmpty();
                }

                @Override
                Object spoil(Engine engine, Object correct) {
                    return (int) correct + 1;
                }
            };
        }
    }

    @Test
    void aWrongCountIsSeenInTheForwardPass() {
        assertThat(redRules(WrongLoss.class)).containsExactly("2_01");
    }

    static class WrongSolver extends BackendContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(ControlPass.class, "control", "gradients") {
                @Override
                boolean applies(Engine engine) {
                    return engine.plan().control().orElseThrow().solver()
                            instanceof Solver.Linearized;
                }

                @Override
                Object spoil(Engine engine, Object gradients) {
                    return scaled((Gradients) gradients, 1.01);
                }
            };
        }
    }

    @Test
    void aWrongUpdateOfOneSolverIsSeenInThatSolver() {
        assertThat(redRules(WrongSolver.class)).containsExactly("2_06");
    }

    static class IgnoresDelay extends BackendContract {
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
        assertThat(redRules(IgnoresDelay.class)).containsExactly("2_02", "2_03", "2_12");
    }

    static class UnclippedFeedback extends BackendContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(FeedbackPass.class, "feedback", "clippedGradients") {
                @Override
                boolean applies(Engine engine) {
                    return engine.plan().control().isEmpty();
                }

                @Override
                Object spoil(Engine engine, Object gradients) {
                    ((List<?>) gradients).forEach(g -> scale((Tensor) g, 3));
                    return gradients;
                }
            };
        }
    }

    @Test
    void aWrongFeedbackGradientIsSeenInFeedbackLearning() {
        assertThat(redRules(UnclippedFeedback.class)).containsExactly("2_07");
    }

    static class WrongNoiseLayout extends BackendContract {
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
        assertThat(redRules(WrongNoiseLayout.class)).containsExactly("2_08");
    }

    static class WrongDenominator extends BackendContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(BackwardPass.class, "backward", "gradients") {
                private int samples;

                @Override
                Object onEngine(Engine engine, Method called, Object[] arguments) throws Throwable {
                    if (called.getName().equals("forward")) {
                        samples = ((Minibatch) arguments[0]).samples();
                    }
                    return super.onEngine(engine, called, arguments);
                }

                @Override
                Object spoil(Engine engine, Object gradients) {
                    return scaled(
                            (Gradients) gradients, (double) samples / engine.plan().maxBatch());
                }
            };
        }
    }

    @Test
    void aWrongDenominatorOfSmallBatchesIsSeenInBackpropagation() {
        assertThat(redRules(WrongDenominator.class)).containsExactly("2_09");
    }

    static class LyingSupport extends BackendContract {
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
        assertThat(redRules(LyingSupport.class)).containsExactly("2_14", "3_5");
    }

    static class NeighbourDependent extends BackendContract {
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
        assertThat(redRules(NeighbourDependent.class)).containsExactly("3_5");
    }

    static class DeclinesTheMinimum extends BackendContract {
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
        assertThat(redRules(DeclinesTheMinimum.class)).containsExactly("2_13");
    }

    static class WrongAuto extends BackendContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(ControlPass.class, "control", "gradients") {
                @Override
                boolean applies(Engine engine) {
                    return engine.plan().control().orElseThrow().solver() instanceof Solver.Auto;
                }

                @Override
                Object spoil(Engine engine, Object gradients) {
                    return scaled((Gradients) gradients, 1.1);
                }
            };
        }
    }

    @Test
    void anAutoThatErrsMoreThanItSaysIsSeen() {
        assertThat(redRules(WrongAuto.class)).containsExactly("2_15");
    }

    static class ThreadDependent extends BackendContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(BackwardPass.class, "backward", "gradients") {
                @Override
                Object spoil(Engine engine, Object gradients) {
                    return threads() == 3 ? scaled((Gradients) gradients, 1 + 1e-15) : gradients;
                }
            };
        }
    }

    @Test
    void aSumThatDependsOnTheThreadsIsSeenInItsBits() {
        assertThat(redRules(ThreadDependent.class)).containsExactly("3_1");
    }

    static class StaleState extends BackendContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(FeedbackPass.class, "feedback", "gradients") {
                private int calls;

                @Override
                boolean applies(Engine engine) {
                    return engine.plan().control().isEmpty();
                }

                @Override
                Object spoil(Engine engine, Object gradients) {
                    // Grows with every call by less than the tolerance.
                    ((List<?>) gradients).forEach(g -> scale((Tensor) g, 1 + 1e-14 * ++calls));
                    return gradients;
                }
            };
        }
    }

    @Test
    void stateLeftFromEarlierCallsIsSeen() {
        assertThat(redRules(StaleState.class)).contains("3_2").isSubsetOf("3_1", "3_2");
    }

    static class ForgetfulSnapshot extends BackendContract {
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
        assertThat(redRules(ForgetfulSnapshot.class)).containsExactly("3_3");
    }

    static class ChangesInputs extends BackendContract {
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
        assertThat(redRules(ChangesInputs.class)).contains("5_3").isSubsetOf("5_2", "5_3");
    }

    static class ThrowingProbe extends BackendContract {
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
        assertThat(redRules(ThrowingProbe.class)).containsExactly("1_1");
    }
}
