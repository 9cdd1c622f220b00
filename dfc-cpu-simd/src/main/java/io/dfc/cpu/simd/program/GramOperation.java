package io.dfc.cpu.simd.program;

import io.dfc.api.plan.Operation;
import io.dfc.cpu.simd.kernel.LuFactors;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Adjoints;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;

/**
 * {@code out = (J J^T + gamma I)^-1 in} for every sample, {@code J = dr_L/dr_i} of the feedforward
 * pass in float32, the system of n_L equations in float64.
 */
final class GramOperation implements RowOperation {
    private final Model model;
    private final Batch batch;
    private final int layer;
    private final double damping;
    private final BufferRows out;
    private final BufferRows in;
    private final int outputs;
    private final float[][] slopes;

    /** One to a share of the minibatch. */
    private final Share[] shares;

    GramOperation(
            Model model,
            Batch batch,
            Operation.SolveGram operation,
            BufferRows out,
            BufferRows in) {
        this.model = model;
        this.batch = batch;
        layer = operation.layer();
        damping = operation.damping();
        this.out = out;
        this.in = in;
        outputs = model.network.outputs();
        slopes = new float[batch.layers.length][];
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = batch.layers[i].slope;
        }
        shares = new Share[batch.capacity / Simd.TILE];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = new Share();
        }
    }

    @Override
    public void run(int task, int first, int rows, int round) {
        int end = Math.min(first + rows, batch.samples);
        Share share = shares[task];
        for (int s = first; s < end; s += share.adjoints.group) {
            share.solve(s, Math.min(share.adjoints.group, end - s));
        }
    }

    private final class Share {
        final Adjoints adjoints = new Adjoints(model);
        private final Adjoints.Visitor visitor = this::take;
        private final int stride = Simd.stride(model.network.size(layer));
        private final float[] jacobian = new float[Math.multiplyExact(adjoints.rows, stride)];
        private final LuFactors system = new LuFactors(outputs);
        private final double[] x = new double[outputs];

        void solve(int first, int count) {
            boolean top = layer == slopes.length - 1;
            if (!top) {
                adjoints.visit(slopes, first, count, visitor, layer + 1);
            }
            for (int s = 0; s < count; s++) {
                for (int j = 0; j < outputs; j++) {
                    for (int k = 0; k <= j; k++) {
                        double gram = top ? j == k ? 1 : 0 : product(s * outputs, j, k);
                        system.a[j * outputs + k] = gram;
                        system.a[k * outputs + j] = gram;
                    }
                    system.a[j * outputs + j] += damping;
                    x[j] = in.data()[(first + s) * in.stride() + j];
                }
                system.factorize();
                system.solve(x);
                for (int j = 0; j < outputs; j++) {
                    out.data()[(first + s) * out.stride() + j] = (float) x[j];
                }
            }
        }

        /** Carries the adjoints of the layer above to the rates of the layer. */
        private void take(int above, float[] rows, int used, int distance) {
            if (above == layer + 1) {
                Gemm.multiply(rows, 0, distance, used, model.down[above], jacobian, 0, stride);
            }
        }

        private double product(int sample, int j, int k) {
            double sum = 0;
            int a = (sample + j) * stride;
            int b = (sample + k) * stride;
            for (int n = 0; n < model.network.size(layer); n++) {
                sum += (double) jacobian[a + n] * jacobian[b + n];
            }
            return sum;
        }
    }
}
