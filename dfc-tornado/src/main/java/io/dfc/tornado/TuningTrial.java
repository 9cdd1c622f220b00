package io.dfc.tornado;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

/** A short control phase of the published MNIST network, to compare settings by. */
final class TuningTrial {
    private static final int BATCH = 128;
    private static final int POINTS = 65;
    private static final int RUNS = 3;

    private TuningTrial() {}

    /** Shortest time of some runs; closes the pool. */
    static double seconds(ProgramPool pool) {
        Network network = Network.of(new Activation.Tanh(), 784, 256, 256, 256, 10);
        Plan plan =
                Plan.evaluation(network, Loss.CROSS_ENTROPY, BATCH)
                        .withControl(
                                new ControlPhase(
                                        new OutputTarget.Nudge(0.08),
                                        new ProportionalIntegralController(2, 0.0014),
                                        new Dynamics(0.02, POINTS, 0.2),
                                        new Solver.Euler(),
                                        new Update(
                                                Update.Mode.CONTINUOUS,
                                                PublishedRule.NONLINEAR_DIFFERENCE)));
        float[] inputs = new float[BATCH * network.inputs()];
        Minibatch minibatch =
                new Minibatch(
                        Tensor.wrap(inputs, BATCH, network.inputs()),
                        new Targets.Labels(new int[BATCH]));
        try (pool;
                Engine engine = TornadoEngine.all(plan, pool).getFirst()) {
            double best = Double.POSITIVE_INFINITY;
            for (int run = 0; run <= RUNS; run++) {
                engine.forward(minibatch);
                long start = System.nanoTime();
                engine.control(Noise.none());
                double seconds = (System.nanoTime() - start) * 1e-9;
                // The first run compiles the kernels.
                best = run == 0 ? best : Math.min(best, seconds);
            }
            return best;
        }
    }
}
