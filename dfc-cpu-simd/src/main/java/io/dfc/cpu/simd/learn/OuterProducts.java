package io.dfc.cpu.simd.learn;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.BlockShape;
import io.dfc.cpu.simd.product.OuterKernel;
import io.dfc.cpu.simd.runtime.Workers;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Weight gradients as sums of outer products over a whole minibatch, divided into tasks by rows.
 */
public final class OuterProducts {
    /**
     * Most rows of a task. Each task copies the presynaptic factor, so that few tasks are better.
     */
    private static final int MOST_ROWS = 128;

    private static final int LEAST_ROWS = 32;

    /** Least number of tasks of the widest layer to a thread. */
    private static final int TASKS_PER_THREAD = 1;

    private final int rowsPerTask;

    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final float[][] padded;

    /** One to a thread. */
    private final ThreadLocal<OuterKernel> kernels;

    /** Layer and first row of every task, the tasks of the first layer first. */
    private final int[] taskLayer;

    private final int[] taskRow;

    /** Number of tasks up to and with a layer. */
    private final int[] taskEnd;

    private final IntConsumer task = this::runTask;
    private final IntConsumer comparison = this::runComparison;

    // Read by the tasks of the current call.
    private float factor;
    private float[][] postsynaptic;
    private float[][] rates;
    private GradientArrays out;
    private float[][][] compared;
    private float[][][] comparedRates;

    /** Per layer, the gradients that are compared, before their factor. */
    private float[][][] scratch;

    /** Squared norms of each task. */
    private double[] partial = new double[0];

    public OuterProducts(Model model, Batch batch, Workers workers) {
        network = model.network;
        rowsPerTask = rowsPerTask(network, workers.threads());
        BlockShape sums = model.blocks.sums();
        kernels = ThreadLocal.withInitial(() -> new OuterKernel(sums, rowsPerTask));
        this.batch = batch;
        this.workers = workers;
        int depth = network.depth();
        padded = new float[depth][];
        taskEnd = new int[depth];
        int count = 0;
        for (int i = 0; i < depth; i++) {
            int rows = Simd.roundUp(network.size(i), Simd.BLOCK);
            padded[i] = new float[Math.multiplyExact(rows, batch.presynapticStride(i))];
            count += (rows + rowsPerTask - 1) / rowsPerTask;
            taskEnd[i] = count;
        }
        taskLayer = new int[count];
        taskRow = new int[count];
        for (int i = 0, t = 0; i < depth; i++) {
            for (int row = 0; t < taskEnd[i]; t++, row += rowsPerTask) {
                taskLayer[t] = i;
                taskRow[t] = row;
            }
        }
    }

    private static int rowsPerTask(Network network, int threads) {
        int widest = 0;
        for (int i = 0; i < network.depth(); i++) {
            widest = Math.max(widest, network.size(i));
        }
        return rowsPerTask(widest, threads);
    }

    /** Rows of a task, where the highest matrix has {@code widest}. */
    public static int rowsPerTask(int widest, int threads) {
        int rows = Simd.roundUp(widest / (TASKS_PER_THREAD * threads), Simd.BLOCK);
        return Math.clamp(rows, LEAST_ROWS, MOST_ROWS);
    }

    /**
     * Writes {@code factor * sum_b s_b p_b^T} and {@code factor * sum_b s_b} of the first layers.
     *
     * @param layers number of layers
     * @param post per layer, padded [samples, n_i]
     * @param presynaptic per layer, padded [samples, n_(i-1)]; null for those of the feedforward
     *     pass
     * @param gradient written
     */
    public void write(
            int layers,
            float scale,
            float[][] post,
            float[][] presynaptic,
            GradientArrays gradient) {
        factor = scale;
        postsynaptic = post;
        rates = presynaptic;
        out = gradient;
        workers.run(taskEnd[layers - 1], task);
    }

    /**
     * Writes a gradient like {@link #write} and measures the distances of others from it, which are
     * not written.
     *
     * @param others postsynaptic factors of the others
     * @param otherRates their presynaptic rates
     * @param squares receives per layer the squared norms of the update and of the differences from
     *     it, [layers, 1 + others]
     */
    public void compare(
            float scale,
            float[][] post,
            float[][] presynaptic,
            float[][][] others,
            float[][][] otherRates,
            GradientArrays gradient,
            double[] squares) {
        factor = scale;
        postsynaptic = post;
        rates = presynaptic;
        out = gradient;
        compared = others;
        comparedRates = otherRates;
        int width = others.length + 1;
        if (partial.length < width * taskLayer.length) {
            partial = new double[width * taskLayer.length];
            scratch = new float[padded.length][][];
            for (int i = 0; i < padded.length; i++) {
                scratch[i] = new float[others.length][padded[i].length];
            }
        }
        workers.run(taskLayer.length, comparison);
        Arrays.fill(squares, 0);
        for (int t = 0; t < taskLayer.length; t++) {
            for (int k = 0; k < width; k++) {
                squares[taskLayer[t] * width + k] += partial[t * width + k];
            }
        }
    }

