package io.dfc.tornado;

import static io.dfc.tornado.Slots.*;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Sums over time of what a tile's time-averaged updates are made of. */
final class TimeSums {
    private static final int NEURONS_AT_ONCE = 2;

    private TimeSums() {}

    /** Adds the kept signals of the first layer, whose input is constant, to their sum. */
    static void first(
            IntArray p, int base, FloatArray m, int q, int tile, int points, int lane, int width) {
        int block = p.get(base + PADDED) * p.get(base + NEURONS);
        int span = p.get(base + LAYERS + SIZE) * TILE;
        int sums =
                p.get(base + FIRST_SUM)
                        + q * p.get(base + PADDED) * p.get(base + LAYERS + SIZE)
                        + tile * span;
        int signals = p.get(base + CHUNK_SIGNAL) + q * CHUNK * block + tile * span;
        for (int j = lane; j < span; j += width) {
            float sum = m.get(sums + j);
            for (int t = 0; t < points; t++) {
                sum += m.get(signals + t * block + j);
            }
            m.set(sums + j, sum);
        }
    }

    /** Adds the products of kept signals and rates of a layer above the first to their sum. */
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
        int layer = LAYERS + i * LAYER;
        int n = p.get(base + layer + SIZE);
        int below = p.get(base + layer + BELOW);
        int signals = signals(p, base, q, i, tile);
        int rates =
                p.get(base + CHUNK_RATE)
                        + p.get(base + layer - LAYER + OFFSET)
                        + tile * below * TILE;
        int sums = sums(p, base, q, tile) + p.get(base + layer + WEIGHT_GRADIENT);
        // Two neurons at once, so that each rate serves both; a sum of its own for every sample, so
        // that compilers for processors can add four samples at once. Where the last neuron has no
        // neighbour, what lies behind its signals is read instead and not kept.
        int parts = (n + NEURONS_AT_ONCE - 1) / NEURONS_AT_ONCE * below;
        for (int e = lane; e < parts; e += width) {
            int j = e / below * NEURONS_AT_ONCE;
            int x = e % below;
            float a0 = 0f;
            float a1 = 0f;
            float a2 = 0f;
            float a3 = 0f;
            float a4 = 0f;
            float a5 = 0f;
            float a6 = 0f;
            float a7 = 0f;
            for (int t = 0; t < points; t++) {
                int s = signals + t * block + j * TILE;
                int rate = rates + t * block + x * TILE;
                float r0 = m.get(rate);
                float r1 = m.get(rate + 1);
                float r2 = m.get(rate + 2);
                float r3 = m.get(rate + 3);
                a0 += m.get(s) * r0;
                a1 += m.get(s + 1) * r1;
                a2 += m.get(s + 2) * r2;
                a3 += m.get(s + 3) * r3;
                a4 += m.get(s + 4) * r0;
                a5 += m.get(s + 5) * r1;
                a6 += m.get(s + 6) * r2;
                a7 += m.get(s + 7) * r3;
            }
            int to = sums + j * below + x;
            add(m, to, a0 + a1 + a2 + a3);
            if (j + 1 < n) {
                add(m, to + below, a4 + a5 + a6 + a7);
            }
        }
    }

    /** Where the kept signals of a layer begin. */
    private static int signals(IntArray p, int base, int q, int i, int tile) {
        int layer = LAYERS + i * LAYER;
        return p.get(base + CHUNK_SIGNAL)
                + q * CHUNK * p.get(base + PADDED) * p.get(base + NEURONS)
                + p.get(base + layer + OFFSET)
                + tile * p.get(base + layer + SIZE) * TILE;
    }

    /** Where the sums of a tile would begin if there were some of the first layer's weights. */
    private static int sums(IntArray p, int base, int q, int tile) {
        return p.get(base + PARTIAL)
                + (q * (p.get(base + PADDED) / TILE) + tile) * p.get(base + PARTIAL_LENGTH)
                - p.get(base + LAYERS + LAYER + WEIGHT_GRADIENT);
    }

    private static void add(FloatArray m, int at, float x) {
        m.set(at, m.get(at) + x);
    }

    /** Adds the kept signals of a layer above the first to the sums of its biases. */
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
        int layer = LAYERS + i * LAYER;
        int n = p.get(base + layer + SIZE);
        int signals = signals(p, base, q, i, tile);
        int sums = sums(p, base, q, tile) + p.get(base + layer + BIAS_GRADIENT);
        for (int j = lane; j < n; j += width) {
            float sum = m.get(sums + j);
            for (int t = 0; t < points; t++) {
                int s = signals + t * block + j * TILE;
                sum += m.get(s) + m.get(s + 1) + m.get(s + 2) + m.get(s + 3);
            }
            m.set(sums + j, sum);
        }
    }
}
