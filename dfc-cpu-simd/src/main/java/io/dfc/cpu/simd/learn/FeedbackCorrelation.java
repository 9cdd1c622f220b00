package io.dfc.cpu.simd.learn;

import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.LaneTile;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.loop.TileSimulation;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.LaneProducts;
import io.dfc.cpu.simd.product.PackedMatrix;

import java.util.Arrays;

/**
 * Correlation of apical voltages with the control signal in a simulated noisy loop, from which
 * feedback weights learn: the voltages of a time point times the control of the next, the first
 * that depends on them, or its high-pass filtered form. The products of some points are formed at
 * once and transposed, with the voltages, which are many, as the packed right factor. Used by one
 * thread at a time.
 */
public final class FeedbackCorrelation {
    /** Time points that are multiplied at once: with a tile's samples as many as fit a block. */
    private static final int POINTS = 8;

    private final Network network;
    private final Tile tile;

    /** Apical voltages of some points, [points * samples, n_i]. */
    private final PackedMatrix[] voltages;

    /** The control that follows each, [n_L, points * samples]. */
    private final float[] controls;

    private final int stride;

    /** [n_L, n_i], rows as far apart as those of the tile. */
    private final float[][] transposed;

    /** Padded [n_i, n_L]. */
    private final float[][] sums;

    /** Rate of the low-pass filter of the control; 0 if nothing is filtered. */
    private final double lowPassRate;

    /** The low-passed control, [samples, n_L]. */
    private final double[] low;

    private int gathered;

    /** Sums of a simulation with samples side by side, of few neurons; empty for more. */
    private final LaneProducts[] products;

    /** Apical voltages of the last time point there. */
    private final float[][] before;

    /** The control that is correlated, there. */
    private final float[] signal;

    /**
     * A correlation for the feedback plasticity of a loop.
     *
     * @param tile the tile that is simulated
     */
    public FeedbackCorrelation(LoopPhase phase, Model model, Tile tile) {
        network = model.network;
        this.tile = tile;
        FeedbackPlasticity plasticity = phase.feedbackPlasticity().orElseThrow();
        lowPassRate = plasticity.highPass().orElse(0);
        int inner = POINTS * tile.capacity;
        stride = Simd.stride(inner);
        controls = new float[tile.outputs * stride];
        voltages = new PackedMatrix[network.depth()];
        int lanes = model.blocks.lanes().width();
        int samples = Simd.roundUp(tile.capacity, lanes);
        boolean narrow = TileSimulation.isNarrow(network);
        products = new LaneProducts[narrow ? network.depth() : 0];
        before = new float[products.length][];
        for (int i = 0; i < products.length; i++) {
            products[i] = new LaneProducts(network.size(i), tile.outputs, lanes);
            before[i] = new float[network.size(i) * samples];
        }
        signal = new float[tile.outputs * samples];
        low = new double[signal.length];
        transposed = new float[network.depth()][];
        sums = new float[network.depth()][];
        for (int i = 0; i < voltages.length; i++) {
            int size = network.size(i);
            voltages[i] = new PackedMatrix(model.blocks.products(), inner, size);
            transposed[i] = new float[tile.outputs * tile.strides[i]];
            int rows = Simd.roundUp(size, Simd.BLOCK);
            sums[i] = new float[Math.multiplyExact(rows, Simd.stride(tile.outputs))];
        }
    }

    /** Begins the sums. */
    public void begin() {
        for (float[] sum : transposed) {
            Arrays.fill(sum, 0f);
        }
        for (LaneProducts sum : products) {
            sum.clear();
        }
    }

    /** Padded [n_i, n_L] sums over the samples between {@link #begin} and {@link #end}. */
    public float[][] sums() {
        return sums;
    }

    /** Takes a time point; the first of a simulation is 0. */
    public void gather(int point) {
        if (point == 0) {
            // There are no voltages yet, and no control.
            gathered = 0;
            return;
        }
        filter(point, tile.u, tile.count * tile.outputs);
        if (point > 1) {
            takeControl();
            if (++gathered == POINTS) {
                multiply();
            }
        }
        for (int i = 0; i < network.depth(); i++) {
            int row = gathered * tile.rows;
            voltages[i].takeRows(tile.apical[i], 0, tile.strides[i], tile.rows, row);
        }
    }

    /**
     * Whether a tile's time points are summed where its samples lie side by side, so that no
     * observer has to ask for rows.
     *
     * @param lanes null if the samples are rows
     */
    public static boolean sumsDirectly(Network network, LaneTile lanes) {
        return lanes != null && lanes.holdsApical() && TileSimulation.isNarrow(network);
    }

    /** Takes a time point of a tile whose samples are side by side. */
    public void gather(int point, LaneTile lanes) {
        if (point == 0) {
            gathered = 0;
            return;
        }
        int panels = lanes.panels(tile.count);
        int numbers = lanes.controlNumbers(panels);
        double[] u = lanes.signal();
        filter(point, u, numbers);
        for (int k = 0; k < numbers; k++) {
            signal[k] = (float) (u[k] - low[k]);
        }
        for (int i = 0; i < network.depth(); i++) {
            if (point > 1) {
                products[i].add(before[i], signal, panels);
            }
            System.arraycopy(lanes.apical[i], 0, before[i], 0, lanes.at(i, panels, 0));
        }
    }

    private void filter(int point, double[] u, int numbers) {
        if (lowPassRate > 0) {
            double share = point == 1 ? 1 : lowPassRate;
            for (int j = 0; j < numbers; j++) {
                low[j] = share * u[j] + (1 - share) * low[j];
            }
        }
    }

    private void takeControl() {
        int column = gathered * tile.rows;
        for (int j = 0; j < tile.outputs; j++) {
            int to = j * stride + column;
            for (int s = 0; s < tile.count; s++) {
                int from = s * tile.outputs + j;
                controls[to + s] = (float) (tile.u[from] - low[from]);
            }
            // Of the rows that pad the samples nothing may be added.
            Arrays.fill(controls, to + tile.count, to + tile.rows, 0f);
        }
    }

    /** Ends a simulation. */
    public void flush() {
        if (gathered > 0) {
            multiply();
        }
    }

    private void multiply() {
        for (int i = 0; i < network.depth(); i++) {
            Gemm.add(
                    controls,
                    stride,
                    tile.outputs,
                    voltages[i],
                    gathered * tile.rows,
                    transposed[i],
                    tile.strides[i]);
        }
        gathered = 0;
    }

    /** Completes the sums. */
    public void end() {
        int columns = Simd.stride(tile.outputs);
        for (int i = 0; i < network.depth(); i++) {
            for (int n = 0; n < network.size(i); n++) {
                for (int j = 0; j < tile.outputs; j++) {
                    float sum = transposed[i][j * tile.strides[i] + n];
                    if (products.length > 0) {
                        sum += products[i].sum(n, j);
                    }
                    sums[i][n * columns + j] = sum;
                }
            }
        }
    }
}
