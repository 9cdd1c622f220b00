package io.dfc.cpu.simd;

import io.dfc.api.control.Convergence;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;

import java.util.Arrays;
import java.util.List;

/**
 * The memory-saving updates of the published program: the sum over the minibatch is clipped after
 * every time point, so the whole minibatch runs as one tile on one thread. A compatibility mode
 * without a speed target.
 */
final class RunningUpdates {
    private final LoopPhase phase;
    private final List<ForwardPlasticity> updates;
    private final Model model;
    private final Network network;
    private final Batch batch;
    private final boolean wanted;
    private Tile tile;
    private OuterKernel outer;
    private Teaching[] teachings;
    private float[][] basal;
    private float[][] rates;
    private float[][] padded;
    private TileSimulation simulation;
    private final TileSimulation.Observer observer = this::observe;
    private List<GradientArrays> learning;

    RunningUpdates(LoopPhase phase, Model model, Batch batch) {
        this.phase = phase;
        updates = phase.forwardPlasticities();
        this.model = model;
        this.network = model.network;
        this.batch = batch;
        wanted =
                updates.stream()
                        .anyMatch(u -> u.mode() == ForwardPlasticity.Mode.CONTINUOUS_RUNNING);
    }

    void run(ControlError target, NoiseSource noise, List<GradientArrays> gradients) {
        if (!wanted) {
            return;
        }
        if (tile == null) {
            allocate();
        }
        for (Teaching teaching : teachings) {
            teaching.reset();
        }
        learning = gradients;
        simulation.run(tile, batch, 0, batch.samples, target, noise, observer);
    }

    private void observe(int point, Tile t) {
        if (point > 0) {
            learn(learning);
        }
    }

    private void allocate() {
        outer = OuterKernel.of(model);
        simulation = new TileSimulation(model, phase.controller(), phase.dynamics(), phase.noise());
        tile = new Tile(network, batch.capacity);
        int depth = network.depth();
        teachings = new Teaching[updates.size()];
        for (int k = 0; k < teachings.length; k++) {
            teachings[k] = new Teaching(network, updates.get(k).rule(), tile);
        }
        basal = new float[depth][];
        rates = new float[depth][];
        padded = new float[depth][];
        for (int i = 0; i < depth; i++) {
            int below = batch.presynapticStride(i);
            padded[i] = new float[Simd.roundUp(network.size(i), Simd.BLOCK) * below];
            basal[i] = new float[tile.capacity * tile.strides[i]];
            rates[i] = i == 0 ? batch.x : new float[tile.capacity * below];
        }
    }

    private void learn(List<GradientArrays> gradients) {
        for (int i = 1; i < network.depth(); i++) {
            Gemm.multiply(
                    tile.dr[i - 1],
                    0,
                    tile.strides[i - 1],
                    tile.rows,
                    model.up[i],
                    basal[i],
                    0,
                    tile.strides[i]);
            Teaching.rates(tile, batch, i - 1, rates[i], 0);
        }
        for (int k = 0; k < teachings.length; k++) {
            ForwardPlasticity update = updates.get(k);
            if (update.mode() == ForwardPlasticity.Mode.CONTINUOUS_RUNNING) {
                add(teachings[k], gradients.get(k));
                gradients.get(k).clip(update.clipping());
            }
        }
    }

    private void add(Teaching teaching, GradientArrays gradient) {
        float factor = (float) (-2.0 / batch.samples / phase.dynamics().steps());
        for (int i = 0; i < network.depth(); i++) {
            int stride = tile.strides[i];
            float[] signal = tile.scratch[i];
            teaching.signal(tile, batch, i, i == 0 ? tile.db[0] : basal[i], signal, 0);
            for (int s = 0; s < tile.count; s++) {
                if (!phase.convergence().includeAll() && isDiverged(s)) {
                    Arrays.fill(signal, s * stride, (s + 1) * stride, 0f);
                }
            }
            int below = batch.presynapticStride(i);
            Arrays.fill(padded[i], 0f);
            int rows = Simd.roundUp(network.size(i), Simd.BLOCK);
            outer.add(
                    signal,
                    0,
                    stride,
                    rates[i],
                    0,
                    below,
                    tile.count,
                    0,
                    rows,
                    network.fanIn(i),
                    padded[i],
                    0);
            gradient.addWeights(i, factor, padded[i], below);
            gradient.addBias(i, factor, signal, stride, tile.count);
        }
    }

    private boolean isDiverged(int s) {
        return tile.distanceRatio(s, phase.controller().leakage()) > Convergence.RATIO_DIVERGED;
    }
}
