package io.dfc.cpu.simd;

import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.network.Network;

import java.util.Arrays;
import java.util.Optional;

/**
 * Working memory and loop of one share of the tiles of a feedback phase; used by one thread at a
 * time.
 */
final class FeedbackSlot {
    private static final int STEPS = 8;

    private final Network network;
    private final Model model;
    private final FeedbackRule rule;
    private final Tile tile;
    private final OuterKernel outer;
    private final SteadyStates steadyStates;

    /** Null for a rule without a loop. */
    private final TileSimulation simulation;

    private final int controlStride;

    /** Padded [n_i, n_L] sums. */
    final float[][] sums;

    /** Apical voltages of up to {@link #STEPS} points and the control that follows each. */
    private final float[][] voltages;

    private final float[] controls;
    private final float[][] previous;
    private int gathered;
    private final TileSimulation.Observer observer =
            new TileSimulation.Observer() {
                @Override
                public void observe(int point, Tile t) {
                    gather(point);
                    recording.record(point, t);
                }

                @Override
                public Kept reads(int point) {
                    return recording.records(point) ? Kept.ALL : Kept.APICAL;
                }
            };
    private Recorder recording;

    /** Distance to the outputs that noise has moved, and its error; made when first needed. */
    private double[] distance;

    private ControlError noisy;

    FeedbackSlot(FeedbackRule rule, Model model, int rows) {
        this.rule = rule;
        this.model = model;
        this.network = model.network;
        tile = new Tile(network, rows);
        outer = OuterKernel.of(model);
        int depth = network.depth();
        controlStride = Simd.stride(network.outputs());
        sums = new float[depth][];
        voltages = new float[depth][];
        previous = new float[depth][];
        for (int i = 0; i < depth; i++) {
            sums[i] = new float[Simd.roundUp(network.size(i), Simd.BLOCK) * controlStride];
            voltages[i] = new float[STEPS * tile.capacity * tile.strides[i]];
            previous[i] = new float[tile.capacity * tile.strides[i]];
        }
        controls = new float[STEPS * tile.capacity * controlStride];
        simulation =
                rule instanceof FeedbackRule.NormalController r
                        ? new TileSimulation(
                                model, r.controller(), r.dynamics(), Optional.of(r.noise()))
                        : null;
        steadyStates =
                rule instanceof FeedbackRule.LinearizedReconstruction r
                        ? new SteadyStates(model, tile, r.leakage(), Optional.empty())
                        : null;
    }

    void begin() {
        for (float[] sum : sums) {
            Arrays.fill(sum, 0f);
        }
    }

    void run(int index, Batch batch, ControlError target, NoiseSource noise, Recorder recorder) {
        int first = index * Batch.TILE;
        int count = batch.tileSamples(index);
        switch (rule) {
            case FeedbackRule.NormalController r ->
                    simulate(batch, first, count, target, noise, recorder);
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

    /** Simulates the loop of some samples and adds their statistic. */
    void simulate(
            Batch batch,
            int first,
            int count,
            ControlError target,
            NoiseSource noise,
            Recorder recorder) {
        gathered = 0;
        recording = recorder;
        simulation.run(tile, batch, first, count, target, noise, observer);
        flush();
    }

    /**
     * Pairs the apical voltages of a point with the control at the next, the first that has seen
     * them.
     */
    private void gather(int point) {
        // At point 0 the apical voltages are zero, so the first pair is left out.
        if (point > 1) {
            int row = gathered * tile.rows;
            for (int i = 0; i < network.depth(); i++) {
                int n = tile.rows * tile.strides[i];
                System.arraycopy(previous[i], 0, voltages[i], row * tile.strides[i], n);
            }
            for (int s = 0; s < tile.count; s++) {
                for (int j = 0; j < tile.outputs; j++) {
                    controls[(row + s) * controlStride + j] = (float) tile.u[s * tile.outputs + j];
                }
            }
            if (++gathered == STEPS) {
                flush();
            }
        }
        for (int i = 0; i < network.depth(); i++) {
            System.arraycopy(tile.apical[i], 0, previous[i], 0, previous[i].length);
        }
    }

    private void flush() {
        for (int i = 0; i < network.depth(); i++) {
            addOuter(i, voltages[i], gathered * tile.rows);
        }
        gathered = 0;
    }

    private void addProducts(float[][] apical) {
        for (int s = 0; s < tile.count; s++) {
            for (int j = 0; j < tile.outputs; j++) {
                controls[s * controlStride + j] = tile.applied[s * tile.outputs + j];
            }
        }
        for (int i = 0; i < network.depth(); i++) {
            addOuter(i, apical[i], tile.count);
        }
    }

    private void addOuter(int i, float[] voltage, int rows) {
        int size = Simd.roundUp(network.size(i), Simd.BLOCK);
        outer.add(
                voltage,
                0,
                tile.strides[i],
                controls,
                0,
                controlStride,
                rows,
                0,
                size,
                tile.outputs,
                sums[i],
                0);
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
