package io.dfc.cpu.simd.loop;

import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.kernel.Transposition;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.product.LaneShape;

import java.util.Arrays;

/**
 * State of the controlled network for the samples of a {@link Tile}, some samples side by side:
 * arrays [panels, n_i, width]. Lanes without a sample stay at zero.
 */
public final class LaneTile {
    /** Neurons whose numbers come from one counter of the generator. */
    private static final int NEURONS = 4;

    public final int width;
    public final int[] sizes;
    private final int outputs;

    /** Feedforward voltages, rates and slopes. */
    public final LayerActivity[] layers;

    /** Somatic voltage minus {@code v^-}. */
    public final float[][] dv;

    /** Rate minus {@code r^-}. */
    public final float[][] dr;

    /** Basal voltage minus {@code v^-}. */
    public final float[][] db;

    /** Apical voltages, where they are not instantaneous. */
    public final float[][] apical;

    /** Normal numbers of a step for a layer, [panels, n_i up to the next multiple of 4, width]. */
    final float[][] noise;

    /** The control that drives the apical compartments, [panels, n_L, width]. */
    final float[] control;

    /** What gives it, where controller and error are side by side as well. */
    final LaneControl controller;

    /** Whether they are in the current run. */
    boolean controlled;

    /** Whether apical voltages are not instantaneous in the current run. */
    boolean withApical;

    LaneTile(Network network, LaneShape shape, int capacity) {
        width = shape.width();
        outputs = network.outputs();
        int depth = network.depth();
        sizes = new int[depth];
        layers = new LayerActivity[depth];
        dv = new float[depth][];
        dr = new float[depth][];
        db = new float[depth][];
        apical = new float[depth][];
        noise = new float[depth][];
        for (int i = 0; i < depth; i++) {
            int size = network.size(i);
            sizes[i] = size;
            int numbers = Math.multiplyExact(size, capacity);
            layers[i] = LayerActivity.ofNumbers(size, numbers);
            dv[i] = new float[numbers];
            db[i] = new float[numbers];
            apical[i] = new float[numbers];
            noise[i] = new float[Simd.roundUp(size, NEURONS) * capacity];
            dr[i] = new float[numbers];
        }
        control = new float[outputs * capacity];
        controller = new LaneControl(outputs, width, capacity);
    }

    /** Whether samples that are excluded stay at the feedforward pass. */
    public boolean holdsExcluded() {
        return controlled;
    }

    /** Whether the tile holds apical voltages; they are {@code Q_i u} otherwise. */
    public boolean holdsApical() {
        return withApical;
    }

    /** Number of panels of so many samples. */
    public int panels(int samples) {
        return (samples + width - 1) / width;
    }

    /** Place of a neuron's samples. */
    public int at(int layer, int panel, int neuron) {
        return (panel * sizes[layer] + neuron) * width;
    }

    /** Place of a layer's noise in a panel. */
    int noiseAt(int layer, int panel) {
        return panel * Simd.roundUp(sizes[layer], NEURONS) * width;
    }

    /** Draws the numbers of a step for a layer. */
    void draw(Tile tile, int layer, int step, NoiseSource source) {
        for (int p = 0; p < panels(tile.count); p++) {
            int first = p * width;
            source.fillSamples(
                    step,
                    layer,
                    tile.first + first,
                    Math.min(width, tile.count - first),
                    width,
                    noise[layer],
                    noiseAt(layer, p),
                    tile.normals);
        }
    }

    /** The control signal, laid out as {@link #control}. */
    public double[] signal() {
        return controller.u;
    }

    /** Numbers of the control signal of so many panels. */
    public int controlNumbers(int panels) {
        return controlAt(panels);
    }

    /** Place of the control of a panel. */
    int controlAt(int panel) {
        return panel * outputs * width;
    }

    /** Copies the feedforward pass of a tile and clears the deviations. */
    void reset(Tile tile, Batch batch) {
        Arrays.fill(control, 0f);
        for (int i = 0; i < sizes.length; i++) {
            Arrays.fill(dv[i], 0f);
            Arrays.fill(db[i], 0f);
            Arrays.fill(apical[i], 0f);
            Arrays.fill(dr[i], 0f);
            LayerActivity from = batch.layers[i];
            take(from.v, tile, i, layers[i].v);
            take(from.r, tile, i, layers[i].r);
            take(from.slope, tile, i, layers[i].slope);
        }
    }

    private void take(float[] from, Tile tile, int layer, float[] to) {
        int stride = tile.strides[layer];
        Arrays.fill(to, 0f);
        for (int p = 0; p < panels(tile.count); p++) {
            int first = p * width;
            int count = Math.min(width, tile.count - first);
            int row = (tile.first + first) * stride;
            Transposition.copy(from, row, stride, count, sizes[layer], to, at(layer, p, 0), width);
        }
    }

    /** Copies the control that the tile applies to all layers. */
    void applyControl(Tile tile) {
        for (int p = 0; p < panels(tile.count); p++) {
            int first = p * width;
            int count = Math.min(width, tile.count - first);
            Transposition.copy(
                    tile.applied,
                    first * outputs,
                    outputs,
                    count,
                    outputs,
                    control,
                    controlAt(p),
                    width);
        }
    }

    /** Writes the output deviation to the tile, where the controller reads it. */
    void writeOutputs(Tile tile) {
        int top = sizes.length - 1;
        for (int s = 0; s < tile.count; s++) {
            int at = at(top, s / width, 0) + s % width;
            for (int j = 0; j < outputs; j++) {
                tile.outputDeviation[s * outputs + j] = dr[top][at + j * width];
            }
        }
    }

    /** Writes somatic voltages, rates and basal voltages to the tile. */
    void writeState(Tile tile) {
        for (int i = 0; i < sizes.length; i++) {
            writeRows(dv[i], i, tile, tile.dv[i]);
            writeRows(dr[i], i, tile, tile.dr[i]);
            writeRows(db[i], i, tile, tile.db[i]);
        }
    }

    /** Writes an array of a layer, laid out as its voltages, as rows. */
    public void writeRows(float[] from, int layer, Tile tile, float[] to) {
        int stride = tile.strides[layer];
        for (int p = 0; p < panels(tile.count); p++) {
            int first = p * width;
            int count = Math.min(width, tile.count - first);
            int at = at(layer, p, 0);
            Transposition.copy(from, at, width, sizes[layer], count, to, first * stride, stride);
        }
    }
}
