package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Solver;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.BackwardPass;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Gradients;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.BackendContract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.reflect.Method;
import java.util.List;

/** The same as {@link BrokenBackendsTest} for faults that sit in one result of a phase. */
@Execution(ExecutionMode.CONCURRENT)
class BrokenResultsTest {
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
        assertThat(RedRules.of(WrongLoss.class)).containsExactly("2_01");
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
                    return FaultyResult.scaled((Gradients) gradients, 1.01);
                }
            };
        }
    }

    @Test
    void aWrongUpdateOfOneSolverIsSeenInThatSolver() {
        assertThat(RedRules.of(WrongSolver.class)).containsExactly("2_06", "2_16");
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
                    ((List<?>) gradients).forEach(g -> FaultyResult.scale((Tensor) g, 3));
                    return gradients;
                }
            };
        }
    }

    @Test
    void aWrongFeedbackGradientIsSeenInFeedbackLearning() {
        assertThat(RedRules.of(UnclippedFeedback.class)).containsExactly("2_07", "2_16");
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
                    return FaultyResult.scaled(
                            (Gradients) gradients, (double) samples / engine.plan().maxBatch());
                }
            };
        }
    }

    @Test
    void aWrongDenominatorOfSmallBatchesIsSeenInBackpropagation() {
        assertThat(RedRules.of(WrongDenominator.class)).containsExactly("2_09");
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
                    return FaultyResult.scaled((Gradients) gradients, 1.1);
                }
            };
        }
    }

    @Test
    void anAutoThatErrsMoreThanItSaysIsSeen() {
        assertThat(RedRules.of(WrongAuto.class)).containsExactly("2_15");
    }

    static class ThreadDependent extends BackendContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(BackwardPass.class, "backward", "gradients") {
                @Override
                Object spoil(Engine engine, Object gradients) {
                    return threads() == 3
                            ? FaultyResult.scaled((Gradients) gradients, 1 + 1e-15)
                            : gradients;
                }
            };
        }
    }

    @Test
    void aSumThatDependsOnTheThreadsIsSeenInItsBits() {
        assertThat(RedRules.of(ThreadDependent.class)).containsExactly("3_1");
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
                    ((List<?>) gradients)
                            .forEach(g -> FaultyResult.scale((Tensor) g, 1 + 1e-14 * ++calls));
                    return gradients;
                }
            };
        }
    }

    @Test
    void stateLeftFromEarlierCallsIsSeen() {
        assertThat(RedRules.of(StaleState.class)).contains("3_2").isSubsetOf("3_1", "3_2");
    }
}