    private void runComparison(int t) {
        runTask(t);
        int layer = taskLayer[t];
        int from = taskRow[t];
        int end = Math.min(network.size(layer), from + rowsPerTask);
        int columns = network.fanIn(layer);
        int stride = batch.presynapticStride(layer);
        float[] g = padded[layer];
        float[] lanes = kernels.get().lanes;
        int width = compared.length + 1;
        int at = t * width;
        partial[at] = squaredNorm(g, from, end, stride, columns, lanes);
        for (int k = 0; k < compared.length; k++) {
            float[] other = scratch[layer][k];
            sum(layer, from, compared[k], comparedRates[k], other);
            partial[at + k + 1] = squaredDistance(g, other, from, end, stride, columns, lanes);
        }
        for (int k = 0; k < width; k++) {
            partial[at + k] *= (double) factor * factor;
        }
    }

    // A row at a time in float32, for speed; a norm needs few digits. Two loops, since a choice
    // inside of one may make objects of its vectors.

    /** Squared norm of some rows. */
    private static double squaredNorm(
            float[] x, int from, int to, int stride, int columns, float[] lanes) {
        double total = 0;
        for (int r = from; r < to; r++) {
            float sum = 0;
            int at = r * stride;
            FloatVector squares = FloatVector.zero(F);
            int c = 0;
            for (; c + LANES <= columns; c += LANES) {
                FloatVector d = FloatVector.fromArray(F, x, at + c);
                squares = d.fma(d, squares);
            }
            for (; c < columns; c++) {
                sum += x[at + c] * x[at + c];
            }
            squares.intoArray(lanes, 0);
            for (float square : lanes) {
                sum += square;
            }
            total += sum;
        }
        return total;
    }

    /** Squared norm of the difference of some rows from others. */
    private static double squaredDistance(
            float[] x, float[] y, int from, int to, int stride, int columns, float[] lanes) {
        double total = 0;
        for (int r = from; r < to; r++) {
            float sum = 0;
            int at = r * stride;
            FloatVector squares = FloatVector.zero(F);
            int c = 0;
            for (; c + LANES <= columns; c += LANES) {
                FloatVector d =
                        FloatVector.fromArray(F, x, at + c)
                                .sub(FloatVector.fromArray(F, y, at + c));
                squares = d.fma(d, squares);
            }
            for (; c < columns; c++) {
                float d = x[at + c] - y[at + c];
                sum += d * d;
            }
            squares.intoArray(lanes, 0);
            for (float square : lanes) {
                sum += square;
            }
            total += sum;
        }
        return total;
    }

    private void runTask(int t) {
        int layer = taskLayer[t];
        int from = taskRow[t];
        int size = network.size(layer);
        float[] g = padded[layer];
        sum(layer, from, postsynaptic, rates, g);
        int end = Math.min(size, from + rowsPerTask);
        int columns = network.fanIn(layer);
        int stride = batch.presynapticStride(layer);
        float scale = factor;
        float[] w = out.w[layer];
        for (int r = from; r < end; r++) {
            int at = r * columns;
            int pad = r * stride;
            for (int c = 0; c < columns; c++) {
                w[at + c] = scale * g[pad + c];
            }
        }
        if (network.bias()) {
            int postsynapticStride = batch.layers[layer].stride;
            out.setBias(
                    layer,
                    scale,
                    postsynaptic[layer],
                    postsynapticStride,
                    batch.samples,
                    from,
                    end);
        }
    }

    /** Sums the products of a task's rows. */
    private void sum(int layer, int from, float[][] post, float[][] presynaptic, float[] g) {
        int to = Math.min(Simd.roundUp(network.size(layer), Simd.BLOCK), from + rowsPerTask);
        int stride = batch.presynapticStride(layer);
        float[] own = presynaptic == null ? null : presynaptic[layer];
        Arrays.fill(g, from * stride, to * stride, 0f);
        kernels.get()
                .add(
                        post[layer],
                        0,
                        batch.layers[layer].stride,
                        own == null ? batch.presynaptic(layer) : own,
                        0,
                        stride,
                        batch.samples,
                        from,
                        to,
                        network.fanIn(layer),
                        g,
                        0);
    }
}
