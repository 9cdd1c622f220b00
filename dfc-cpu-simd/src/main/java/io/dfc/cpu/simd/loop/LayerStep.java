package io.dfc.cpu.simd.loop;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.PackedMatrix;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * The time step of a layer: apical and somatic voltages and rates, a block of columns at a time,
 * right after the product that gives their basal voltages, while the columns are in the cache. Used
 * by one thread at a time.
 */
public final class LayerStep implements Gemm.Epilogue {
    private static final int WIDTH = Gemm.MAX_FINISHED_COLUMNS;

    private final PackedMatrix drives;
    private final PackedMatrix up;
    private final PackedMatrix feedback;
    private final int index;
    private final boolean instantApical;
    private final float apicalRate;
    private final SomaticStep somatic;
    private final float noiseFactor;
    private final boolean filters;
    private final float noiseRetention;

    /**
     * Input of the somatic voltages of a block of columns, at first the basal voltages alone,
     * [rows, columns], rows {@link #WIDTH} apart.
     */
    private float[] input = new float[0];

    /** Input of the apical voltages of the block, likewise. */
    private float[] drive = new float[0];

    private Tile tile;
    private LayerActivity layer;
    private boolean noisy;

    /** Whether the apical voltages are instantaneous and without noise, hence {@code Q_i u}. */
    private boolean noiselessInstant;

    private boolean storesBasal;
    private boolean storesApical;

    /**
     * The step of a layer.
     *
     * @param noiseFactor what a standard normal number adds to an apical voltage, or to filtered
     *     noise
     * @param filters whether noise is filtered and added to instantaneous apical voltages
     * @param noiseRetention share of filtered noise that is left after a step
     */
    public LayerStep(
            Model model,
            int index,
            Dynamics dynamics,
            float noiseFactor,
            boolean filters,
            float noiseRetention) {
        this(model, index, dynamics, noiseFactor, filters, noiseRetention, model.feedback[index]);
    }

    /**
     * The step of a layer with noise that gets the control signal by another matrix than {@code
     * Q_i^T}.
     *
     * @param noiseFactor what a standard normal number adds to an apical voltage
     * @param feedback control to apical voltages
     */
    public LayerStep(
            Model model, int index, Dynamics dynamics, float noiseFactor, PackedMatrix feedback) {
        this(model, index, dynamics, noiseFactor, false, 0f, feedback);
    }

    private LayerStep(
            Model model,
            int index,
            Dynamics dynamics,
            float noiseFactor,
            boolean filters,
            float noiseRetention,
            PackedMatrix feedback) {
        drives = model.drive[index];
        up = model.up[index];
        this.feedback = feedback;
        this.index = index;
        instantApical = dynamics.apicalTimeConstant() == dynamics.timeStep();
        apicalRate = (float) dynamics.apicalRate();
        somatic =
                new SomaticStep(
                        model.network.activation(index),
                        dynamics.instantSystem(),
                        (float) dynamics.somaticRate());
        this.noiseFactor = noiseFactor;
        this.filters = filters;
        this.noiseRetention = noiseRetention;
    }

    /** The layer with instantaneous apical and somatic voltages. */
    public LayerStep(Model model, int index) {
        drives = model.drive[index];
        up = model.up[index];
        feedback = model.feedback[index];
        this.index = index;
        instantApical = true;
        apicalRate = 1;
        somatic = new SomaticStep(model.network.activation(index), true, 1f);
        noiseFactor = 0;
        filters = false;
        noiseRetention = 0;
    }

    /**
     * Advances the layer.
     *
     * @param fresh whether the tile's scratch holds normal numbers for this step
     * @param stored voltages that the tile must hold afterwards
     */
    public void run(Tile of, LayerActivity feedforward, boolean fresh, StoredVoltages stored) {
        tile = of;
        layer = feedforward;
        noisy = fresh;
        noiselessInstant = instantApical && !noisy;
        storesBasal = stored.basal;
        storesApical = !noiselessInstant || stored.apical;
        if (input.length < tile.capacity * WIDTH) {
            input = new float[tile.capacity * WIDTH];
            drive = new float[tile.capacity * WIDTH];
        }
        if (index == 0) {
            // The input of the first layer is constant.
            if (noiselessInstant) {
                Gemm.multiplyColumnBlocks(
                        tile.applied, tile.outputs, tile.rows, feedback, input, this);
            } else {
                Gemm.visit(feedback, this);
            }
            return;
        }
        float[] below = tile.dr[index - 1];
        int stride = tile.strides[index - 1];
        if (noiselessInstant) {
            Gemm.multiplyTwoColumnBlocks(
                    below,
                    stride,
                    tile.rows,
                    tile.applied,
                    tile.outputs,
                    drives,
                    storesBasal ? tile.db[index] : null,
                    layer.stride,
                    input,
                    this);
        } else {
            Gemm.multiplyColumnBlocks(below, stride, tile.rows, up, input, this);
        }
    }

