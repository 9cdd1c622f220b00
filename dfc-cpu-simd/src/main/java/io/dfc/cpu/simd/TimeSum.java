package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;

import io.dfc.api.learn.Update;
import io.dfc.api.network.Network;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * The time average of one continuous update over the samples of a slot. Teaching signals and
 * presynaptic rates of some steps are gathered and then multiplied at once, so that the products
 * run at the speed of a matrix product; the first layer's input is constant, so its signals are
 * only summed.
 */
final class TimeSum {
    private static final int STEPS = 16;

    private final Network network;
    private final Teaching teaching;
    private final OuterKernel outer;

    /** Signals of up to {@link #STEPS} points, [steps * rows, n_i]. */
    private final float[][] signals;

    /**
     * Padded gradients of the layers above the first: of the steps gathered last, of the current
     * tile, and of the slot.
     */
    private final float[][] ofSteps;

    private final float[][] ofTile;

    final float[][] total;

    /** Sums of the signals over time for the biases. */
    private final float[][] biasOfTile;

    final float[][] biasTotal;

    /** Sum over time of the first layer's signals, [rows, n_1]. */
    final float[] first;

    private final boolean[] excluded;
    private int gathered;

    TimeSum(Network network, Update update, Tile tile) {
        this.network = network;
        teaching = new Teaching(network, update.rule(), tile);
        outer = OuterKernel.of(network);
        int depth = network.depth();
        signals = new float[depth][];
        ofSteps = new float[depth][];
        ofTile = new float[depth][];
        total = new float[depth][];
        biasOfTile = new float[depth][];
        biasTotal = new float[depth][];
        for (int i = 0; i < depth; i++) {
            signals[i] = new float[(i == 0 ? 1 : STEPS) * tile.capacity * tile.strides[i]];
            if (i > 0) {
                int rows = Simd.roundUp(network.size(i), Simd.BLOCK);
                ofTile[i] = new float[Math.multiplyExact(rows, tile.strides[i - 1])];
                ofSteps[i] = new float[ofTile[i].length];
                total[i] = new float[ofTile[i].length];
                biasOfTile[i] = new float[tile.strides[i]];
                biasTotal[i] = new float[tile.strides[i]];
            }
        }
        first = new float[tile.capacity * tile.strides[0]];
        excluded = new boolean[tile.capacity];
    }

    /** Buffers for the presynaptic rates, which all updates of a slot share. */
    static float[][] rateBuffers(Network network, Tile tile) {
        float[][] rates = new float[network.depth()][];
        for (int i = 1; i < rates.length; i++) {
            rates[i] = new float[STEPS * tile.capacity * tile.strides[i - 1]];
        }
        return rates;
    }

    static boolean isFull(int points) {
        return points == STEPS;
    }

    void beginSlot() {
        clear(total);
        clear(biasTotal);
    }

    void beginTile() {
        clear(ofTile);
        clear(biasOfTile);
        Arrays.fill(first, 0f);
        Arrays.fill(excluded, false);
        teaching.reset();
        gathered = 0;
    }

    /** Leaves a sample of the tile out. */
    void exclude(int sample) {
        excluded[sample] = true;
    }

    /** Gathers the signals of a time point. */
    void gather(Tile tile, Batch batch) {
        for (int i = 0; i < network.depth(); i++) {
            int stride = tile.strides[i];
            int at = i == 0 ? 0 : gathered * tile.rows * stride;
            teaching.signal(tile, batch, i, tile.db[i], signals[i], at);
            for (int s = 0; s < tile.count; s++) {
                if (excluded[s]) {
                    Arrays.fill(signals[i], at + s * stride, at + (s + 1) * stride, 0f);
                }
            }
            if (i > 0) {
                addRows(signals[i], at, tile.rows, stride, biasOfTile[i]);
            }
        }
        for (int k = 0; k < tile.rows * tile.strides[0]; k++) {
            first[k] += signals[0][k];
        }
        gathered++;
    }

    /** Adds rows to a sum, while they are near. */
    private static void addRows(float[] x, int at, int rows, int stride, float[] sum) {
        for (int c = 0; c < stride; c += LANES) {
            FloatVector ofRows = FloatVector.zero(F);
            for (int row = 0; row < rows; row++) {
                ofRows = FloatVector.fromArray(F, x, at + row * stride + c).add(ofRows);
            }
            FloatVector.fromArray(F, sum, c).add(ofRows).intoArray(sum, c);
        }
    }

    /** Multiplies what was gathered. */
    void flush(Tile tile, float[][] rates) {
        int rows = gathered * tile.rows;
        for (int i = 1; i < network.depth(); i++) {
            int stride = tile.strides[i];
            int below = tile.strides[i - 1];
            int size = Simd.roundUp(network.size(i), Simd.BLOCK);
            // Summed by themselves first, so that a long sum over time keeps its digits.
            Arrays.fill(ofSteps[i], 0f);
            outer.add(
                    signals[i],
                    0,
                    stride,
                    rates[i],
                    0,
                    below,
                    rows,
                    0,
                    size,
                    network.fanIn(i),
                    ofSteps[i],
                    0);
            add(ofTile[i], ofSteps[i]);
        }
        gathered = 0;
    }

    /** Adds the tile to the slot. */
    void commitTile() {
        for (int i = 1; i < network.depth(); i++) {
            add(total[i], ofTile[i]);
            add(biasTotal[i], biasOfTile[i]);
        }
    }

    private static void add(float[] sum, float[] x) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += x[k];
        }
    }

    private static void clear(float[][] arrays) {
        for (float[] x : arrays) {
            if (x != null) {
                Arrays.fill(x, 0f);
            }
        }
    }
}
