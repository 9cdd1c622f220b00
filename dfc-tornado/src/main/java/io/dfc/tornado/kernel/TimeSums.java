package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Sums over time from which a tile's time-averaged updates are formed. */
final class TimeSums {
    private TimeSums() {}

    /** Adds the buffered postsynaptic factors of the first layer, whose input is constant. */
    static void first(
            IntArray p, int base, FloatArray m, int q, int tile, int points, int lane, int width) {
        int block = p.get(base + PADDED) * p.get(base + NEURONS);
        int span = p.get(base + LAYERS + SIZE) * TILE;
        int sums =
                p.get(base + FIRST_LAYER_SUM)
                        + q * p.get(base + PADDED) * p.get(base + LAYERS + SIZE)
                        + tile * span;
        int posts = p.get(base + CHUNK_POSTSYNAPTIC) + q * CHUNK * block + tile * span;
        for (int j = lane; j < span; j += width) {
            float sum = m.get(sums + j);
            for (int t = 0; t < points; t++) {
                sum += m.get(posts + t * block + j);
            }
            m.set(sums + j, sum);
        }
    }

    /** Adds the products of buffered factors and rates of a layer above the first. */
    static void products(
            IntArray p,
            int base,
            FloatArray m,
            int q,
            int i,
            int tile,
            int points,
            int lane,
            int width) {
        int block = p.get(base + PADDED) * p.get(base + NEURONS);
        int layer = LAYERS + i * LAYER_RECORD;
        int n = p.get(base + layer + SIZE);
        int below = p.get(base + layer + FAN_IN);
        int posts =
                p.get(base + CHUNK_POSTSYNAPTIC)
                        + q * CHUNK * block
                        + p.get(base + layer + OFFSET)
                        + tile * n * TILE;
        int rates =
                p.get(base + CHUNK_RATE)
                        + p.get(base + layer - LAYER_RECORD + OFFSET)
                        + tile * below * TILE;
        int sums =
                p.get(base + PARTIAL_SUM)
                        + (q * (p.get(base + PADDED) / TILE) + tile) * p.get(base + PARTIAL_LENGTH)
                        + p.get(base + layer + WEIGHT_GRADIENT)
                        - p.get(base + LAYERS + LAYER_RECORD + WEIGHT_GRADIENT);
        for (int e = lane; e < n * below; e += width) {
            int j = e / below;
            int x = e - j * below;
            float sum = m.get(sums + e);
            for (int t = 0; t < points; t++) {
                int s = posts + t * block + j * TILE;
                int r = rates + t * block + x * TILE;
                sum +=
                        m.get(s) * m.get(r)
                                + m.get(s + 1) * m.get(r + 1)
                                + m.get(s + 2) * m.get(r + 2)
                                + m.get(s + 3) * m.get(r + 3);
            }
            m.set(sums + e, sum);
        }
    }

    /** Adds the buffered factors of a layer above the first to the sums of its biases. */
    static void biases(
            IntArray p,
            int base,
            FloatArray m,
            int q,
            int i,
            int tile,
            int points,
            int lane,
            int width) {
        int block = p.get(base + PADDED) * p.get(base + NEURONS);
        int layer = LAYERS + i * LAYER_RECORD;
        int n = p.get(base + layer + SIZE);
        int posts =
                p.get(base + CHUNK_POSTSYNAPTIC)
                        + q * CHUNK * block
                        + p.get(base + layer + OFFSET)
                        + tile * n * TILE;
        int sums =
                p.get(base + PARTIAL_SUM)
                        + (q * (p.get(base + PADDED) / TILE) + tile) * p.get(base + PARTIAL_LENGTH)
                        + p.get(base + layer + BIAS_GRADIENT)
                        - p.get(base + LAYERS + LAYER_RECORD + WEIGHT_GRADIENT);
        for (int j = lane; j < n; j += width) {
            float sum = m.get(sums + j);
            for (int t = 0; t < points; t++) {
                int s = posts + t * block + j * TILE;
                sum += m.get(s) + m.get(s + 1) + m.get(s + 2) + m.get(s + 3);
            }
            m.set(sums + j, sum);
        }
    }
}
