package io.dfc.cpu.simd.program;

import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.PackedMatrix;
import io.dfc.cpu.simd.product.SlopeStep;

/** {@code out = (A in + b) * factor}, where the row {@code b} and the factor are optional. */
final class ProductOperation implements RowOperation {
    private final BufferRows out;
    private final PackedMatrix matrix;
    private final BufferRows in;
    private final float[] row;
    private final BufferRows factor;

    /** One to a share of the minibatch. */
    private final SlopeStep[] steps;

    /**
     * A product.
     *
     * @param out result; neither {@code in} nor {@code factor}
     * @param matrix {@code A^T}
     * @param row padded; null for none
     * @param factor as wide as {@code out}; null for none
     */
    ProductOperation(
            Batch batch,
            BufferRows out,
            PackedMatrix matrix,
            BufferRows in,
            float[] row,
            BufferRows factor) {
        this.out = out;
        this.matrix = matrix;
        this.in = in;
        this.row = row;
        this.factor = factor;
        steps = new SlopeStep[factor == null ? 0 : batch.capacity / Simd.TILE];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = new SlopeStep();
        }
    }

    @Override
    public void run(int task, int first, int rows, int round) {
        int at = first * out.stride();
        SlopeStep then = null;
        if (factor != null) {
            then = steps[task].of(out.data(), at, rows, out.stride(), factor.data(), at, 1);
        }
        Gemm.multiply(
                in.data(),
                first * in.stride(),
                in.stride(),
                rows,
                matrix,
                row,
                out.data(),
                at,
                out.stride(),
                then);
    }
}
