package io.dfc.tornado.tuning;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.tornado.engine.TornadoEngine;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.runtime.KernelPool;
import io.dfc.tornado.runtime.TilesPerGroup;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** A short loop of the published MNIST network, by which sizes are compared. */
final class TuningTrial {
    private static final int POINTS = 65;
    private static final int RUNS = 3;

    // Enough samples for a group of any size on every compute unit.
    private static final int MIN_BATCH = 128;
    private static final int MAX_BATCH = 4096;

    private TuningTrial() {}

    /** Shortest time of some runs with groups of some size. */
    static double seconds(TornadoDevice device, GroupSizes sizes) {
        int units = device.getPhysicalDevice().getDeviceMaxComputeUnits();
        int batch =
                Math.clamp(
                        (long) units * TableLayout.TILE * TilesPerGroup.ALL.getLast(),
                        MIN_BATCH,
                        MAX_BATCH);
        // As if there were one unit: the number of tiles is not to depend on theirs.
        TilesPerGroup tiles = TilesPerGroup.on(device, sizes.tiles()).withUnits(1);
        KernelPool pool = new KernelPool(device, sizes.items(), tiles);
        Network network = Network.of(new Activation.Tanh(), 784, 256, 256, 256, 10);
        Plan.Builder builder = Plan.builder(network, Loss.CROSS_ENTROPY, batch);
        LoopHandle loop =
                builder.loop(
                        "control",
                        new LoopPhase(
                                builder.feedbackWeights(),
                                new OutputTarget.Nudge(0.08),
                                new ProportionalIntegralController(2, 0.0014),
                                new Dynamics(0.02, POINTS, 0.2),
                                new ForwardPlasticity(
                                        ForwardPlasticity.Mode.CONTINUOUS,
                                        DfcRule.NONLINEAR_DIFFERENCE)));
        Plan plan = builder.build();
        float[] inputs = new float[batch * network.inputs()];
        Minibatch minibatch =
                new Minibatch(
                        Tensor.wrap(inputs, batch, network.inputs()),
                        new Targets.Labels(new int[batch]));
        try (pool) {
            TornadoEngine engine = TornadoEngine.all(plan, 1, pool).getFirst();
            try {
                double best = Double.POSITIVE_INFINITY;
                for (int run = 0; run <= RUNS; run++) {
                    engine.forward(minibatch);
                    long start = System.nanoTime();
                    engine.run(loop, Noise.none(), Recording.none());
                    double seconds = (System.nanoTime() - start) * 1e-9;
                    // The first run compiles the kernels.
                    best = run == 0 ? best : Math.min(best, seconds);
                }
                return best;
            } finally {
                engine.close();
            }
        }
    }
}
