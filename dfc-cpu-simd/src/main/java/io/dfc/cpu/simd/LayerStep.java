package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.network.Activation;

import jdk.incubator.vector.FloatVector;

/**
 * What a time step does to a layer besides the product that gives the basal voltages: apical and
 * somatic voltages and rates, some columns of that product at a time, while they are near. Used by
 * one thread at a time.
 */
final class LayerStep implements Gemm.Epilogue {
    private final PackedMatrix feedback;
    private final Activation activation;
    private final int index;
    private final boolean instantApical;
    private final boolean instantSystem;
    private final float apicalRate;
    private final float somaticRate;
    private final float noiseFactor;

    /** What drives the apical voltages of some columns, then these voltages, [rows, columns]. */
    private float[] drive = new float[0];

    private Tile tile;
    private LayerActivity layer;
    private boolean noisy;

    /**
     * The step of a layer.
     *
     * @param noiseFactor what a standard normal number adds to an apical voltage
     */
    LayerStep(Model model, int index, Dynamics dynamics, float noiseFactor) {
        feedback = model.feedback[index];
        activation = model.network.activation(index);
        this.index = index;
        instantApical = dynamics.apicalTimeConstant() == dynamics.timeStep();
        apicalRate = (float) dynamics.apicalRate();
        instantSystem = dynamics.instantSystem();
        somaticRate = (float) dynamics.somaticRate();
        this.noiseFactor = noiseFactor;
    }

    /** The layer with all voltages at once at what drives them. */
    LayerStep(Model model, int index) {
        feedback = model.feedback[index];
        activation = model.network.activation(index);
        this.index = index;
        instantApical = true;
        instantSystem = true;
        apicalRate = 1;
        somaticRate = 1;
        noiseFactor = 0;
    }

    /**
     * Advances the layer.
     *
     * @param up weights from the layer below; null for the first layer, whose input is constant
     * @param fresh whether the tile's scratch holds normal numbers for this step
     */
    void run(Tile of, LayerActivity feedforward, PackedMatrix up, boolean fresh) {
        tile = of;
        layer = feedforward;
        noisy = fresh;
        if (drive.length < tile.capacity * Gemm.MAX_FINISHED_COLUMNS) {
            drive = new float[tile.capacity * Gemm.MAX_FINISHED_COLUMNS];
        }
        int stride = tile.strides[index];
        if (up == null) {
            Gemm.visit(feedback.vectors, this);
        } else {
            int below = tile.strides[index - 1];
            float[] rates = tile.dr[index - 1];
            Gemm.multiply(rates, 0, below, tile.rows, up, null, tile.db[index], 0, stride, this);
        }
    }

    @Override
    public void finish(int column, int columns) {
        Gemm.multiplyColumns(
                tile.applied, tile.outputs, tile.rows, feedback, column, columns, drive);
        if (!instantApical) {
            approach(tile.apical[index], column, columns);
        }
        if (noisy) {
            addNoise(tile.scratch[index], column, columns);
        }
        if (instantSystem) {
            arrive(column, columns);
        } else {
            integrate(column, columns);
        }
        int stride = layer.stride;
        Rates.difference(
                activation,
                layer,
                tile.first * stride + column,
                tile.dv[index],
                column,
                tile.dr[index],
                column,
                tile.rows,
                columns);
    }

    /** Lets the apical voltages of some columns approach their drive. */
    private void approach(float[] apical, int column, int columns) {
        FloatVector rate = FloatVector.broadcast(F, apicalRate);
        for (int row = 0; row < tile.rows; row++) {
            int at = row * layer.stride + column;
            int from = row * columns;
            for (int c = 0; c < columns; c += LANES) {
                FloatVector old = fromArray(F, apical, at + c);
                fromArray(F, drive, from + c).sub(old).fma(rate, old).intoArray(drive, from + c);
            }
        }
    }

    private void addNoise(float[] noise, int column, int columns) {
        FloatVector factor = FloatVector.broadcast(F, noiseFactor);
        for (int row = 0; row < tile.rows; row++) {
            int at = row * layer.stride + column;
            int from = row * columns;
            for (int c = 0; c < columns; c += LANES) {
                FloatVector a = fromArray(F, drive, from + c);
                factor.fma(fromArray(F, noise, at + c), a).intoArray(drive, from + c);
            }
        }
    }

    /** Puts the somatic voltages of some columns where their input is. */
    private void arrive(int column, int columns) {
        float[] basal = tile.db[index];
        float[] apical = tile.apical[index];
        float[] v = tile.dv[index];
        for (int row = 0; row < tile.rows; row++) {
            int at = row * layer.stride + column;
            int from = row * columns;
            for (int c = 0; c < columns; c += LANES) {
                FloatVector a = fromArray(F, drive, from + c);
                a.intoArray(apical, at + c);
                fromArray(F, basal, at + c).add(a).intoArray(v, at + c);
            }
        }
    }

    /** Lets the somatic voltages of some columns approach their input. */
    private void integrate(int column, int columns) {
        float[] basal = tile.db[index];
        float[] apical = tile.apical[index];
        float[] v = tile.dv[index];
        FloatVector rate = FloatVector.broadcast(F, somaticRate);
        for (int row = 0; row < tile.rows; row++) {
            int at = row * layer.stride + column;
            int from = row * columns;
            for (int c = 0; c < columns; c += LANES) {
                FloatVector a = fromArray(F, drive, from + c);
                a.intoArray(apical, at + c);
                FloatVector old = fromArray(F, v, at + c);
                fromArray(F, basal, at + c).add(a).sub(old).fma(rate, old).intoArray(v, at + c);
            }
        }
    }
}
