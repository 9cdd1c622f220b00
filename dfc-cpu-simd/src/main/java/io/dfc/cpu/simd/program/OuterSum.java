package io.dfc.cpu.simd.program;

import io.dfc.api.plan.Operation;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.product.OuterKernel;

import java.util.Arrays;

/** {@code G += factor sum_b post pre^T}, divided into tasks by rows of {@code G}. */
final class OuterSum implements Accumulation {
    private final Batch batch;
    private final Operation.OuterInto operation;
    private final BufferRows post;
    private final BufferRows pre;
    private final float[] gradient;
    private final boolean sets;
    private final ThreadLocal<OuterKernel> kernels;
    private final int rowsPerTask;
    private final int rows;

    /** The sum, with the row stride of {@link #pre}. */
    private final float[] padded;

    /**
     * A sum.
     *
     * @param gradient receives it, row-major
     * @param sets whether the gradient is set and not added to
     * @param kernels each for as many rows as a task has
     */
    OuterSum(
            Batch batch,
            Operation.OuterInto operation,
            BufferRows post,
            BufferRows pre,
            float[] gradient,
            boolean sets,
            ThreadLocal<OuterKernel> kernels,
            int rowsPerTask) {
        this.batch = batch;
        this.operation = operation;
        this.post = post;
        this.pre = pre;
        this.gradient = gradient;
        this.sets = sets;
        this.kernels = kernels;
        this.rowsPerTask = rowsPerTask;
        rows = Simd.roundUp(post.width(), Simd.BLOCK);
        padded = new float[Math.multiplyExact(rows, pre.stride())];
    }

    @Override
    public int tasks() {
        return Math.ceilDiv(rows, rowsPerTask);
    }

    @Override
    public void run(int task) {
        int from = task * rowsPerTask;
        int to = Math.min(rows, from + rowsPerTask);
        int stride = pre.stride();
        int columns = pre.width();
        Arrays.fill(padded, from * stride, to * stride, 0f);
        kernels.get()
                .add(
                        post.data(),
                        0,
                        post.stride(),
                        pre.data(),
                        0,
                        stride,
                        batch.samples,
                        from,
                        to,
                        columns,
                        padded,
                        0);
        double factor = operation.factor();
        float scale = (float) (operation.mean() ? factor / batch.samples : factor);
        for (int r = from; r < Math.min(to, post.width()); r++) {
            if (sets) {
                set(gradient, r * columns, scale, padded, r * stride, columns);
            } else {
                add(gradient, r * columns, scale, padded, r * stride, columns);
            }
        }
    }

    private static void set(float[] to, int at, float factor, float[] from, int fromAt, int n) {
        for (int c = 0; c < n; c++) {
            to[at + c] = factor * from[fromAt + c];
        }
    }

    private static void add(float[] to, int at, float factor, float[] from, int fromAt, int n) {
        for (int c = 0; c < n; c++) {
            to[at + c] += factor * from[fromAt + c];
        }
    }
}
