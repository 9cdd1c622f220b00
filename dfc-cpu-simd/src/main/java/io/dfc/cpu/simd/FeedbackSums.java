package io.dfc.cpu.simd;

import io.dfc.api.network.Network;

import java.util.Arrays;

/** Sums of outer products of voltages and control signals, over the samples of a slot. */
final class FeedbackSums {
    private final Network network;
    private final int[] strides;
    private final OuterKernel outer;

    /** Distance of the rows of sums and of controls. */
    final int stride;

    /** Padded [n_i, n_L]. */
    final float[][] sums;

    FeedbackSums(Model model, Tile tile) {
        network = model.network;
        strides = tile.strides;
        outer = OuterKernel.of(model.blocks.sums(), model.network);
        stride = Simd.stride(network.outputs());
        sums = new float[network.depth()][];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = new float[Simd.roundUp(network.size(i), Simd.BLOCK) * stride];
        }
    }

    void clear() {
        for (float[] sum : sums) {
            Arrays.fill(sum, 0f);
        }
    }

    /**
     * Adds some samples of a layer.
     *
     * @param voltages padded [rows, n_i]
     * @param controls [rows, n_L], rows {@link #stride} apart
     */
    void add(int layer, float[] voltages, float[] controls, int rows) {
        int size = Simd.roundUp(network.size(layer), Simd.BLOCK);
        outer.add(
                voltages,
                0,
                strides[layer],
                controls,
                0,
                stride,
                rows,
                0,
                size,
                network.outputs(),
                sums[layer],
                0);
    }
}
