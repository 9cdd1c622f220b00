package io.dfc.cpu.simd.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramBuilder;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.Step;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Programs in which operations must not be put off, put together or left out, on more than a tile.
 */
class SimdProgramTest {
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 7, 21, 21, 5);
    private static final int SAMPLES = 70;
    private static final double TOLERANCE = 1e-5;

    /** What a backend may be tempted to get wrong. */
    enum Program {
        SUM_OF_A_BUFFER_THAT_IS_WRITTEN_ANEW {
            @Override
            void write(Plan.Builder plan, ProgramBuilder p) {
                Buffer x = p.scale("x", 2, p.rate(1));
                p.outerInto(plan.weights(), 1, x, p.rate(0)).sumInto(plan.biases(), 1, x);
                p.combine("x", 1, x, -3, p.voltage(0));
                p.outerInto(plan.weights(), 1, x, p.rate(0)).sumInto(plan.biases(), 1, x);
                p.report("size", p.sampleLoss("l", p.rate(2)));
            }
        },
        PRODUCT_THAT_IS_READ_TWICE {
            @Override
            void write(Plan.Builder plan, ProgramBuilder p) {
                Buffer a = p.product("a", plan.weights(), 1, p.rate(0));
                Buffer v = p.addBias("c", a, plan.biases(), 1);
                Buffer s = p.hadamard("s", v, p.rate(1));
                p.outerInto(plan.weights(), 1, s, a).outerInto(plan.weights(), 1, v, a);
            }
        },
        FACTOR_THAT_IS_REPLACED {
            @Override
            void write(Plan.Builder plan, ProgramBuilder p) {
                Buffer f = p.scale("f", 0.5, p.voltage(1));
                Buffer a = p.product("a", plan.weights(), 1, p.rate(0));
                p.hadamard("f", a, f);
                Buffer g = p.scale("g", 3, p.rate(0));
                Buffer b = p.product("b", plan.weights(), 1, g);
                p.hadamard("g", b, f);
                p.outerInto(plan.weights(), 1, f, g);
            }
        },
        COPY_OF_WHAT_IS_WRITTEN_ANEW {
            @Override
            void write(Plan.Builder plan, ProgramBuilder p) {
                Buffer x = p.scale("x", 2, p.rate(1));
                Buffer copy = p.scale("c", 1, x);
                Buffer fixed = p.scale("d", 1, p.rate(0));
                p.combine("x", 1, x, 1, fixed);
                p.outerInto(plan.weights(), 1, copy, x);
            }
        },
        SUMS_OF_EVERY_ROUND {
            @Override
            void write(Plan.Builder plan, ProgramBuilder p) {
                Buffer x = p.scale("x", 1, p.rate(1));
                p.repeat(
                        3,
                        body -> {
                            Buffer y = body.product("y'", plan.weights(), 1, x);
                            body.outerInto(plan.weights(), 1, y, x);
                            body.combine("x", 0.5, y, 0.1, body.noise("n", 21, 3, 1));
                            body.add(sum(plan, x));
                        });
                p.sumInto(plan.biases(), 1, x);
            }
        },
        REPETITION_THAT_ENDS_EARLY {
            @Override
            void write(Plan.Builder plan, ProgramBuilder p) {
                Buffer x = p.scale("x", 1, p.rate(1));
                p.outerInto(plan.weights(), 1, x, x);
                p.repeatUntil(
                        50,
                        0.02,
                        List.of(x),
                        body -> {
                            Buffer y = body.scale("z", 0.8, x);
                            body.combine("x", 1, y, 0.2, p.rate(0));
                        });
                p.outerInto(plan.weights(), 1, x, x);
            }
        },
        PRODUCTS_BY_STEPPED_WEIGHTS {
            @Override
            void write(Plan.Builder plan, ProgramBuilder p) {
                Buffer down = p.transposedProduct("d", plan.weights(), 0, p.rate(0));
                p.outerInto(plan.weights(), 0, p.rate(0), down);
                Buffer v = p.product("v", plan.weights(), 0, down);
                p.sumInto(plan.biases(), 0, p.addBias("w", v, plan.biases(), 0));
            }
        };

        abstract void write(Plan.Builder plan, ProgramBuilder p);

        private static Operation sum(Plan.Builder plan, Buffer x) {
            return new Operation.SumInto(new Operation.Held(plan.biases(), 1), 0.5, true, x);
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfTheReference(Program program) {
        List<double[]> exact = gradients(program, "reference", 1);
        List<double[]> found = gradients(program, "cpu-simd", 1);
        assertThat(exact).anySatisfy(x -> assertThat(largest(x)).isPositive());
        assertThat(found).hasSameSizeAs(exact);
        for (int k = 0; k < exact.size(); k++) {
            double[] e = exact.get(k);
            double[] difference = new double[e.length];
            for (int i = 0; i < e.length; i++) {
                difference[i] = e[i] - found.get(k)[i];
            }
            assertThat(largest(difference)).isLessThanOrEqualTo(TOLERANCE * largest(e));
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsDoNotDependOnThreads(Program program) {
        List<double[]> alone = gradients(program, "cpu-simd", 1);
        for (int threads : new int[] {2, 3}) {
            List<double[]> together = gradients(program, "cpu-simd", threads);
            for (int k = 0; k < alone.size(); k++) {
                assertThat(together.get(k)).isEqualTo(alone.get(k));
            }
        }
    }

    /** Gradients of two runs, the second after a step of weights and biases. */
    private static List<double[]> gradients(Program program, String backendName, int threads) {
        Plan.Builder builder = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, SAMPLES);
        ProgramBuilder p =
                LayerProgram.builder(NETWORK)
                        .gradient(new Clipping.Joint(20), builder.weights(), builder.biases());
        program.write(builder, p);
        ProgramHandle handle = builder.program("program", p.build());
        Step step =
                builder.step(
                                handle.gradients().getFirst(),
                                builder.optimizer(
                                        "sgd",
                                        new Optimization(new Optimizer.Sgd(0), 1e-3),
                                        builder.forwardGroups()))
                        .at(1);
        Plan plan = builder.build();
        List<double[]> found = new ArrayList<>();
        try (Backend backend =
                        Backends.discover()
                                .select(backendName, new BackendOptions(threads), List.of(plan))
                                .backend();
                Engine engine = backend.compile(plan)) {
            engine.load(new EngineState(ProgramAllocationCases.parameters(plan)));
            for (int k = 0; k < 2; k++) {
                engine.forward(minibatch());
                ProgramResult result = engine.run(handle, new Noise.Generated(5, k));
                result.gradient(handle.gradients().getFirst())
                        .groups()
                        .values()
                        .forEach(group -> group.forEach(t -> found.add(t.toDoubles())));
                engine.apply(step);
            }
        }
        return found;
    }

    private static Minibatch minibatch() {
        SplittableRandom random = new SplittableRandom(3);
        double[] x = random.doubles((long) SAMPLES * NETWORK.inputs(), -1, 1).toArray();
        int[] labels = random.ints(SAMPLES, 0, NETWORK.outputs()).toArray();
        return new Minibatch(Tensor.wrap(x, SAMPLES, NETWORK.inputs()), new Targets.Labels(labels));
    }

    private static double largest(double[] x) {
        double largest = 0;
        for (double value : x) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
