package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.Step;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ProgramResult;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The same as {@link BrokenBackendsTest} for faults in programs and in strong feedback. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class BrokenProgramsTest {
    /** Runs loops or programs other than those that it was asked for. */
    private static class Misreads extends BrokenBackend {
        @Override
        Object onBackend(Backend backend, Method method, Object[] arguments) throws Throwable {
            if (!method.getName().equals("compile")) {
                return call(backend, method, arguments);
            }
            Plan plan = (Plan) arguments[0];
            AlteredPlan altered =
                    new AlteredPlan(plan, plan.precision(), this::loop, this::program);
            return altered.engine(backend.compile(altered.plan()));
        }

        LoopPhase loop(LoopPhase phase) {
            return phase.withPlasticities(
                    phase.plasticities().stream()
                            .map(p -> p instanceof FeedbackPlasticity f ? plasticity(f) : p)
                            .toArray(Plasticity[]::new));
        }

        FeedbackPlasticity plasticity(FeedbackPlasticity f) {
            return f;
        }

        LayerProgram program(LayerProgram p) {
            return new LayerProgram(p.network(), p.gradients(), misread(p.operations()));
        }

        private List<Operation> misread(List<Operation> operations) {
            return operations.stream()
                    .map(
                            o ->
                                    misread(
                                            o instanceof Operation.Repeat r
                                                    ? new Operation.Repeat(
                                                            r.times(), r.until(), misread(r.body()))
                                                    : o))
                    .toList();
        }

        Operation misread(Operation operation) {
            return operation;
        }
    }

    static class IgnoresTheMean extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Misreads() {
                @Override
                Operation misread(Operation operation) {
                    return operation instanceof Operation.OuterInto o
                            ? new Operation.OuterInto(
                                    o.gradient(), o.factor(), false, o.post(), o.pre())
                            : operation;
                }
            };
        }
    }

    @Test
    void aSumInPlaceOfAMeanIsSeen() {
        assertThat(RedRules.of(IgnoresTheMean.class))
                .containsExactly("2_22", "2_23", "2_25", "3_13");
    }

    static class OtherStreams extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Misreads() {
                @Override
                Operation misread(Operation operation) {
                    return operation instanceof Operation.Noise(var out, int stream, double sigma)
                            ? new Operation.Noise(out, stream ^ 1, sigma)
                            : operation;
                }
            };
        }
    }

    @Test
    void noiseOfAnotherStreamIsSeen() {
        assertThat(RedRules.of(OtherStreams.class)).containsExactly("2_22", "2_23", "2_25", "3_13");
    }

    static class NeverEndsEarly extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Misreads() {
                @Override
                Operation misread(Operation operation) {
                    return operation instanceof Operation.Repeat r && r.until().isPresent()
                            ? new Operation.Repeat(r.times(), Optional.empty(), r.body())
                            : operation;
                }
            };
        }
    }

    @Test
    void aRepetitionThatDoesNotEndIsSeen() {
        assertThat(RedRules.of(NeverEndsEarly.class)).containsExactly("2_24");
    }

    static class Unbounded extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Misreads() {
                @Override
                LayerProgram program(LayerProgram p) {
                    return new LayerProgram(
                            p.network(),
                            p.gradients().stream()
                                    .map(
                                            g ->
                                                    g.clipping() instanceof Clipping.PerLayer
                                                            ? g
                                                            : new LayerProgram.Gradient(
                                                                    g.groups(),
                                                                    new Clipping.None()))
                                    .toList(),
                            p.operations());
                }
            };
        }
    }

    @Test
    void aBoundThatIsIgnoredIsSeen() {
        assertThat(RedRules.of(Unbounded.class)).containsExactly("2_25");
    }

    static class WrongReport extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(ProgramResult.class, "number") {
                @Override
                Object spoil(Engine engine, Object number) {
                    return (double) number * (1 + 1e-6);
                }
            };
        }
    }

    @Test
    void aWrongNumberIsSeen() {
        assertThat(RedRules.of(WrongReport.class)).containsExactly("2_23");
    }

    /** Forms what it applies when it applies it. */
    static class FormsWhenApplied extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                private Object[] last = {};

                @Override
                Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
                    if (method.getName().equals("run") && arguments[0] instanceof ProgramHandle p) {
                        last = p.index() == 0 ? arguments.clone() : last;
                    }
                    if (method.getName().equals("apply")
                            && ((Step[]) arguments[0])[0].handle().phase() == first(last)
                            && engine.plan().phases().size() > 1) {
                        engine.run((ProgramHandle) last[0], (Noise) last[1]);
                    }
                    return call(engine, method, arguments);
                }

                private Object first(Object[] arguments) {
                    return arguments.length == 0 ? null : arguments[0];
                }
            };
        }
    }

    @Test
    void aGradientThatIsFormedWhenItIsAppliedIsSeen() {
        assertThat(RedRules.of(FormsWhenApplied.class)).containsExactly("3_13");
    }

    static class ThreadDependentLosses extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(ProgramResult.class, "number") {
                @Override
                Object spoil(Engine engine, Object number) {
                    return (double) number * (threads() == 3 ? 1 + 1e-15 : 1);
                }
            };
        }
    }

    @Test
    void aNumberThatDependsOnTheThreadsIsSeen() {
        assertThat(RedRules.of(ThreadDependentLosses.class)).containsExactly("3_12");
    }

    static class ComparesWithTheLoss extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Misreads() {
                @Override
                LoopPhase loop(LoopPhase p) {
                    return p.target() instanceof OutputTarget.Strong strong
                            ? new LoopPhase(
                                    p.feedback(),
                                    new OutputTarget.Strong(strong.classValue()),
                                    p.controller(),
                                    p.dynamics(),
                                    p.solver(),
                                    p.convergence(),
                                    p.noise(),
                                    p.plasticities())
                            : p;
                }
            };
        }
    }

    @Test
    void anErrorThatIsAlwaysTheLossesIsSeen() {
        assertThat(RedRules.of(ComparesWithTheLoss.class)).containsExactly("2_26", "2_27");
    }

    static class WhiteNoise extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Misreads() {
                @Override
                LoopPhase loop(LoopPhase p) {
                    return p.noise().isPresent()
                            ? p.withNoise(
                                    new ApicalNoise(
                                            p.noise().get().hidden(), p.noise().get().output()))
                            : p;
                }
            };
        }
    }

    @Test
    void noiseThatIsNotFilteredIsSeen() {
        assertThat(RedRules.of(WhiteNoise.class)).containsExactly("2_27", "2_28");
    }

    static class NoHighPass extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Misreads() {
                @Override
                FeedbackPlasticity plasticity(FeedbackPlasticity f) {
                    return new FeedbackPlasticity(
                            OptionalDouble.empty(),
                            f.noiseScale(),
                            f.depthFactor(),
                            f.homeostaticDecay(),
                            f.clipping(),
                            f.estimator());
                }
            };
        }
    }

    @Test
    void controlThatIsNotFilteredIsSeen() {
        assertThat(RedRules.of(NoHighPass.class)).containsExactly("2_27", "2_28");
    }

    static class HiddenScaleForAll extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Misreads() {
                @Override
                FeedbackPlasticity plasticity(FeedbackPlasticity f) {
                    return new FeedbackPlasticity(
                            f.highPass(),
                            FeedbackPlasticity.NoiseScale.OF_HIDDEN_LAYERS,
                            f.depthFactor(),
                            f.homeostaticDecay(),
                            f.clipping(),
                            f.estimator());
                }
            };
        }
    }

    @Test
    void aGradientThatIsScaledByOtherLayersNoiseIsSeen() {
        assertThat(RedRules.of(HiddenScaleForAll.class)).containsExactly("2_26", "2_27", "2_28");
    }

    static class SamplesInstead extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Misreads() {
                @Override
                FeedbackPlasticity plasticity(FeedbackPlasticity f) {
                    return f.withEstimator(FeedbackPlasticity.Estimator.SAMPLED);
                }
            };
        }
    }

    @Test
    void noiseThatIsDrawnInPlaceOfItsMeanIsSeen() {
        assertThat(RedRules.of(SamplesInstead.class)).containsExactly("2_28");
    }

    /** What a linear system answers is taken for its right-hand side. */
    static class SolvesNothing extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new Misreads() {
                @Override
                Operation misread(Operation operation) {
                    return switch (operation) {
                        case Operation.Solve s ->
                                new Operation.Combine(s.out(), 1, s.in(), 0, s.in());
                        case Operation.SolveGram s ->
                                new Operation.Combine(s.out(), 1, s.in(), 0, s.in());
                        default -> operation;
                    };
                }
            };
        }
    }

    @Test
    void aLinearSystemThatIsNotSolvedIsSeen() {
        assertThat(RedRules.of(SolvesNothing.class)).containsExactly("2_24");
    }

    private static final Set<String> OF_PARAMETERS = Set.of(Parameters.WEIGHTS, Parameters.BIASES);

    static class KnowsNoOtherGroups extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(ProgramResult.class, "gradient") {
                @Override
                Object spoil(Engine engine, Object gradient) {
                    Parameters parameters = (Parameters) gradient;
                    return OF_PARAMETERS.containsAll(parameters.groups().keySet())
                            ? parameters
                            : FaultyResult.scaled(parameters, 0);
                }
            };
        }
    }

    @Test
    void aGradientOfAGroupThatIsForgottenIsSeen() {
        assertThat(RedRules.of(KnowsNoOtherGroups.class))
                .containsExactly("2_22", "2_23", "2_24", "2_25");
    }
}
