package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Solver;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Trajectory;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The same as {@link BrokenBackendsTest} for faults that sit in one result of a phase. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class BrokenResultsTest {
    private static Solver solver(Object asked) {
        return ((LoopHandle) asked).phase().solver();
    }

    private static boolean hasOnePhase(Plan plan) {
        return plan.phases().size() == 1;
    }

    static class WrongLoss extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(ForwardResult.class, "correct") {
                @Override
                boolean applies(Engine engine, Object asked) {
                    return engine.plan().phases().isEmpty();
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
        assertThat(RedRules.of(WrongLoss.class)).containsExactly("2_01", "2_21");
    }

    static class WrongSolver extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(LoopResult.class, "gradient") {
                @Override
                boolean applies(Engine engine, Object asked) {
                    return solver(asked) instanceof Solver.Linearized;
                }

                @Override
                Object spoil(Engine engine, Object gradients) {
                    return FaultyResult.scaled((Parameters) gradients, 1.01);
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
            return new FaultyResult<>(PerturbationResult.class, "gradient") {
                @Override
                boolean applies(Engine engine, Object asked) {
                    return hasOnePhase(engine.plan());
                }

                @Override
                Object spoil(Engine engine, Object gradients) {
                    return FaultyResult.scaled((Parameters) gradients, 3);
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
            return new FaultyResult<>(ProgramResult.class, "gradient") {
                // To each engine its own, for two may run at once.
                private final Map<Engine, Integer> samples = new ConcurrentHashMap<>();

                @Override
                Object onEngine(Engine engine, Method called, Object[] arguments) throws Throwable {
                    if (called.getName().equals("forward")) {
                        samples.put(
                                engine,
                                arguments[0] instanceof SampleBuffer buffer
                                        ? buffer.samples()
                                        : ((Minibatch) arguments[0]).samples());
                    }
                    return super.onEngine(engine, called, arguments);
                }

                @Override
                Object spoil(Engine engine, Object gradients) {
                    return FaultyResult.scaled(
                            (Parameters) gradients,
                            (double) samples.get(engine) / engine.plan().maxBatch());
                }
            };
        }
    }

    @Test
    void aWrongDenominatorOfSmallBatchesIsSeenInBackpropagation() {
        assertThat(RedRules.of(WrongDenominator.class))
                .containsExactly("2_09", "2_22", "2_23", "2_24", "2_25");
    }

    static class WrongAuto extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(LoopResult.class, "gradient") {
                @Override
                boolean applies(Engine engine, Object asked) {
                    return solver(asked) instanceof Solver.Auto;
                }

                @Override
                Object spoil(Engine engine, Object gradients) {
                    return FaultyResult.scaled((Parameters) gradients, 1.1);
                }
            };
        }
    }

    @Test
    void anAutoThatErrsMoreThanItSaysIsSeen() {
        assertThat(RedRules.of(WrongAuto.class)).containsExactly("2_15", "2_18");
    }

    static class WrongBackwardNorm extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(ProgramResult.class, "gradientNorm") {
                @Override
                Object spoil(Engine engine, Object norm) {
                    return (double) norm * 1.01;
                }
            };
        }
    }

    @Test
    void aWrongNormOfBackpropagationIsSeen() {
        assertThat(RedRules.of(WrongBackwardNorm.class))
                .containsExactly("2_09", "2_22", "2_23", "2_24", "2_25");
    }

    /** Spoils the smallest row of a trajectory by less than the tolerance of its largest one. */
    static class WeakSampleSpoilt extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(LoopResult.class, "trajectory") {
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
        assertThat(RedRules.of(WeakSampleSpoilt.class))
                .contains("2_12")
                .isSubsetOf("2_06", "2_12", "2_26", "2_27", "3_9");
    }

    static class ThreadDependent extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(ProgramResult.class, "gradient") {
                @Override
                Object spoil(Engine engine, Object gradients) {
                    return threads() == 3
                            ? FaultyResult.scaled((Parameters) gradients, 1 + 1e-15)
                            : gradients;
                }
            };
        }
    }

    @Test
    void aSumThatDependsOnTheThreadsIsSeenInItsBits() {
        assertThat(RedRules.of(ThreadDependent.class)).containsExactly("3_1", "3_12");
    }

    static class StaleState extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new FaultyResult<>(PerturbationResult.class, "unclippedFeedback") {
                private int calls;

                @Override
                boolean applies(Engine engine, Object asked) {
                    return hasOnePhase(engine.plan());
                }

                @Override
                Object spoil(Engine engine, Object gradients) {
                    // Grows with every call by less than the tolerance.
                    return FaultyResult.scale((List<?>) gradients, 1 + 1e-14 * ++calls);
                }
            };
        }
    }

    @Test
    void stateLeftFromEarlierCallsIsSeen() {
        assertThat(RedRules.of(StaleState.class)).contains("3_2").isSubsetOf("3_1", "3_2");
    }
}
