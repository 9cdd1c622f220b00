package io.dfc.cpu.simd.learn;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.LayerTile;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;
import io.dfc.api.spi.support.UserCode;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.kernel.RateDifference;
import io.dfc.cpu.simd.loop.LaneTile;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Batch;

import java.util.Arrays;

/** Postsynaptic factors of one rule for the samples of a tile. */
public final class PostsynapticFactors {
    private final Network network;
    private final LearningRule rule;
    private final float[] work;
    private final double[][] state;

    /** Tiles of a user's rule: v^-, basal deviation, difference, postsynaptic factor. */
    private double[][] user;

    public PostsynapticFactors(Network network, LearningRule rule, Tile tile) {
        this.network = network;
        this.rule = rule;
        int widest = 0;
        state = new double[network.depth()][];
        for (int i = 0; i < state.length; i++) {
            widest = Math.max(widest, tile.strides[i]);
            state[i] = new double[tile.capacity * rule.stateSize(network.size(i))];
        }
        work = new float[tile.capacity * widest];
    }

    /** Clears the state of the rule. */
    public void reset() {
        for (double[] s : state) {
            Arrays.fill(s, 0);
        }
    }

    /**
     * Writes the factors of a layer.
     *
     * @param basal deviation of the basal voltage that the rule sees; the tile's own array if it is
     *     the stored one, null if the deviation is zero
     * @param out padded [rows, n_i], from {@code at} on
     */
    public void write(Tile tile, Batch batch, int i, float[] basal, float[] out, int at) {
        int n = tile.rows * tile.strides[i];
        if (!(rule instanceof DfcRule builtIn)) {
            userFactor(tile, batch, i, basal, out, at);
            return;
        }
        LayerActivity layer = batch.layers[i];
        int origin = tile.first * layer.stride;
        switch (builtIn) {
            case VOLTAGE_DIFFERENCE -> subtract(tile.dv[i], tile.db[i], 0, out, at, n);
            case DERIVATIVE -> {
                subtract(tile.dv[i], tile.db[i], 0, out, at, n);
                scale(layer.slope, origin, out, at, n);
            }
            case NONLINEAR_DIFFERENCE ->
                    nonlinearDifference(tile, layer, origin, i, basal, out, at);
        }
    }

    /** {@code phi(w + d) - phi(w)} as a difference of two deviations from the feedforward rate. */
    @SuppressWarnings("ReferenceEquality") // asks whether it is the very array of the tile
    private void nonlinearDifference(
            Tile tile, LayerActivity layer, int origin, int i, float[] basal, float[] out, int at) {
        int n = tile.rows * tile.strides[i];
        Activation activation = network.activation(i);
        boolean shifted = basal != null && i > 0;
        if (basal != tile.db[i]) {
            subtract(tile.dv[i], tile.db[i], 0, work, 0, n);
            if (basal != null) {
                addTo(work, basal, n);
            }
            RateDifference.writeVectors(activation, layer, origin, work, 0, out, at, n);
            if (shifted) {
                RateDifference.writeVectors(activation, layer, origin, basal, 0, work, 0, n);
                for (int k = 0; k < n; k += LANES) {
                    fromArray(F, out, at + k).sub(fromArray(F, work, k)).intoArray(out, at + k);
                }
            }
        } else if (shifted) {
            RateDifference.subtract(activation, layer, origin, tile.dr[i], 0, basal, 0, out, at, n);
        } else {
            System.arraycopy(tile.dr[i], 0, out, at, n);
        }
    }

    /**
     * Writes the factors of a layer for the basal voltages that the tile has.
     *
     * @param panels number of panels that have samples
     * @param out [panels, n_i, width]
     */
    public void write(LaneTile tile, int panels, int i, float[] out) {
        LayerActivity layer = tile.layers[i];
        float[] dv = tile.dv[i];
        float[] db = tile.db[i];
        int n = tile.sizes[i] * tile.width;
        for (int p = 0; p < panels; p++) {
            int at = tile.at(i, p, 0);
            switch ((DfcRule) rule) {
                case VOLTAGE_DIFFERENCE -> subtract(dv, db, at, out, at, n);
                case DERIVATIVE -> {
                    subtract(dv, db, at, out, at, n);
                    scale(layer.slope, at, out, at, n);
                }
                case NONLINEAR_DIFFERENCE -> {
                    if (i > 0) {
                        Activation activation = network.activation(i);
                        RateDifference.subtract(
                                activation, layer, at, tile.dr[i], at, db, at, out, at, n);
                    } else {
                        System.arraycopy(tile.dr[i], at, out, at, n);
                    }
                }
            }
        }
    }

    private static void subtract(float[] a, float[] b, int from, float[] out, int at, int n) {
        for (int k = 0; k < n; k += LANES) {
            fromArray(F, a, from + k).sub(fromArray(F, b, from + k)).intoArray(out, at + k);
        }
    }

    private static void scale(float[] factor, int from, float[] out, int at, int n) {
        for (int k = 0; k < n; k += LANES) {
            fromArray(F, out, at + k).mul(fromArray(F, factor, from + k)).intoArray(out, at + k);
        }
    }

    private static void addTo(float[] sum, float[] x, int n) {
        for (int k = 0; k < n; k += LANES) {
            fromArray(F, sum, k).add(fromArray(F, x, k)).intoArray(sum, k);
        }
    }

    private void userFactor(Tile tile, Batch batch, int i, float[] basal, float[] out, int at) {
        int size = network.size(i);
        int stride = tile.strides[i];
        if (user == null) {
            user = new double[4][work.length];
        }
        LayerActivity layer = batch.layers[i];
        for (int s = 0; s < tile.count; s++) {
            for (int j = 0; j < size; j++) {
                int from = s * stride + j;
                int to = s * size + j;
                user[0][to] = layer.v[(tile.first + s) * stride + j];
                user[1][to] = basal == null ? 0 : basal[from];
                user[2][to] = (double) tile.dv[i][from] - tile.db[i][from];
            }
        }
        LayerTile seen =
                new LayerTile(0, tile.count, size, user[0], user[1], user[2], user[3], state[i]);
        rule.postsynapticFactor(network.activation(i), seen);
        UserCode.requireFinite(rule, seen, i);
        Arrays.fill(out, at, at + tile.rows * stride, 0f);
        for (int s = 0; s < tile.count; s++) {
            for (int j = 0; j < size; j++) {
                out[at + s * stride + j] = (float) user[3][s * size + j];
            }
        }
    }

    /** Writes the controlled rates {@code r^- + dr} of a layer. */
    public static void rates(Tile tile, Batch batch, int i, float[] out, int at) {
        int n = tile.rows * tile.strides[i];
        LayerActivity layer = batch.layers[i];
        int origin = tile.first * layer.stride;
        for (int k = 0; k < n; k += LANES) {
            fromArray(F, layer.r, origin + k)
                    .add(fromArray(F, tile.dr[i], k))
                    .intoArray(out, at + k);
        }
    }
}
