package io.dfc.cpu.simd.phase;

import io.dfc.api.control.Solver;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.PackedMatrix;
import io.dfc.cpu.simd.runtime.Workers;
import io.dfc.cpu.simd.wide.ReadoutBasis;
import io.dfc.cpu.simd.wide.ReadoutFeedback;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Learning of feedback weights from the noisy loop of a minibatch in the coordinates of a {@link
 * ReadoutBasis}. With the sums {@code C_i} over the loops, the gradient of a hidden layer is {@code
 * C_i W_L^T}, that of the output layer {@code q W_L C_L W_L^T}.
 */
final class ReadoutFeedbackRun {
    /** Bound on the number of workspaces; fixed, so that sums do not depend on the threads. */
    private static final int MAX_WORKSPACES = 16;

    /** Factor on the share of voltages that was predicted wrongly. */
    private static final double ERROR_MARGIN = 3;

    /** Rows of a gradient that a task forms. */
    private static final int ROWS = 32;

    private final Model model;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final ReadoutBasis basis;
    private final List<ReadoutFeedback> workspaces = new ArrayList<>();
    private final int top;
    private final int outputs;
    private final int width;
    private final int stride;

    /** {@code C_L}, in padded rows and as a right factor. */
    private final float[] topSum;

    private final PackedMatrix topProduct;

    /** {@code S_i C_L} by hidden layer, likewise. */
    private final float[][] controlParts;

    /** Bound on the error of what is predicted; 0 if nothing may be. */
    private final double tolerance;

    /** Left factors of the gradients, padded rows of [n_i, n_(L-1)]. */
    private final float[][] factors;

    /** Gradients with padded rows; null where rows need no padding. */
    private final float[][] padded;

    private final int[] taskLayer;
    private final int[] taskRow;
    private final IntConsumer shareTask = this::runShare;
    private final IntConsumer gradientTask = this::formRows;

    // Read by the tasks of the current call.
    private boolean predicted;
    private NoiseSource source;
    private int used;
    private float[][] gradient;
    private float[] scales;
    private double estimate;

    ReadoutFeedbackRun(LoopPhase phase, Model model, Batch batch, Workers workers) {
        this.model = model;
        this.batch = batch;
        this.workers = workers;
        network = model.network;
        basis = new ReadoutBasis(model, workers);
        for (int i = 0; i < Math.min(MAX_WORKSPACES, batch.capacity / Simd.TILE); i++) {
            workspaces.add(new ReadoutFeedback(phase, model, basis, Simd.TILE));
        }
        top = network.depth() - 1;
        outputs = network.outputs();
        width = network.size(top - 1);
        stride = Simd.stride(width);
        topSum = new float[width * stride];
        topProduct = new PackedMatrix(model.blocks.products(), width, width);
        factors = new float[top + 1][];
        controlParts = new float[top][];
        tolerance =
                phase.solver() instanceof Solver.Auto(double bound)
                                && ReadoutFeedback.mayPredict(phase.dynamics())
                        ? bound
                        : 0;
        padded = new float[top + 1][];
        boolean pads = outputs % Simd.LANES != 0;
        int tasks = 0;
        for (int i = 0; i <= top; i++) {
            int size = network.size(i);
            factors[i] = new float[size * stride];
            if (i < top) {
                controlParts[i] = new float[size * stride];
            }
            padded[i] = pads ? new float[size * Simd.stride(outputs)] : null;
            tasks += Math.ceilDiv(size, ROWS);
        }
        taskLayer = new int[tasks];
        taskRow = new int[tasks];
        for (int i = 0, task = 0; i <= top; i++) {
            for (int row = 0; row < network.size(i); row += ROWS, task++) {
                taskLayer[task] = i;
                taskRow[task] = row;
            }
        }
    }

    /**
     * Runs the phase and writes each layer's factor times its sums, row-major [n_i, n_L].
     *
     * @return whether the parameters and the noise allow it; if not, nothing is written
     */
    boolean run(NoiseSource noise, float[][] into, float[] layerFactors) {
        if (noise.isSilent() || !basis.refresh()) {
            return false;
        }
        source = noise;
        used = Math.min(workspaces.size(), batch.tiles());
        predicted = tolerance > 0;
        workers.run(used, shareTask);
        estimate = predicted ? ERROR_MARGIN * worstPrediction() : 0;
        // Written so that an undefined number is no prediction.
        if (predicted && !(estimate <= tolerance)) {
            predicted = false;
            estimate = 0;
            workers.run(used, shareTask);
        }
        gradient = into;
        scales = layerFactors;
        addUp(top, 0, topSum, topSum.length, 1);
        topProduct.takeRows(topSum, 0, stride, width, 0);
        workers.run(taskRow.length, gradientTask);
        return true;
    }

    /** Whether the control was predicted at some steps of the last run, and not simulated. */
    boolean isPredicted() {
        return predicted;
    }

    /** Estimated error of the last run; 0 if it was simulated. */
    double estimate() {
        return estimate;
    }

    /** Largest share of the apical voltages of a layer that was predicted wrongly. */
    private double worstPrediction() {
        double worst = 0;
        for (int i = 0; i < top; i++) {
            double error = 0;
            double whole = 0;
            for (int share = 0; share < used; share++) {
                error += workspaces.get(share).squaredError(i);
                whole += workspaces.get(share).squaredWhole(i);
            }
            double wrong = error == 0 ? 0 : Math.sqrt(error / whole);
            // Written so that an undefined number is not lost.
            worst = wrong <= worst ? worst : wrong;
        }
        return worst;
    }

    private void runShare(int share) {
        ReadoutFeedback loop = workspaces.get(share);
        loop.begin();
        for (int t = share; t < batch.tiles(); t += used) {
            loop.run(batch, t * Simd.TILE, batch.tileSamples(t), source, predicted);
        }
        loop.end();
    }

    /** A factor times the sums of all workspaces, added in their order. */
    private void addUp(int layer, int from, float[] to, int count, float factor) {
        for (int k = from; k < from + count; k++) {
            float sum = 0;
            for (int share = 0; share < used; share++) {
                sum += workspaces.get(share).sums()[layer][k];
            }
            to[k] = factor * sum;
        }
    }

    private void formRows(int task) {
        int i = taskLayer[task];
        int row = taskRow[task];
        int count = Math.min(ROWS, network.size(i) - row);
        int from = row * stride;
        if (i < top) {
            addUp(i, from, factors[i], count * stride, scales[i]);
            if (predicted) {
                float[] part = controlParts[i];
                Gemm.multiply(basis.rows(i), from, stride, count, topProduct, part, from, stride);
                for (int k = from; k < from + count * stride; k++) {
                    factors[i][k] += scales[i] * part[k];
                }
            }
        } else {
            Gemm.multiply(
                    model.w[top], row * width, width, count, topProduct, factors[i], from, stride);
            float scale = scales[top] * basis.gain();
            for (int k = from; k < from + count * stride; k++) {
                factors[i][k] *= scale;
            }
        }
        float[] to = padded[i] == null ? gradient[i] : padded[i];
        int ld = padded[i] == null ? outputs : Simd.stride(outputs);
        Gemm.multiply(factors[i], from, stride, count, model.up[top], to, row * ld, ld);
        for (int r = row; padded[i] != null && r < row + count; r++) {
            System.arraycopy(to, r * ld, gradient[i], r * outputs, outputs);
        }
    }
}
