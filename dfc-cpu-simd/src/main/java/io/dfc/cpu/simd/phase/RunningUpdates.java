package io.dfc.cpu.simd.phase;

import io.dfc.api.control.Convergence;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.learn.GradientArrays;
import io.dfc.cpu.simd.learn.PostsynapticFactors;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.loop.TileSimulation;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.OuterKernel;

import java.util.Arrays;
import java.util.List;

/**
 * The memory-saving updates of the published code: the sum over the minibatch is clipped after
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
    private PostsynapticFactors[] factors;
    private float[][] basal;
    private float[][] rates;
    private float[][] padded;
    private TileSimulation simulation;
    private final TileSimulation.Observer observer = this::observe;
    private List<GradientArrays> gradients;

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
        for (PostsynapticFactors rule : factors) {
            rule.reset();
        }
        this.gradients = gradients;
        simulation.run(tile, batch, 0, batch.samples, target, noise, observer);
    }

    private void observe(int point, Tile t) {
        if (point > 0) {
            learn();
        }
    }

    private void allocate() {
        outer = OuterKernel.of(model.blocks.sums(), model.network);
        simulation = new TileSimulation(model, phase.controller(), phase.dynamics(), phase.noise());
        tile = new Tile(network, batch.capacity);
        int depth = network.depth();
        factors = new PostsynapticFactors[updates.size()];
        for (int k = 0; k < factors.length; k++) {
            factors[k] = new PostsynapticFactors(network, updates.get(k).rule(), tile);
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

    private void learn() {
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
            PostsynapticFactors.rates(tile, batch, i - 1, rates[i], 0);
        }
        for (int k = 0; k < factors.length; k++) {
            ForwardPlasticity update = updates.get(k);
            if (update.mode() == ForwardPlasticity.Mode.CONTINUOUS_RUNNING) {
                add(factors[k], gradients.get(k));
                gradients.get(k).clip(update.clipping());
            }
        }
    }

    private void add(PostsynapticFactors rule, GradientArrays gradient) {
        float factor = (float) (-2.0 / batch.samples / phase.dynamics().steps());
        for (int i = 0; i < network.depth(); i++) {
            int stride = tile.strides[i];
            float[] postsynaptic = tile.scratch[i];
            rule.write(tile, batch, i, i == 0 ? tile.db[0] : basal[i], postsynaptic, 0);
            for (int s = 0; s < tile.count; s++) {
                if (!phase.convergence().includeAll() && isDiverged(s)) {
                    Arrays.fill(postsynaptic, s * stride, (s + 1) * stride, 0f);
                }
            }
            int below = batch.presynapticStride(i);
            Arrays.fill(padded[i], 0f);
            int rows = Simd.roundUp(network.size(i), Simd.BLOCK);
            outer.add(
                    postsynaptic,
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
            gradient.addBias(i, factor, postsynaptic, stride, tile.count);
        }
    }

    private boolean isDiverged(int s) {
        return tile.distanceRatio(s, phase.controller().leakage()) > Convergence.RATIO_DIVERGED;
    }
}
