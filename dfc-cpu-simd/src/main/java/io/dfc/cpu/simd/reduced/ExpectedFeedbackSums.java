package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;

import java.util.Arrays;

/** Sums over some samples from which feedback weights learn in expectation. */
public final class ExpectedFeedbackSums {
    final int[] strides;

    /** {@code sum J_i^T M_i^T}, transposed: padded [n_L, n_i]. */
    final float[][] transposed;

    /** {@code sum P}, transposed: padded [n_L, n_L]. */
    private final float[] products;

    private final int outputs;
    private final int stride;

    public ExpectedFeedbackSums(Network network) {
        outputs = network.outputs();
        stride = Simd.stride(outputs);
        strides = new int[network.depth()];
        transposed = new float[strides.length][];
        for (int i = 0; i < strides.length; i++) {
            strides[i] = Simd.stride(network.size(i));
            transposed[i] = new float[Math.multiplyExact(outputs, strides[i])];
        }
        products = new float[outputs * stride];
    }

    public void clear() {
        for (float[] sum : transposed) {
            Arrays.fill(sum, 0f);
        }
        Arrays.fill(products, 0f);
    }

    /** Adds the matrices of all lanes, [n_L, n_L, lanes]. */
    void addProducts(float[] matrices) {
        for (int j = 0, from = 0; j < outputs; j++) {
            for (int k = 0; k < outputs; k++, from += LANES) {
                float sum = 0;
                for (int lane = 0; lane < LANES; lane++) {
                    sum += matrices[from + lane];
                }
                products[j * stride + k] += sum;
            }
        }
    }

    public void add(ExpectedFeedbackSums other) {
        for (int i = 0; i < transposed.length; i++) {
            add(transposed[i], other.transposed[i]);
        }
        add(products, other.products);
    }

    private static void add(float[] sum, float[] x) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += x[k];
        }
    }

    /** Adds the rest, {@code Q_i sum P}. */
    public void addFeedback(Model model) {
        for (int i = 0; i < transposed.length; i++) {
            Gemm.add(
                    products,
                    stride,
                    outputs,
                    model.feedback[i],
                    outputs,
                    transposed[i],
                    strides[i]);
        }
    }

    /** Writes a factor times the sums of a layer, row-major [n_i, n_L]. */
    public void write(int layer, float factor, float[] gradient) {
        float[] sum = transposed[layer];
        int size = gradient.length / outputs;
        for (int n = 0, to = 0; n < size; n++) {
            for (int j = 0; j < outputs; j++, to++) {
                gradient[to] = factor * sum[j * strides[layer] + n];
            }
        }
    }
}
