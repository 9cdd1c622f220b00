package io.dfc.cpu.simd.model;

import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.SlopeStep;

import java.util.Arrays;

/**
 * Jacobian of the output rates with respect to the voltages of every layer, from the output down,
 * for a few samples at once: their rows, {@code n_L} to a sample, are adjoints that a product with
 * {@code W_i} carries to the layer below.
 */
public final class Adjoints {
    private static final int TARGET_ROWS = 320;

    /**
     * Sees the rows of a layer: row {@code s * n_L + j} is output {@code j} of sample {@code s};
     * those in use are padded to whole register blocks.
     */
    public interface Visitor {
        void visit(int layer, float[] rows, int used, int stride);
    }

    private final Model model;
    private final Network network;
    private final int outputs;

    /** Samples handled at once. */
    public final int group;

    public final int rows;
    private final float[][] buffers = new float[2][];
    private final SlopeStep step = new SlopeStep();

    public Adjoints(Model model) {
        this.model = model;
        this.network = model.network;
        outputs = network.outputs();
        group = Math.clamp(TARGET_ROWS / outputs, 1, Simd.TILE);
        rows = Simd.roundUp(group * outputs, Simd.BLOCK);
        int widest = 0;
        for (int i = 0; i < network.depth(); i++) {
            widest = Math.max(widest, Simd.stride(network.size(i)));
        }
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = new float[Math.multiplyExact(rows, widest)];
        }
    }

    /**
     * Visits the layers from the output down.
     *
     * @param slopes per layer, {@code phi'} at the voltages in question: padded rows, one to a
     *     sample
     * @param first row of the first sample in {@code slopes}
     * @param count number of samples, at most {@link #group}
     */
    public void visit(float[][] slopes, int first, int count, Visitor visitor) {
        visit(slopes, first, count, visitor, 0);
    }

    /**
     * The same down to a layer.
     *
     * @param lowest the layer, from 0
     */
    public void visit(float[][] slopes, int first, int count, Visitor visitor, int lowest) {
        int last = network.depth() - 1;
        int used = Simd.roundUp(count * outputs, Simd.BLOCK);
        float[] current = buffers[0];
        float[] next = buffers[1];
        int stride = Simd.stride(outputs);
        Arrays.fill(current, 0, used * stride, 0f);
        for (int row = 0; row < count * outputs; row++) {
            current[row * stride + row % outputs] = 1f;
        }
        for (int i = last; i >= lowest; i--) {
            int above = stride;
            stride = Simd.stride(network.size(i));
            boolean linear = network.activation(i) instanceof Activation.Linear;
            float[] result = i == last ? current : next;
            Gemm.Epilogue then =
                    linear
                            ? null
                            : step.of(
                                    result,
                                    0,
                                    count * outputs,
                                    stride,
                                    slopes[i],
                                    first * stride,
                                    outputs);
            if (i < last) {
                Gemm.multiply(
                        current, 0, above, used, model.down[i + 1], null, next, 0, stride, then);
                next = current;
                current = result;
            } else if (then != null) {
                then.finish(0, stride);
            }
            visitor.visit(i, current, used, stride);
        }
    }
}
