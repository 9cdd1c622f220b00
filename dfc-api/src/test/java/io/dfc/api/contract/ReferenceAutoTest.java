package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.scenario.LoopCase;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

/** The reference is exact whatever the solver's tolerance: its {@code auto} simulates. */
class ReferenceAutoTest {
    private static final Noise NOISE = new Noise.Generated(3, 1);
    private static final int SAMPLES = 3;
    private static final int CASES = 5;

    /** Loops of every kind. */
    enum Kind {
        CONTINUOUS,
        LAST_STATE,
        FEEDBACK,
        MIXED;

        Plan plan(LoopCase c, Solver solver) {
            return switch (this) {
                case CONTINUOUS -> c.control(solver, ForwardPlasticity.Mode.CONTINUOUS);
                case LAST_STATE -> c.control(solver, ForwardPlasticity.Mode.LAST_STATE);
                case FEEDBACK -> c.feedback(solver);
                case MIXED -> c.mixed(solver, ForwardPlasticity.Mode.CONTINUOUS);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySampleIsSimulatedBitForBit(Kind kind) {
        for (int seed = 0; seed < CASES; seed++) {
            LoopCase c = LoopCase.draw(seed, SAMPLES);
            assertThat(gradients(c, kind.plan(c, new Solver.Auto(0.9))))
                    .isEqualTo(gradients(c, kind.plan(c, new Solver.Euler())));
        }
    }

    private static List<Tensor> gradients(LoopCase c, Plan plan) {
        LoopHandle loop = plan.loops().getFirst();
        try (Backend backend =
                        Backends.discover()
                                .select("reference", BackendOptions.defaults(), List.of())
                                .backend();
                Engine engine = backend.compile(plan)) {
            engine.load(new EngineState(c.parameters()));
            engine.forward(c.minibatch());
            LoopResult result = engine.run(loop, NOISE);
            boolean auto = loop.phase().solver() instanceof Solver.Auto;
            assertThat(result.fallbackSamples()).isEqualTo(auto ? SAMPLES : 0);
            assertThat(result.errorEstimate()).isZero();
            return loop.gradients().stream().flatMap(g -> tensors(result, g).stream()).toList();
        }
    }

    private static List<Tensor> tensors(LoopResult result, GradientHandle gradient) {
        return result.gradient(gradient).groups().values().stream().flatMap(List::stream).toList();
    }
}
