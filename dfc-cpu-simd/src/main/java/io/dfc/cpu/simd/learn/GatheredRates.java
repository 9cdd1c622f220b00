package io.dfc.cpu.simd.learn;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.Transposition;
import io.dfc.cpu.simd.loop.LaneTile;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.BlockShape;
import io.dfc.cpu.simd.product.PackedMatrix;

import java.util.Arrays;

/**
 * Presynaptic rates of a tile, as right factors of the sums over time of a workspace. Rates of the
 * feedforward pass are constant, so that only the deviations from them are gathered, at some time
 * points: [points * samples, n_(i-1)] in panels.
 */
public final class GatheredRates {
    /** Time points that are multiplied at once: with a tile's samples as many as fit a block. */
    public static final int POINTS = 8;

    private final int samples;
    private final PackedMatrix[] feedforward;
    private final PackedMatrix[] deviations;
    private final boolean[] excluded;

    public GatheredRates(Model model, Tile tile) {
        Network network = model.network;
        BlockShape shape = model.blocks.products();
        samples = tile.capacity;
        excluded = new boolean[samples];
        feedforward = new PackedMatrix[network.depth()];
        deviations = new PackedMatrix[network.depth()];
        for (int i = 1; i < deviations.length; i++) {
            feedforward[i] = new PackedMatrix(shape, samples, network.fanIn(i));
            deviations[i] = new PackedMatrix(shape, POINTS * samples, network.fanIn(i));
        }
    }

    /** Presynaptic rates of a layer in the feedforward pass, [samples, n_(i-1)]. */
    PackedMatrix feedforward(int layer) {
        return feedforward[layer];
    }

    /** Their deviations at the points gathered, [points * samples, n_(i-1)]. */
    PackedMatrix deviations(int layer) {
        return deviations[layer];
    }

    /** Takes the feedforward rates of the samples that the tile is about to have. */
    public void beginTile(Tile tile, Batch batch, int first, int count) {
        Arrays.fill(excluded, false);
        for (int i = 1; i < feedforward.length; i++) {
            int stride = tile.strides[i - 1];
            float[] r = batch.layers[i - 1].r;
            write(r, first * stride, stride, count, feedforward[i], 0);
            clear(feedforward[i], count, samples);
        }
    }

    /** Excludes a sample of the tile: a diverged state times zero would be undefined. */
    public void exclude(int sample) {
        excluded[sample] = true;
    }

    /** Takes the rates of a time point from a tile whose samples are rows. */
    public void gather(int point, Tile tile) {
        for (int i = 1; i < deviations.length; i++) {
            int stride = tile.strides[i - 1];
            write(tile.dr[i - 1], 0, stride, tile.rows, deviations[i], point * samples);
        }
        clearExcluded(point);
    }

    /** Writes rows of an array as rows of a matrix, as many columns as the matrix has. */
    static void write(float[] from, int at, int stride, int count, PackedMatrix to, int row) {
        int width;
        for (int v = 0; v < to.vectors; v += width / LANES) {
            width = to.shape.panelVectors(to.vectors - v) * LANES;
            int place = to.place(v, width, row);
            for (int s = 0; s < count; s++) {
                int start = at + s * stride + v * LANES;
                System.arraycopy(from, start, to.data, place + s * width, width);
            }
        }
    }

    /** Takes the rates of a time point from a tile whose samples are side by side. */
    public void gather(int point, LaneTile tile, int panels) {
        for (int i = 1; i < deviations.length; i++) {
            for (int p = 0; p < panels; p++) {
                int row = point * samples + p * tile.width;
                transpose(tile.dr[i - 1], tile.at(i - 1, p, 0), tile.width, deviations[i], row);
            }
        }
        clearExcluded(point);
    }

    /** Writes samples that lie side by side as rows. */
    private static void transpose(float[] from, int at, int count, PackedMatrix to, int row) {
        int width;
        for (int v = 0; v < to.vectors; v += width / LANES) {
            width = to.shape.panelVectors(to.vectors - v) * LANES;
            int first = v * LANES;
            int columns = Math.min(width, to.columns - first);
            int place = to.place(v, width, row);
            Transposition.copy(
                    from, at + first * count, count, columns, count, to.data, place, width);
        }
    }

    private void clearExcluded(int point) {
        for (int s = 0; s < samples; s++) {
            for (int i = 1; i < deviations.length && excluded[s]; i++) {
                clear(deviations[i], point * samples + s, point * samples + s + 1);
            }
        }
    }

    private static void clear(PackedMatrix of, int from, int to) {
        int width;
        for (int v = 0; v < of.vectors; v += width / LANES) {
            width = of.shape.panelVectors(of.vectors - v) * LANES;
            Arrays.fill(of.data, of.place(v, width, from), of.place(v, width, to), 0f);
        }
    }
}
