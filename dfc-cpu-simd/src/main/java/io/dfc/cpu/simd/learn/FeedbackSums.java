package io.dfc.cpu.simd.learn;

import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.OuterKernel;

import java.util.Arrays;

/** Sums of outer products of voltages and control signals, over the samples of a workspace. */
public final class FeedbackSums {
    private final Network network;
    private final int[] strides;
    private final OuterKernel outer;

    /** Distance of the rows of sums and of controls. */
    public final int stride;

    /** Padded [n_i, n_L]. */
    public final float[][] sums;

    public FeedbackSums(Model model, Tile tile) {
        network = model.network;
        strides = tile.strides;
        outer = OuterKernel.of(model.blocks.sums(), model.network);
        stride = Simd.stride(network.outputs());
        sums = new float[network.depth()][];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = new float[Simd.roundUp(network.size(i), Simd.BLOCK) * stride];
        }
    }

    public void clear() {
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
    public void add(int layer, float[] voltages, float[] controls, int rows) {
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
