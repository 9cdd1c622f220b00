package io.dfc.tornado.memory;

import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.kernel.TableLayout;

/** Conversions between [samples, n] and the device's [tiles, n, TILE]. */
public final class Tiles {
    private Tiles() {}

    /** Number of tiles of a number of samples. */
    public static int count(int samples) {
        return (samples + TableLayout.TILE - 1) / TableLayout.TILE;
    }

    /** Number of samples, rounded up to whole tiles. */
    public static int padded(int samples) {
        return count(samples) * TableLayout.TILE;
    }

    /** Position of a sample's neuron in an array of tiles. */
    public static int at(int sample, int neuron, int n) {
        int tile = sample / TableLayout.TILE;
        return (tile * n + neuron) * TableLayout.TILE + sample % TableLayout.TILE;
    }

    /** Writes a matrix into tiles; samples that fill up the last tile become 0. */
    public static float[] pack(Tensor matrix, int samples, int n) {
        float[] out = new float[count(samples) * TableLayout.TILE * n];
        for (int s = 0; s < samples; s++) {
            for (int j = 0; j < n; j++) {
                out[at(s, j, n)] = (float) matrix.get(s * n + j);
            }
        }
        return out;
    }

    /** Reads a matrix out of tiles that begin at a position. */
    public static float[] unpack(float[] tiles, int from, int samples, int n) {
        float[] out = new float[samples * n];
        for (int s = 0; s < samples; s++) {
            for (int j = 0; j < n; j++) {
                out[s * n + j] = tiles[from + at(s, j, n)];
            }
        }
        return out;
    }
}
