package io.dfc.tornado.memory;

import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.runtime.ExchangeSource;

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

    /** Number of floats of a matrix in tiles. */
    public static int length(int samples, int n) {
        return padded(samples) * n;
    }

    /**
     * The numbers of a matrix in the order of tiles; samples that fill up the last tile are 0. The
     * matrix is read as it is, while it is copied to the device.
     *
     * @param matrix [samples, n], in float32 or float64
     */
    public static ExchangeSource source(Tensor matrix, int samples, int n) {
        return matrix.type() == ElementType.F32
                ? source(matrix.floats(), samples, n)
                : source(matrix.doubles(), samples, n);
    }

    private static ExchangeSource source(float[] rows, int samples, int n) {
        return (from, length, exchange, at) -> {
            for (int e = 0; e < length; e += TableLayout.TILE) {
                int column = (from + e) / TableLayout.TILE;
                int first = column / n * TableLayout.TILE;
                int row = first * n + column % n;
                for (int s = 0; s < TableLayout.TILE; s++) {
                    exchange.set(at + e + s, first + s < samples ? rows[row + s * n] : 0f);
                }
            }
        };
    }

    private static ExchangeSource source(double[] rows, int samples, int n) {
        return (from, length, exchange, at) -> {
            for (int e = 0; e < length; e += TableLayout.TILE) {
                int column = (from + e) / TableLayout.TILE;
                int first = column / n * TableLayout.TILE;
                int row = first * n + column % n;
                for (int s = 0; s < TableLayout.TILE; s++) {
                    double x = first + s < samples ? rows[row + s * n] : 0;
                    exchange.set(at + e + s, (float) x);
                }
            }
        };
    }

    /**
     * The labels of a minibatch, a number to a sample; samples that fill up the last tile have 0.
     */
    public static ExchangeSource labels(int[] classes, int samples) {
        return (from, length, exchange, at) -> {
            for (int s = 0; s < length; s++) {
                exchange.set(at + s, from + s < samples ? (float) classes[from + s] : 0f);
            }
        };
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
