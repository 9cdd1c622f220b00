package io.dfc.cpu.simd.wide;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.cpu.simd.kernel.LaneSums;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.product.Gemm;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * What the control adds to the voltages of a tile, {@code S_i} times its filtered coordinates,
 * computed at every {@value #PERIOD}th step and extrapolated between, by the parabola through the
 * last three. The filter makes it smooth, and against the noise it is small. Used by one thread at
 * a time.
 */
final class PredictedDrive {
    /** Steps between two products. */
    static final int PERIOD = 4;

    /** Largest apical rate with which a parabola is worth trying. */
    static final double FASTEST = 0.1;

    /**
     * Root of the mean square of what a parabola misses in the steps of a period, as a share of
     * what it misses at the next product: of {@code s (s + 1) (s + 2) / 6} at its four steps.
     */
    private static final double MEAN_SHARE = 0.35;

    private final ReadoutBasis basis;
    private final Tile tile;
    private final int stride;

    /** The last product, and differences to those before, by layer. */
    final float[][] value;

    final float[][] first;
    final float[][] second;
    private final float[][] product;

    // Squared norms of what was predicted wrongly and of the apical voltages, by layer.
    private final double[] error;
    private final double[] whole;
    private final float[] lanes = new float[LANES];

    PredictedDrive(ReadoutBasis basis, Tile tile, int layers) {
        this.basis = basis;
        this.tile = tile;
        stride = tile.strides[layers - 1];
        value = arrays(layers);
        first = arrays(layers);
        second = arrays(layers);
        product = arrays(layers);
        error = new double[layers];
        whole = new double[layers];
    }

    private float[][] arrays(int layers) {
        float[][] all = new float[layers][];
        for (int i = 0; i < layers; i++) {
            all[i] = new float[tile.capacity * tile.strides[i]];
        }
        return all;
    }

    /** Forgets the errors. */
    void clearErrors() {
        Arrays.fill(error, 0);
        Arrays.fill(whole, 0);
    }

    /** Begins a simulation without control. */
    void begin() {
        for (int i = 0; i < value.length; i++) {
            Arrays.fill(value[i], 0f);
            Arrays.fill(first[i], 0f);
            Arrays.fill(second[i], 0f);
        }
    }

    /** Place of a step in its period, from 0 to less than 1; at 0 a product is due. */
    static float place(int step) {
        return (float) ((step + 1) % PERIOD) / PERIOD;
    }

    /** Takes the filtered coordinates at a step of place 0. */
    void take(float[] coordinates) {
        for (int i = 0; i < value.length; i++) {
            int to = tile.strides[i];
            float[] now = product[i];
            Gemm.multiply(coordinates, 0, stride, tile.rows, basis.coupling[i], now, 0, to);
            double missed = renew(now, value[i], first[i], second[i], tile.rows * to);
            error[i] += MEAN_SHARE * MEAN_SHARE * missed;
            whole[i] += total(now, tile.apical[i], tile.rows * to);
        }
    }

    /** Moves the differences on; the squared norm of what they have missed. */
    private double renew(float[] now, float[] old, float[] first, float[] second, int n) {
        FloatVector sum = FloatVector.zero(F);
        for (int k = 0; k < n; k += LANES) {
            FloatVector p = fromArray(F, now, k);
            FloatVector difference = p.sub(fromArray(F, old, k));
            FloatVector last = fromArray(F, first, k);
            FloatVector change = difference.sub(last);
            FloatVector missed = change.sub(fromArray(F, second, k));
            p.intoArray(old, k);
            difference.intoArray(first, k);
            change.intoArray(second, k);
            sum = missed.fma(missed, sum);
        }
        sum.intoArray(lanes, 0);
        return LaneSums.sum(lanes);
    }

    private double total(float[] control, float[] noise, int n) {
        FloatVector sum = FloatVector.zero(F);
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = fromArray(F, control, k).add(fromArray(F, noise, k));
            sum = x.fma(x, sum);
        }
        sum.intoArray(lanes, 0);
        return LaneSums.sum(lanes);
    }

    /** Squared norm of what was predicted wrongly in a layer since the errors were forgotten. */
    double squaredError(int layer) {
        return error[layer];
    }

    /** Squared norm of the apical voltages at the same steps. */
    double squaredWhole(int layer) {
        return whole[layer];
    }
}
