package io.dfc.cpu.simd.wide;

import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.PackedMatrix;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.function.IntConsumer;

/**
 * Coordinates of control signals with as many components as the last hidden layer has neurons, for
 * networks with more outputs than that. The output layer is linear and {@code Q_L = q I}, so the
 * output deviation is {@code W_L r_(L-1)} plus a filtered form of the control signal itself. Hence
 *
 * <pre>{@code
 * u = W_L x + g d
 * }</pre>
 *
 * with {@code x} of {@code n_(L-1)} components, a number {@code g} that is the same for all
 * samples, and what drives the controller from outside, {@code d}. Layer {@code i} receives {@code
 * Q_i u = S_i x + g Q_i d}, where {@code S_i = Q_i W_L} belongs to the parameters and not to a
 * sample. All of it is exact, and holds for any hidden layers.
 */
public final class ReadoutBasis {
    /** Most outputs for which the matrix {@code J Q} of a sample is formed. */
    private static final int MOST_FORMED_OUTPUTS = 96;

    /** Rows of a product that a task forms at once. */
    private static final int ROWS = 32;

    private final Model model;
    private final Network network;
    private final Workers workers;

    /** The last hidden layer. */
    private final int hidden;

    private final int outputs;
    private final int stride;

    /** {@code S_i} per hidden layer, padded rows of [n_i, n_(L-1)]. */
    private final float[][] rows;

    /** {@code S_i^T} per hidden layer: coordinates to apical voltages. */
    public final PackedMatrix[] coupling;

    /** {@code Q_i} per hidden layer times where the probe of stability starts, padded. */
    private final float[][] probed;

    private final float[] probe;

    /** Layer and first row of every task. */
    private final int[] taskLayer;

    private final int[] taskRow;
    private final IntConsumer productTask = this::multiply;
    private final IntConsumer packingTask = this::pack;
    private long version = -1;
    private boolean usable;
    private float gain;
    private double columnNorm;
    private double startNorm;

    /**
     * A basis for a network that has one.
     *
     * @param model parameters; read when {@link #refresh} is called
     */
    public ReadoutBasis(Model model, Workers workers) {
        this.model = model;
        this.workers = workers;
        network = model.network;
        hidden = network.depth() - 2;
        outputs = network.outputs();
        int width = network.size(hidden);
        stride = Simd.stride(width);
        rows = new float[hidden + 1][];
        probed = new float[hidden + 1][];
        coupling = new PackedMatrix[hidden + 1];
        int tasks = 0;
        for (int i = 0; i <= hidden; i++) {
            int size = network.size(i);
            rows[i] = new float[size * stride];
            probed[i] = new float[Simd.stride(size)];
            coupling[i] = new PackedMatrix(model.blocks.products(), width, size);
            tasks += Math.ceilDiv(size, ROWS);
        }
        taskLayer = new int[tasks];
        taskRow = new int[tasks];
        for (int i = 0, task = 0; i <= hidden; i++) {
            for (int row = 0; row < network.size(i); row += ROWS, task++) {
                taskLayer[task] = i;
                taskRow[task] = row;
            }
        }
        probe = new float[outputs];
        for (int j = 0; j < outputs; j++) {
            double start = OutputSpace.probeStart(j);
            probe[j] = (float) start;
            startNorm += start * start;
        }
    }

    /**
     * Whether the outputs are so many that the matrix of a sample costs more to form than the
     * products with it that an iterative solution takes.
     */
    public static boolean isMatrixFree(Network network) {
        return network.outputs() > MOST_FORMED_OUTPUTS;
    }

    /** Whether a network's outputs are linear, many, and more than its last hidden neurons. */
    public static boolean covers(Network network) {
        int depth = network.depth();
        return depth > 1
                && isMatrixFree(network)
                && network.size(depth - 2) < network.outputs()
                && network.activation(depth - 1) instanceof Activation.Linear;
    }

    /**
     * Follows the parameters, if they have changed.
     *
     * @return whether {@code Q_L} is a multiple of the identity, so that the basis may be used
     */
    public boolean refresh() {
        if (version != model.version()) {
            version = model.version();
            usable = isMultipleOfIdentity(model.q[hidden + 1]);
            if (usable) {
                columnNorm = 0;
                for (float x : model.w[hidden + 1]) {
                    columnNorm += (double) x * x;
                }
                columnNorm /= network.size(hidden);
                workers.run(taskRow.length, productTask);
                workers.run(coupling.length, packingTask);
            }
        }
        return usable;
    }

    /** Whether the last call of {@link #refresh} told so. */
    public boolean isUsable() {
        return usable;
    }

    private boolean isMultipleOfIdentity(float[] q) {
        gain = q[0];
        for (int j = 0; j < outputs; j++) {
            for (int k = 0; k < outputs; k++) {
                if (q[j * outputs + k] != (j == k ? gain : 0f)) {
                    return false;
                }
            }
        }
        return true;
    }

    private void multiply(int task) {
        int i = taskLayer[task];
        int row = taskRow[task];
        int count = Math.min(ROWS, network.size(i) - row);
        PackedMatrix readout = model.down[hidden + 1];
        Gemm.multiply(
                model.q[i], row * outputs, outputs, count, readout, rows[i], row * stride, stride);
    }

    private void pack(int i) {
        coupling[i].packTransposed(rows[i], stride);
        Gemm.multiply(probe, 0, outputs, 1, model.feedback[i], probed[i], 0, probed[i].length);
    }

    /** {@code S_i}, padded rows of [n_i, n_(L-1)]. */
    public float[] rows(int layer) {
        return rows[layer];
    }

    /** {@code Q_i} times where the probe of stability starts, padded with zeros. */
    public float[] probed(int layer) {
        return probed[layer];
    }

    /** Squared norm of where the probe of stability starts. */
    public double startNorm() {
        return startNorm;
    }

    /** Mean squared norm of a column of {@code W_L}. */
    public double meanColumnNorm() {
        return columnNorm;
    }

    /** {@code q}, where {@code Q_L = q I}. */
    public float gain() {
        return gain;
    }
}
