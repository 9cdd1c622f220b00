package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.BackwardPass;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Gradients;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/** The same as {@link BrokenBackendsTest} for faults that sit in one result of a phase. */
@Execution(ExecutionMode.CONCURRENT)
class BrokenResultsTest {
    static class WrongLoss extends BrokenContract {
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

    static class WrongSolver extends BrokenContract {
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

    static class UnclippedFeedback extends BrokenContract {
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

    static class WrongDenominator extends BrokenContract {
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

    static class WrongAuto extends BrokenContract {
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
        assertThat(RedRules.of(WrongAuto.class)).containsExactly("2_15", "2_17");
    }

    /** Errs by a part of the error that it states, so that only the kit's own loop can tell. */
    static class CarelessAuto extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BrokenBackend() {
                @Override
                Object onEngine(Engine engine, Method called, Object[] arguments) throws Throwable {
                    Object result = call(engine, called, arguments);
                    if (!(result instanceof ControlPass pass) || pass.errorEstimate() == 0) {
                        return result;
                    }
                    double factor = 1 + pass.errorEstimate() / 4;
                    return proxy(
                            ControlPass.class,
                            (proxy, m, a) -> {
                                Object value = call(pass, m, a);
                                return value instanceof Gradients gradients
                                        ? FaultyResult.scaled(gradients, factor)
                                        : value;
                            });
                }
            };
        }
    }

    @Test
    void anAutoThatErrsWithinWhatItStatesIsSeenByTheKitsOwnLoop() {
        assertThat(RedRules.of(CarelessAuto.class)).containsExactly("2_17");
    }

    static class CarelessFeedback extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(FeedbackPass.class, "feedback", "gradients") {
                @Override
                boolean applies(Engine engine) {
                    return engine.plan().feedback().orElseThrow().rule()
                                    instanceof FeedbackRule.NormalController rule
                            && rule.solver() instanceof Solver.Auto;
                }

                @Override
                Object spoil(Engine engine, Object gradients) {
                    ((List<?>) gradients).forEach(g -> FaultyResult.scale((Tensor) g, 1 + 1e-5));
                    return gradients;
                }
            };
        }
    }

    @Test
    void aSmallErrorOfAFeedbackPhaseInOutputSpaceIsSeen() {
        assertThat(RedRules.of(CarelessFeedback.class)).contains("2_17").isSubsetOf("2_15", "2_17");
    }

    static class WrongBackwardNorm extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(BackwardPass.class, "backward", "gradientNorm") {
                @Override
                Object spoil(Engine engine, Object norm) {
                    return (double) norm * 1.01;
                }
            };
        }
    }

    @Test
    void aWrongNormOfBackpropagationIsSeen() {
        assertThat(RedRules.of(WrongBackwardNorm.class)).containsExactly("2_09");
    }

    /** Spoils the smallest row of a trajectory by less than the tolerance of its largest one. */
    static class WeakSampleSpoilt extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(ControlPass.class, "control", "trajectory") {
                @Override
                Object spoil(Engine engine, Object trajectory) {
                    ((Trajectory) trajectory)
                            .values()
                            .values()
                            .forEach(tensors -> tensors.forEach(t -> spoilSmallestRow(t)));
                    return trajectory;
                }
            };
        }

        private static void spoilSmallestRow(Tensor tensor) {
            int rows = tensor.dim(0) * tensor.dim(1);
            int width = tensor.size() / rows;
            double[] size = new double[rows];
            for (int at = 0; at < tensor.size(); at++) {
                size[at / width] = Math.max(size[at / width], Math.abs(tensor.get(at)));
            }
            double largest = Arrays.stream(size).max().orElseThrow();
            for (int row = 0; row < rows; row++) {
                if (size[row] > 0 && size[row] < 0.2 * largest) {
                    for (int at = row * width; at < (row + 1) * width; at++) {
                        tensor.set(at, tensor.get(at) * (1 + 4e-9));
                    }
                }
            }
        }
    }

    @Test
    void whatIsWrongAtOnePointOfAWeakSampleIsSeenBesideStrongOnes() {
        assertThat(RedRules.of(WeakSampleSpoilt.class)).contains("2_12").isSubsetOf("2_06", "2_12");
    }

    static class ThreadDependent extends BrokenContract {
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

    static class StaleState extends BrokenContract {
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
