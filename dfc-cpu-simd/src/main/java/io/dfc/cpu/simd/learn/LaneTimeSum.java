package io.dfc.cpu.simd.learn;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.LaneTile;
import io.dfc.cpu.simd.product.LaneProducts;

import java.util.Arrays;

/**
 * The sums over time of one continuous update for a network of few neurons, whose samples lie side
 * by side: products of factors and rates are added up where they lie, at every time point.
 */
final class LaneTimeSum {
    private final Network network;

    /** Per layer above the first, factors times deviations of the rates below. */
    private final LaneProducts[] products;

    /** Sums of the factors over time, laid out as the voltages of the tile. */
    private final float[][] factors;

    private LaneTimeSum(Network network, LaneProducts[] products, float[][] factors) {
        this.network = network;
        this.products = products;
        this.factors = factors;
    }

    /** Whether a network has so few neurons that its sums stay in the first-level cache. */
    static boolean covers(Network network) {
        boolean few = true;
        for (int i = 1; i < network.depth(); i++) {
            few &= LaneProducts.fits(network.size(i), network.fanIn(i));
        }
        return few;
    }

    /**
     * Sums of zero.
     *
     * @param width samples side by side
     * @param samples of a tile
     */
    static LaneTimeSum of(Network network, int width, int samples) {
        LaneProducts[] products = new LaneProducts[network.depth()];
        float[][] factors = new float[network.depth()][];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = new float[network.size(i) * samples];
            if (i > 0) {
                products[i] = new LaneProducts(network.size(i), network.fanIn(i), width);
            }
        }
        return new LaneTimeSum(network, products, factors);
    }

    /** Begins a tile. */
    void clear() {
        for (int i = 0; i < factors.length; i++) {
            Arrays.fill(factors[i], 0f);
            if (i > 0) {
                products[i].clear();
            }
        }
    }

    /** Adds the factors of a layer at a time point, laid out as its voltages. */
    void add(LaneTile tile, int panels, int layer, float[] atPoint) {
        float[] sum = factors[layer];
        int n = panels * tile.width * network.size(layer);
        for (int k = 0; k < n; k += LANES) {
            fromArray(F, sum, k).add(fromArray(F, atPoint, k)).intoArray(sum, k);
        }
        if (layer > 0) {
            products[layer].add(atPoint, tile.dr[layer - 1], panels);
        }
    }

    /** Sums of the factors of a layer over time, laid out as its voltages. */
    float[] factors(int layer) {
        return factors[layer];
    }

    /**
     * Adds the sums of a tile to the gradients of a layer above the first.
     *
     * @param weights padded [n_i, n_(i-1)]
     * @param biases padded
     */
    void commit(LaneTile tile, int panels, int layer, float[] weights, float[] biases) {
        LaneProducts sums = products[layer];
        sums.add(factors[layer], tile.layers[layer - 1].r, panels);
        int columns = network.fanIn(layer);
        int stride = Simd.stride(columns);
        for (int row = 0; row < network.size(layer); row++) {
            for (int c = 0; c < columns; c++) {
                weights[row * stride + c] += sums.sum(row, c);
            }
            float sum = 0;
            for (int p = 0; p < panels; p++) {
                int at = tile.at(layer, p, row);
                for (int k = at; k < at + tile.width; k++) {
                    sum += factors[layer][k];
                }
            }
            biases[row] += sum;
        }
    }
}
