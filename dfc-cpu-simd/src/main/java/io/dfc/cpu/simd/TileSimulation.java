package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Dynamics;
import io.dfc.api.network.Network;

import jdk.incubator.vector.FloatVector;

import java.util.Optional;

/** Carries a tile through all time steps on one thread; the steps are those of {@link Dynamics}. */
final class TileSimulation {
    /** Sees every time point, 0 included, once its state and error are complete. */
    interface Observer {
        void observe(int point, Tile tile);
    }

    private final Model model;
    private final Network network;
    private final Controller controller;
    private final Dynamics dynamics;
    private final float apicalRate;
    private final float somaticRate;

    /** What a standard normal number adds to an apical voltage, per layer. */
    private final float[] noiseFactor;

    TileSimulation(
            Model model,
            Controller controller,
            Dynamics dynamics,
            Optional<ApicalNoise> deviations) {
        this.model = model;
        this.network = model.network;
        this.controller = controller;
        this.dynamics = dynamics;
        apicalRate = (float) dynamics.apicalRate();
        somaticRate = (float) dynamics.somaticRate();
        noiseFactor = new float[network.depth()];
        double scale = Math.sqrt(dynamics.timeStep()) / dynamics.apicalTimeConstant();
        deviations.ifPresent(
                noise -> {
                    for (int i = 0; i < noiseFactor.length; i++) {
                        noiseFactor[i] = (float) (noise.sigma(i, noiseFactor.length) * scale);
                    }
                });
    }

    /** Runs all time points of some samples. */
    void run(
            Tile tile,
            Batch batch,
            int first,
            int count,
            ControlError target,
            NoiseSource noise,
            Observer observer) {
        tile.reset(batch, first, count);
        ControlTile view =
                new ControlTile(
                        0,
                        count,
                        tile.outputs,
                        tile.error,
                        tile.feedforwardRate,
                        tile.outputDeviation,
                        tile.u,
                        new double[count * controller.stateSize(tile.outputs)],
                        0);
        tile.evaluateError(target);
        observer.observe(0, tile);
        int depth = network.depth();
        for (int step = 0; step < dynamics.steps(); step++) {
            System.arraycopy(tile.u, 0, tile.previousU, 0, count * tile.outputs);
            controller.step(view, dynamics.timeStep());
            tile.apply(dynamics.proactive() ? tile.u : tile.previousU);
            for (int n = 0; n < depth; n++) {
                // Downwards, every layer still finds the old rates of the layer below.
                advance(
                        tile,
                        batch,
                        dynamics.instantTransmission() ? n : depth - 1 - n,
                        step,
                        noise);
            }
            tile.evaluateError(target);
            observer.observe(step + 1, tile);
        }
    }

    private void advance(Tile tile, Batch batch, int i, int step, NoiseSource noise) {
        int stride = tile.strides[i];
        if (i > 0) {
            int below = tile.strides[i - 1];
            Gemm.multiply(tile.dr[i - 1], 0, below, tile.rows, model.up[i], tile.db[i], 0, stride);
        }
        boolean instantApical = dynamics.apicalTimeConstant() == dynamics.timeStep();
        float[] drive = instantApical ? tile.apical[i] : tile.scratch[i];
        Gemm.multiply(
                tile.applied, 0, tile.outputs, tile.rows, model.feedback[i], drive, 0, stride);
        int n = tile.rows * stride;
        if (!instantApical) {
            approach(tile.apical[i], drive, apicalRate, n);
        }
        addNoise(tile, i, step, noise);
        if (dynamics.instantSystem()) {
            add(tile.db[i], tile.apical[i], tile.dv[i], n);
        } else {
            integrate(tile.db[i], tile.apical[i], tile.dv[i], somaticRate, n);
        }
        LayerActivity layer = batch.layers[i];
        Rates.difference(
                network.activation(i), layer, tile.first * stride, tile.dv[i], 0, tile.dr[i], 0, n);
    }

    private static void approach(float[] x, float[] goal, float rate, int n) {
        for (int at = 0; at < n; at += LANES) {
            FloatVector v = fromArray(F, x, at);
            fromArray(F, goal, at)
                    .sub(v)
                    .fma(FloatVector.broadcast(Simd.F, rate), v)
                    .intoArray(x, at);
        }
    }

    private static void add(float[] a, float[] b, float[] sum, int n) {
        for (int at = 0; at < n; at += LANES) {
            fromArray(F, a, at).add(fromArray(F, b, at)).intoArray(sum, at);
        }
    }

    private static void integrate(float[] basal, float[] apical, float[] v, float rate, int n) {
        FloatVector k = FloatVector.broadcast(Simd.F, rate);
        for (int at = 0; at < n; at += LANES) {
            FloatVector old = fromArray(F, v, at);
            fromArray(F, basal, at)
                    .add(fromArray(F, apical, at))
                    .sub(old)
                    .fma(k, old)
                    .intoArray(v, at);
        }
    }

    private void addNoise(Tile tile, int i, int step, NoiseSource noise) {
        float factor = noiseFactor[i];
        if (factor == 0 || noise.isSilent()) {
            return;
        }
        int size = network.size(i);
        int stride = tile.strides[i];
        float[] xi = tile.scratch[i];
        float[] apical = tile.apical[i];
        for (int s = 0; s < tile.count; s++) {
            int at = s * stride;
            noise.fill(step, i, tile.first + s, xi, at, tile.normals);
            for (int j = at; j < at + size; j++) {
                apical[j] += factor * xi[j];
            }
        }
    }
}