    @Override
    public void finish(int column, int columns) {
        if (storesApical) {
            Gemm.multiplyColumnBlock(
                    tile.applied, tile.outputs, tile.rows, feedback, column, columns, drive);
        }
        if (noiselessInstant) {
            if (storesApical) {
                store(drive, tile.apical[index], column, columns);
            }
        } else {
            if (index == 0) {
                Arrays.fill(input, 0, tile.rows * WIDTH, 0f);
            } else if (storesBasal) {
                store(input, tile.db[index], column, columns);
            }
            if (noisy && filters) {
                addFilteredNoise(column, columns);
            } else if (noisy) {
                filterNoisyApical(column, columns);
            } else {
                filterApical(column, columns);
            }
        }
        int at = tile.first * layer.stride + column;
        somatic.advance(
                layer,
                at,
                input,
                WIDTH,
                tile.dv[index],
                column,
                tile.dr[index],
                column,
                tile.rows,
                columns);
    }

    /** Writes a block of columns to the tile. */
    private void store(float[] block, float[] out, int column, int columns) {
        for (int row = 0; row < tile.rows; row++) {
            int to = row * layer.stride + column;
            int from = row * WIDTH;
            for (int c = 0; c < columns; c += LANES) {
                fromArray(F, block, from + c).intoArray(out, to + c);
            }
        }
    }

    /** Filters the apical voltages of some columns, and adds them to the basal voltages. */
    private void filterApical(int column, int columns) {
        float[] apical = tile.apical[index];
        FloatVector rate = FloatVector.broadcast(F, apicalRate);
        for (int row = 0; row < tile.rows; row++) {
            int at = row * layer.stride + column;
            int from = row * WIDTH;
            for (int c = 0; c < columns; c += LANES) {
                FloatVector old = fromArray(F, apical, at + c);
                FloatVector a = fromArray(F, drive, from + c).sub(old).fma(rate, old);
                a.intoArray(apical, at + c);
                fromArray(F, input, from + c).add(a).intoArray(input, from + c);
            }
        }
    }

    /**
     * The same with noise. A loop of its own, since a choice between vectors may turn them into
     * objects.
     */
    private void filterNoisyApical(int column, int columns) {
        float[] apical = tile.apical[index];
        float[] noise = tile.scratch[index];
        FloatVector rate = FloatVector.broadcast(F, apicalRate);
        FloatVector factor = FloatVector.broadcast(F, noiseFactor);
        for (int row = 0; row < tile.rows; row++) {
            int at = row * layer.stride + column;
            int from = row * WIDTH;
            for (int c = 0; c < columns; c += LANES) {
                FloatVector old = fromArray(F, apical, at + c);
                FloatVector mean = fromArray(F, drive, from + c).sub(old).fma(rate, old);
                FloatVector a = fromArray(F, noise, at + c).fma(factor, mean);
                a.intoArray(apical, at + c);
                fromArray(F, input, from + c).add(a).intoArray(input, from + c);
            }
        }
    }

    /**
     * Adds filtered noise to the instantaneous apical voltages, and these to the basal voltages.
     */
    private void addFilteredNoise(int column, int columns) {
        float[] apical = tile.apical[index];
        float[] noise = tile.scratch[index];
        float[] filtered = tile.filteredNoise[index];
        FloatVector factor = FloatVector.broadcast(F, noiseFactor);
        FloatVector share = FloatVector.broadcast(F, noiseRetention);
        for (int row = 0; row < tile.rows; row++) {
            int at = row * layer.stride + column;
            int from = row * WIDTH;
            for (int c = 0; c < columns; c += LANES) {
                FloatVector fresh = fromArray(F, noise, at + c).mul(factor);
                FloatVector z = fromArray(F, filtered, at + c).fma(share, fresh);
                z.intoArray(filtered, at + c);
                FloatVector a = fromArray(F, drive, from + c).add(z);
                a.intoArray(apical, at + c);
                fromArray(F, input, from + c).add(a).intoArray(input, from + c);
            }
        }
    }
}
