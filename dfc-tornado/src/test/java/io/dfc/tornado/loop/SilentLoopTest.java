package io.dfc.tornado.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.EngineState;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.scenario.LoopCase;
import io.dfc.tornado.backend.TestBackends;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A loop without noise has no room on the device for the noise that a caller gives it. */
class SilentLoopTest {
    @Test
    void noiseThatALoopDoesNotFeelIsNotBroughtToTheDevice() {
        TestBackends.requireDevice();
        LoopCase c = LoopCase.draw(3, 5);
        Plan plan = c.control(new Solver.Euler(), ForwardPlasticity.Mode.CONTINUOUS);
        try (var backend =
                        Backends.discover()
                                .select("tornado", BackendOptions.defaults(), List.of(plan))
                                .backend();
                var engine = backend.compile(plan)) {
            engine.load(new EngineState(c.parameters()));
            engine.forward(c.minibatch());
            var loop = plan.loops().getFirst();
            var gradient = loop.gradients().getFirst();
            List<Tensor> before = engine.snapshot().parameters().weights();
            List<Tensor> silent = engine.run(loop, Noise.none()).gradient(gradient).weights();
            List<Tensor> noisy = engine.run(loop, ones(c)).gradient(gradient).weights();
            List<Tensor> after = engine.snapshot().parameters().weights();
            for (int i = 0; i < before.size(); i++) {
                assertThat(noisy.get(i).toDoubles()).isEqualTo(silent.get(i).toDoubles());
                assertThat(after.get(i).toDoubles()).isEqualTo(before.get(i).toDoubles());
            }
        }
    }

    private static Noise ones(LoopCase c) {
        return new Noise.Recorded(
                IntStream.range(0, c.network().depth())
                        .mapToObj(i -> ones(c.dynamics().steps(), 5, c.network().size(i)))
                        .toList());
    }

    private static Tensor ones(int... shape) {
        double[] numbers = new double[shape[0] * shape[1] * shape[2]];
        Arrays.fill(numbers, 1);
        return Tensor.wrap(numbers, shape);
    }
}
