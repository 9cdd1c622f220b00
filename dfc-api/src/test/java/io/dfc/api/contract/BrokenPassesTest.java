package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.MisuseException;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.Step;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Inference;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The same as {@link BrokenBackendsTest} for faults in what belongs to one pass: inference, steps,
 * handles, and several phases or plasticities.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class BrokenPassesTest {
    static class OtherInference extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    Object result = call(engine, method, arguments);
                    return method.getName().equals("infer")
                            ? proxy(Inference.class, (proxy, m, a) -> spoiled(call(result, m, a)))
                            : result;
                }

                private Object spoiled(Object value) {
                    if (value instanceof Tensor tensor) {
                        tensor.set(0, Math.nextUp(tensor.get(0)));
                    }
                    return value;
                }
            };
        }
    }

    @Test
    void anInferenceThatIsNoForwardPassIsSeen() {
        assertThat(RedRules.of(OtherInference.class)).containsExactly("2_20");
    }

    /** Leaves the pass before it as it was. */
    static class InferenceBeside extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                private Minibatch last;

                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    Object result = call(engine, method, arguments);
                    if (method.getName().equals("forward")
                            && arguments[0] instanceof Minibatch minibatch) {
                        last = minibatch;
                    }
                    if (method.getName().equals("infer")
                            && last != null
                            && !engine.plan().phases().isEmpty()) {
                        engine.forward(last);
                    }
                    return result;
                }
            };
        }
    }

    @Test
    void aPhaseOnAPassWithoutTargetsIsSeen() {
        assertThat(RedRules.of(InferenceBeside.class)).containsExactly("5_12");
    }

    /** Takes the first input for twice its value where inputs are float32. */
    static class MisreadsFloat32 extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (method.getName().equals("forward")
                            && arguments[0] instanceof Minibatch(Tensor x, Targets y)
                            && x.type() == ElementType.F32) {
                        Tensor misread = x.copy();
                        misread.set(0, 2 * x.get(0));
                        return engine.forward(new Minibatch(misread, y));
                    }
                    return call(engine, method, arguments);
                }
            };
        }
    }

    @Test
    void inputsInFloat32ThatAreMisreadAreSeen() {
        assertThat(RedRules.of(MisreadsFloat32.class)).containsExactly("5_14");
    }

    static class InfersFromAnything extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    try {
                        return call(engine, method, arguments);
                    } catch (BadDataException e) {
                        if (!method.getName().equals("infer")) {
                            throw e;
                        }
                        Tensor given = (Tensor) arguments[0];
                        return engine.infer(Tensor.zeros(given.type(), given.shape()));
                    }
                }
            };
        }
    }

    @Test
    void anInferenceFromNumbersThatAreNoneIsSeen() {
        assertThat(RedRules.of(InfersFromAnything.class)).containsExactly("5_11");
    }

    /** Takes every handle of backpropagation for its own. */
    static class TakesAnyHandle extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    try {
                        return call(engine, method, arguments);
                    } catch (MisuseException e) {
                        if (arguments == null
                                || !(arguments[0] instanceof ProgramHandle)
                                || !e.getMessage().contains("another plan")) {
                            throw e;
                        }
                        for (PhaseHandle own : engine.plan().phases()) {
                            if (own instanceof ProgramHandle program) {
                                return engine.run(program, (Noise) arguments[1]);
                            }
                        }
                        throw e;
                    }
                }
            };
        }
    }

    @Test
    void aHandleOfAnotherPlanThatIsTakenIsSeen() {
        assertThat(RedRules.of(TakesAnyHandle.class)).containsExactly("5_4");
    }

    /** Takes the second of two steps at another rate. */
    static class RatesRunTogether extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (method.getName().equals("apply")) {
                        Step[] steps = (Step[]) arguments[0];
                        if (steps.length == 2 && steps[0].handle() != steps[1].handle()) {
                            steps[1] = steps[1].handle().at(steps[1].rateFactor() * (1 + 1e-9));
                        }
                    }
                    return call(engine, method, arguments);
                }
            };
        }
    }

    @Test
    void stepsThatDifferTogetherAreSeen() {
        assertThat(RedRules.of(RatesRunTogether.class)).containsExactly("3_10");
    }

    /** Finds out about the second step when the first is taken. */
    static class HalfAStep extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (!method.getName().equals("apply")) {
                        return call(engine, method, arguments);
                    }
                    for (Step step : (Step[]) arguments[0]) {
                        engine.apply(step);
                    }
                    return null;
                }
            };
        }
    }

    @Test
    void stepsOfWhichTheFirstIsTakenBeforeTheSecondIsRefusedAreSeen() {
        assertThat(RedRules.of(HalfAStep.class)).containsExactly("5_13");
    }

    /** Asks for another forward pass after every step. */
    static class EveryStepMakesStale extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                private final Set<Engine> stepped = ConcurrentHashMap.newKeySet();

                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (method.getName().equals("run") && stepped.contains(engine)) {
                        throw new IllegalStateException("call forward first");
                    }
                    Object result = call(engine, method, arguments);
                    switch (method.getName()) {
                        case "forward" -> stepped.remove(engine);
                        case "apply" -> stepped.add(engine);
                        default -> {
                            // Of no interest.
                        }
                    }
                    return result;
                }
            };
        }
    }

    @Test
    void aPassThatDoesNotOutliveAStepOfFeedbackWeightsIsSeen() {
        assertThat(RedRules.of(EveryStepMakesStale.class)).containsExactly("3_11");
    }

    static class MixedLoopsLearnLess extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(LoopResult.class, "unclippedFeedback") {
                @Override
                boolean applies(Engine engine, Object asked) {
                    return ((LoopHandle) asked).phase().plasticities().size() > 1;
                }

                @Override
                Object spoil(Engine engine, Object tensors) {
                    return FaultyResult.scale((Iterable<?>) tensors, 1.01);
                }
            };
        }
    }

    @Test
    void aWrongFeedbackGradientBesideForwardOnesIsSeen() {
        assertThat(RedRules.of(MixedLoopsLearnLess.class)).containsExactly("2_18", "2_27", "2_28");
    }

    /** Runs the first loop where the second is asked for. */
    static class OneLoopIsLikeAnother extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (method.getName().equals("run")
                            && arguments[0] instanceof LoopHandle loop
                            && loop.name().equals("second")
                            && loop.phase().plasticities().size() == 1) {
                        LoopHandle first = engine.plan().loops().getFirst();
                        LoopResult result = engine.run(first, (Noise) arguments[1]);
                        return proxy(
                                LoopResult.class,
                                (proxy, m, a) ->
                                        call(
                                                result,
                                                m,
                                                m.getName().startsWith("gradient")
                                                        ? withFirst(a, first)
                                                        : a));
                    }
                    return call(engine, method, arguments);
                }

                private Object[] withFirst(Object[] arguments, LoopHandle first) {
                    Object[] copy = arguments.clone();
                    copy[0] = first.gradients().getFirst();
                    return copy;
                }
            };
        }
    }

    @Test
    void aLoopThatUsesTheFeedbackWeightsOfAnotherIsSeen() {
        assertThat(RedRules.of(OneLoopIsLikeAnother.class)).containsExactly("2_19");
    }

    static class DropsGroups extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    Object result = call(engine, method, arguments);
                    if (!(result instanceof EngineState(var parameters, var optimizers))) {
                        return result;
                    }
                    var groups = new TreeMap<>(parameters.groups());
                    groups.remove("idle");
                    return new EngineState(new Parameters(groups), optimizers);
                }
            };
        }
    }

    @Test
    void aGroupThatIsLostIsSeen() {
        assertThat(RedRules.of(DropsGroups.class)).containsExactly("2_21");
    }
}
