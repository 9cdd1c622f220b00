package io.dfc.cpu.simd.learn;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.kernel.Transposition;
import io.dfc.cpu.simd.loop.LaneTile;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.product.Gemm;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * The time average of one continuous update over the samples of a workspace. Postsynaptic factors
 * and presynaptic rates of some steps are gathered and then multiplied at once, so that the
 * products run at the speed of a matrix product; the first layer's input is constant, so its
 * factors are only summed.
 */
public final class TimeSum {
    private final Network network;
    private final PostsynapticFactors rule;
    private final int samples;

    /** Factors of a layer at one time point. */
    private final float[] atPoint;

    /**
     * Factors of the layers above the first at up to {@link GatheredRates#POINTS} points, [n_i,
     * points * samples], rows {@link #stride} apart.
     */
    private final float[][] factors;

    private final int stride;

    /**
     * Padded gradients of the layers above the first: of the current tile, and of the workspace.
     */
    private final float[][] ofTile;

    public final float[][] total;

    /** Sums of the factors over time, [n_i, samples]. */
    private final float[][] sumsOfTile;

    /** Sums over all samples of the workspace, for the biases. */
    public final float[][] biasTotal;

    /** Sum over time of the first layer's factors, [rows, n_1]. */
    public final float[] first;

    /** The same with samples side by side; zero if the samples of the tile are rows. */
    private final float[] firstInLanes;

    private final boolean[] excluded;
    private int gathered;

    /** The sums of a small network, where they are formed at every time point; null for others. */
    private final LaneTimeSum direct;

    /**
     * Sums of zero.
     *
     * @param width samples side by side, where they are
     */
    public TimeSum(Network network, ForwardPlasticity update, Tile tile, int width) {
        this.network = network;
        direct = LaneTimeSum.covers(network) ? LaneTimeSum.of(network, width, tile.capacity) : null;
        samples = tile.capacity;
        rule = new PostsynapticFactors(network, update.rule(), tile);
        int depth = network.depth();
        factors = new float[depth][];
        stride = Simd.stride(GatheredRates.POINTS * samples);
        ofTile = new float[depth][];
        total = new float[depth][];
        sumsOfTile = new float[depth][];
        biasTotal = new float[depth][];
        int widest = tile.strides[0];
        for (int i = 1; i < depth; i++) {
            widest = Math.max(widest, tile.strides[i]);
            factors[i] = new float[Math.multiplyExact(network.size(i), stride)];
            int rows = Simd.roundUp(network.size(i), Simd.BLOCK);
            ofTile[i] = new float[Math.multiplyExact(rows, tile.strides[i - 1])];
            total[i] = new float[ofTile[i].length];
            sumsOfTile[i] = new float[network.size(i) * samples];
            biasTotal[i] = new float[tile.strides[i]];
        }
        atPoint = new float[samples * widest];
        first = new float[samples * tile.strides[0]];
        firstInLanes = new float[samples * network.size(0)];
        excluded = new boolean[samples];
    }

    public void begin() {
        clear(total);
        clear(biasTotal);
    }

    public void beginTile() {
        clear(ofTile);
        clear(sumsOfTile);
        Arrays.fill(first, 0f);
        Arrays.fill(firstInLanes, 0f);
        Arrays.fill(excluded, false);
        rule.reset();
        gathered = 0;
        if (direct != null) {
            direct.clear();
        }
    }

    /** Whether the time points of a tile are summed as they come, and none is gathered. */
    public static boolean sumsDirectly(Network network, LaneTile tile) {
        return tile != null && tile.holdsExcluded() && LaneTimeSum.covers(network);
    }

    /** Excludes a sample of the tile. */
    public void exclude(int sample) {
        excluded[sample] = true;
    }

    /** Gathers the factors of a time point from a tile whose samples are rows. */
    public void gather(Tile tile, Batch batch) {
        for (int i = 0; i < network.depth(); i++) {
            int distance = tile.strides[i];
            rule.write(tile, batch, i, tile.db[i], atPoint, 0);
            if (i == 0) {
                add(first, atPoint, tile.rows * distance);
            } else {
                int to = gathered * samples;
                Transposition.copy(
                        atPoint, 0, distance, tile.count, network.size(i), factors[i], to, stride);
                clearUnused(i, tile.count);
            }
        }
        gathered++;
    }

