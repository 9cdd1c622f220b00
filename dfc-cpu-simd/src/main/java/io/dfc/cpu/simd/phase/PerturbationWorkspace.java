package io.dfc.cpu.simd.phase;

import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.RateDifference;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.learn.FeedbackSums;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.steady.SteadyStates;

import java.util.Arrays;
import java.util.Optional;

/**
 * Working memory of a task that perturbs some tiles, from which feedback weights learn without a
 * loop. Used by one thread at a time.
 */
final class PerturbationWorkspace {
    private final Network network;
    private final Model model;
    private final FeedbackRule rule;
    private final Tile tile;
    private final FeedbackSums products;

    /** Null for a rule that needs no steady state. */
    private final SteadyStates steadyStates;

    private final float[] controls;

    /**
     * Distance to the noisy outputs, and the control error with it as target; made when first
     * needed.
     */
    private double[] distance;

    private ControlError noisy;

    PerturbationWorkspace(FeedbackRule rule, Model model) {
        this.rule = rule;
        this.model = model;
        this.network = model.network;
        tile = new Tile(network, Simd.TILE);
        products = new FeedbackSums(model, tile);
        controls = new float[tile.capacity * products.stride];
        steadyStates =
                rule instanceof FeedbackRule.LinearizedReconstruction r
                        ? new SteadyStates(
                                model, tile, r.leakage(), Optional.empty(), Optional.empty())
                        : null;
    }

    void begin() {
        products.clear();
    }

    /** Padded [n_i, n_L] sums over the samples since {@link #begin}. */
    float[][] sums() {
        return products.sums;
    }

    /** Adds some samples to the sums. */
    void run(Batch batch, int first, int count, NoiseSource noise) {
        switch (rule) {
            case FeedbackRule.ForwardPerturbation(double sigma) -> {
                perturb(batch, first, count, sigma, noise);
                tile.apply(tile.outputDeviation);
                addProducts(tile.scratch);
            }
            case FeedbackRule.LinearizedReconstruction(double sigma, double leakage) -> {
                perturb(batch, first, count, sigma, noise);
                if (noisy == null) {
                    distance = new double[batch.output.length];
                    noisy = new ControlError(distance, batch, tile.outputs);
                }
                System.arraycopy(
                        tile.outputDeviation,
                        0,
                        distance,
                        first * tile.outputs,
                        count * tile.outputs);
                tile.reset(batch, first, count);
                tile.evaluateError(noisy);
                steadyStates.linearized(batch, noisy);
                tile.apply(tile.u);
                addProducts(tile.apical);
            }
        }
    }

    private void addProducts(float[][] voltages) {
        for (int s = 0; s < tile.count; s++) {
            for (int j = 0; j < tile.outputs; j++) {
                controls[s * products.stride + j] = tile.applied[s * tile.outputs + j];
            }
        }
        for (int i = 0; i < network.depth(); i++) {
            products.add(i, voltages[i], controls, tile.count);
        }
    }

    /** One forward pass with noise, left in the tile's scratch, added to every voltage. */
    private void perturb(Batch batch, int first, int count, double sigma, NoiseSource noise) {
        tile.reset(batch, first, count);
        for (int i = 0; i < network.depth(); i++) {
            int stride = tile.strides[i];
            int n = tile.rows * stride;
            float[] eps = tile.scratch[i];
            Arrays.fill(eps, 0f);
            for (int s = 0; s < count; s++) {
                noise.fill(0, i, first + s, eps, s * stride, tile.normals);
            }
            if (i > 0) {
                Gemm.multiply(
                        tile.dr[i - 1],
                        0,
                        tile.strides[i - 1],
                        tile.rows,
                        model.up[i],
                        tile.db[i],
                        0,
                        stride);
            }
            for (int k = 0; k < n; k++) {
                eps[k] *= (float) sigma;
                tile.dv[i][k] = tile.db[i][k] + eps[k];
            }
            RateDifference.write(
                    network.activation(i),
                    batch.layers[i],
                    first * stride,
                    tile.dv[i],
                    0,
                    tile.dr[i],
                    0,
                    n);
        }
        float[] top = tile.dr[network.depth() - 1];
        int stride = tile.strides[network.depth() - 1];
        for (int s = 0; s < count; s++) {
            for (int j = 0; j < tile.outputs; j++) {
                tile.outputDeviation[s * tile.outputs + j] = top[s * stride + j];
            }
        }
    }
}
