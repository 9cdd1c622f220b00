package io.dfc.cpu.simd;

import io.dfc.api.network.Activation;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.kernel.RateDifference;
import io.dfc.cpu.simd.kernel.Rates;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.PackedMatrix;
import io.dfc.cpu.simd.product.RegisterBlocks;

/** Lets benchmarks call what the backend keeps to itself. */
public final class Kernels {
    private Kernels() {}

    /**
     * Length of a row of {@code n} numbers as the backend pads it.
     *
     * @param n how many numbers
     * @return the length
     */
    public static int stride(int n) {
        return Simd.stride(n);
    }

    /** A matrix in the kernel's own order, the right factor of products. */
    public static final class Factor {
        private final PackedMatrix matrix;

        /**
         * A matrix of zeros.
         *
         * @param inner number of rows
         * @param columns number of columns
         */
        public Factor(int inner, int columns) {
            matrix = new PackedMatrix(RegisterBlocks.standard().products(), inner, columns);
        }

        /**
         * Takes values.
         *
         * @param values row-major, without padding
         */
        public void pack(float[] values) {
            matrix.pack(values);
        }

        /**
         * {@code c = a * this} for some rows.
         *
         * @param a left factor, padded rows
         * @param lda length of its rows
         * @param from first row
         * @param rows number of rows
         * @param c product, padded rows
         * @param ldc length of its rows
         */
        public void multiply(float[] a, int lda, int from, int rows, float[] c, int ldc) {
            Gemm.multiply(a, from * lda, lda, rows, matrix, c, from * ldc, ldc);
        }
    }

    /** Activations of a layer, at voltages given once. */
    public static final class Layer {
        private final Activation activation;
        private final LayerActivity activity;

        /**
         * A layer.
         *
         * @param activation its activation function
         * @param size number of neurons
         * @param voltages voltages of all samples; whole rows, as long as {@link #stride}
         */
        public Layer(Activation activation, int size, float[] voltages) {
            this.activation = activation;
            activity = new LayerActivity(size, voltages.length / stride(size));
            System.arraycopy(voltages, 0, activity.v, 0, voltages.length);
            evaluate();
        }

        /**
         * Rates and slopes at the voltages.
         *
         * @return the rates
         */
        public float[] evaluate() {
            Rates.evaluate(
                    activation, activity.v, activity.r, activity.slope, 0, activity.v.length);
            return activity.r;
        }

        /**
         * Changes of the rates.
         *
         * @param d changes of the voltages
         * @param out changes of the rates
         */
        public void difference(float[] d, float[] out) {
            RateDifference.write(activation, activity, 0, d, 0, out, 0, d.length);
        }
    }
}
