package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;

import io.dfc.api.network.Network;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * Presynaptic rates of a tile at some time points, as the right factor of the sums over time that
 * all updates of a slot form: [points * samples, n_(i-1)] in panels.
 */
final class GatheredRates {
    /** Time points that are multiplied at once: with a tile's samples as many as fit a block. */
    static final int POINTS = 8;

    private final int samples;
    private final PackedMatrix[] rates;

    /** Rates of one layer at one time point. */
    private final float[] work;

    private final boolean[] excluded;

    GatheredRates(Network network, Tile tile) {
        samples = tile.capacity;
        excluded = new boolean[samples];
        rates = new PackedMatrix[network.depth()];
        int widest = 0;
        for (int i = 1; i < rates.length; i++) {
            rates[i] = new PackedMatrix(POINTS * samples, network.fanIn(i));
            widest = Math.max(widest, Simd.stride(network.fanIn(i)));
        }
        work = new float[Math.multiplyExact(widest, samples)];
    }

    /** Right factor of a layer above the first. */
    PackedMatrix of(int layer) {
        return rates[layer];
    }

    void beginTile() {
        Arrays.fill(excluded, false);
    }

    /**
     * Leaves a sample of the tile out: what diverged must not meet the others, not even as zero.
     */
    void exclude(int sample) {
        excluded[sample] = true;
    }

    /** Takes the rates of a time point from a tile whose samples are rows. */
    void gather(int point, Tile tile, Batch batch) {
        for (int i = 1; i < rates.length; i++) {
            Teaching.rates(tile, batch, i - 1, work, 0);
            PackedMatrix to = rates[i];
            int width;
            for (int v = 0; v < to.vectors; v += width / LANES) {
                width = to.shape.panelVectors(to.vectors - v) * LANES;
                int at = to.place(v, width, point * samples);
                for (int s = 0; s < tile.rows; s++) {
                    int from = s * tile.strides[i - 1] + v * LANES;
                    System.arraycopy(work, from, to.data, at + s * width, width);
                }
            }
        }
        clearExcluded(point);
    }

    /** Takes the rates of a time point from a tile whose samples are side by side. */
    void gather(int point, LaneTile tile, int panels) {
        for (int i = 1; i < rates.length; i++) {
            PackedMatrix to = rates[i];
            for (int p = 0; p < panels; p++) {
                int n = tile.sizes[i - 1] * tile.width;
                add(
                        tile.layers[i - 1].r,
                        tile.at(i - 1, p, 0),
                        tile.dr[i - 1],
                        tile.rateAt(i - 1, p, 0),
                        work,
                        n);
                transpose(to, point * samples + p * tile.width, tile.width);
            }
        }
        clearExcluded(point);
    }

    private static void add(float[] a, int aAt, float[] b, int bAt, float[] out, int n) {
        for (int k = 0; k < n; k += LANES) {
            FloatVector.fromArray(F, a, aAt + k)
                    .add(FloatVector.fromArray(F, b, bAt + k))
                    .intoArray(out, k);
        }
    }

    /** Writes samples that lie side by side as rows. */
    private void transpose(PackedMatrix to, int row, int count) {
        int width;
        for (int v = 0; v < to.vectors; v += width / LANES) {
            width = to.shape.panelVectors(to.vectors - v) * LANES;
            int first = v * LANES;
            int columns = Math.min(width, to.columns - first);
            Transposition.copy(
                    work,
                    first * count,
                    count,
                    columns,
                    count,
                    to.data,
                    to.place(v, width, row),
                    width);
        }
    }

    private void clearExcluded(int point) {
        for (int s = 0; s < samples; s++) {
            if (excluded[s]) {
                clear(point * samples + s, point * samples + s + 1);
            }
        }
    }

    /** Forgets the time points from one on. */
    void clearFrom(int point) {
        clear(point * samples, POINTS * samples);
    }

    private void clear(int from, int to) {
        for (int i = 1; i < rates.length; i++) {
            PackedMatrix of = rates[i];
            int width;
            for (int v = 0; v < of.vectors; v += width / LANES) {
                width = of.shape.panelVectors(of.vectors - v) * LANES;
                Arrays.fill(of.data, of.place(v, width, from), of.place(v, width, to), 0f);
            }
        }
    }
}
