package io.dfc.cpu.simd.phase;

import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.learn.PostsynapticFactors;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Forward plasticity of the last state of a tile: postsynaptic factors and presynaptic rates. */
final class LastState {
    private final LoopPhase phase;
    private final List<ForwardPlasticity> updates;
    private final Network network;
    private final Model model;
    private final Tile tile;
    private final List<PostsynapticFactors> factors = new ArrayList<>();

    /** Basal voltages of the controlled presynaptic rates, per layer. */
    private final float[][] recomputed;

    LastState(LoopPhase phase, Model model, Tile tile) {
        this.phase = phase;
        updates = phase.forwardPlasticities();
        this.network = model.network;
        this.model = model;
        this.tile = tile;
        for (ForwardPlasticity update : updates) {
            factors.add(new PostsynapticFactors(network, update.rule(), tile));
        }
        recomputed = new float[network.depth()][];
        for (int i = 1; i < recomputed.length; i++) {
            recomputed[i] = new float[tile.capacity * tile.strides[i]];
        }
    }

    /**
     * Writes postsynaptic factors and rates of the tile's samples for the updates from the last
     * state.
     */
    void write(Batch batch, ControlRun results) {
        boolean ready = false;
        for (int k = 0; k < factors.size(); k++) {
            ForwardPlasticity update = updates.get(k);
            if (update.mode() != ForwardPlasticity.Mode.LAST_STATE) {
                continue;
            }
            if (!ready) {
                prepare(batch, results);
                ready = true;
            }
            boolean controlled = update.presynaptic() == ForwardPlasticity.Presynaptic.CONTROLLED;
            factors.get(k).reset();
            for (int i = 0; i < network.depth(); i++) {
                float[] basal = controlled ? recomputed[i] : null;
                factors.get(k).write(tile, batch, i, basal, tile.scratch[i], 0);
                int stride = tile.strides[i];
                for (int s = 0; s < tile.count; s++) {
                    int to = (tile.first + s) * stride;
                    float[] out = results.postsynaptic.get(k)[i];
                    if (results.isIncluded(tile.first + s, phase)) {
                        System.arraycopy(tile.scratch[i], s * stride, out, to, stride);
                    } else {
                        Arrays.fill(out, to, to + stride, 0f);
                    }
                }
            }
        }
    }

    private void prepare(Batch batch, ControlRun results) {
        for (int i = 1; i < network.depth(); i++) {
            int below = tile.strides[i - 1];
            Gemm.multiply(
                    tile.dr[i - 1],
                    0,
                    below,
                    tile.rows,
                    model.up[i],
                    recomputed[i],
                    0,
                    tile.strides[i]);
            PostsynapticFactors.rates(tile, batch, i - 1, tile.scratch[i - 1], 0);
            System.arraycopy(
                    tile.scratch[i - 1],
                    0,
                    results.rates[i],
                    tile.first * below,
                    tile.count * below);
        }
    }
}