    /** Gathers the factors of a time point from a tile whose samples are side by side. */
    public void gather(LaneTile tile, int count) {
        int panels = tile.panels(count);
        for (int i = 0; i < network.depth(); i++) {
            rule.write(tile, panels, i, atPoint);
            if (sumsDirectly(network, tile)) {
                direct.add(tile, panels, i, atPoint);
            } else if (i == 0) {
                add(firstInLanes, atPoint, panels * tile.width * network.size(0));
            } else {
                for (int p = 0; p < panels; p++) {
                    int to = gathered * samples + p * tile.width;
                    copy(atPoint, tile.at(i, p, 0), tile.width, network.size(i), factors[i], to);
                }
                clearUnused(i, panels * tile.width);
            }
        }
        gathered++;
    }

    private void commitDirect(Tile tile, LaneTile lanes) {
        int panels = lanes.panels(tile.count);
        for (int i = 1; i < network.depth(); i++) {
            direct.commit(lanes, panels, i, total[i], biasTotal[i]);
        }
        lanes.writeRows(direct.factors(0), 0, tile, first);
    }

    /** Copies rows to where those of a time point begin. */
    private void copy(float[] from, int at, int width, int rows, float[] to, int toAt) {
        for (int row = 0; row < rows; row++) {
            for (int c = 0; c < width; c += LANES) {
                FloatVector.fromArray(F, from, at + row * width + c)
                        .intoArray(to, toAt + row * stride + c);
            }
        }
    }

    /** Clears the factors of samples that are excluded or that the tile does not have. */
    private void clearUnused(int layer, int count) {
        int at = gathered * samples;
        for (int s = 0; s < samples; s++) {
            if (s >= count || excluded[s]) {
                clearColumns(layer, at + s, at + s + 1);
            }
        }
    }

    private void clearColumns(int layer, int from, int to) {
        for (int row = 0; row < network.size(layer); row++) {
            Arrays.fill(factors[layer], row * stride + from, row * stride + to, 0f);
        }
    }

    /** Multiplies what was gathered. */
    public void flush(GatheredRates rates) {
        for (int i = 1; i < network.depth(); i++) {
            addPoints(factors[i], sumsOfTile[i]);
            Gemm.add(
                    factors[i],
                    stride,
                    network.size(i),
                    rates.deviations(i),
                    gathered * samples,
                    ofTile[i],
                    Simd.stride(network.fanIn(i)));
        }
        gathered = 0;
    }

    /** Adds the factors of all points, sample by sample. */
    private void addPoints(float[] x, float[] sum) {
        int end = gathered * samples;
        for (int to = 0, row = 0; to < sum.length; to += samples, row += stride) {
            for (int c = 0; c < samples; c += LANES) {
                FloatVector ofSample = FloatVector.fromArray(F, sum, to + c);
                for (int k = c; k < end; k += samples) {
                    ofSample = FloatVector.fromArray(F, x, row + k).add(ofSample);
                }
                ofSample.intoArray(sum, to + c);
            }
        }
    }

    /**
     * Adds the tile to the workspace's sums.
     *
     * @param lanes the tile with its samples side by side; null if they are rows
     */
    public void commitTile(Tile tile, LaneTile lanes, GatheredRates rates) {
        if (sumsDirectly(network, lanes)) {
            commitDirect(tile, lanes);
            return;
        }
        for (int i = 1; i < network.depth(); i++) {
            Gemm.add(
                    sumsOfTile[i],
                    samples,
                    network.size(i),
                    rates.feedforward(i),
                    samples,
                    ofTile[i],
                    Simd.stride(network.fanIn(i)));
            add(total[i], ofTile[i], total[i].length);
            for (int row = 0; row < network.size(i); row++) {
                biasTotal[i][row] += sum(sumsOfTile[i], row * samples);
            }
        }
        if (lanes != null) {
            lanes.writeRows(firstInLanes, 0, tile, first);
        }
        for (int s = 0; s < samples; s++) {
            if (excluded[s]) {
                Arrays.fill(first, s * tile.strides[0], (s + 1) * tile.strides[0], 0f);
            }
        }
    }

    /** In the order of the samples, since the order of a sum over lanes is undefined. */
    private float sum(float[] x, int from) {
        float sum = 0;
        for (int k = from; k < from + samples; k++) {
            sum += x[k];
        }
        return sum;
    }

    private static void add(float[] sum, float[] x, int n) {
        for (int k = 0; k < n; k++) {
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
