package io.dfc.cpu.simd.wide;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.kernel.Transposition;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.PackedMatrix;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * Correlation of apical voltages with the coordinates of the control signal, which feedback weights
 * learn from: the voltages of a time point times the control of the next, or its high-pass filtered
 * form. The products of some points are formed at once and transposed, with the voltages as the
 * packed right factor. Used by one thread at a time.
 */
final class ReadoutCorrelation {
    /** Time points that are multiplied at once: with a tile's samples as many as fit a block. */
    private static final int POINTS = 8;

    private final Tile tile;
    private final int depth;
    private final int width;
    private final int stride;

    /** Neurons by layer; of the output layer, coordinates. */
    private final int[] sizes;

    /** Coordinates of the control of the current point, [rows, n_(L-1)]. */
    private final float[] u;

    private final PackedMatrix[] voltages;

    /** The control that follows each voltage, [n_(L-1), points * samples]. */
    private final float[] controls;

    private final int controlStride;

    /** [n_(L-1), n_i]. */
    private final float[][] transposed;

    /** Padded [n_i, n_(L-1)]. */
    private final float[][] sums;

    /** Rate of the low-pass filter of the control; 0 if nothing is filtered. */
    private final float lowPassRate;

    private final float[] low;
    private final float[] high;
    private int gathered;

    ReadoutCorrelation(FeedbackPlasticity plasticity, Model model, Tile tile, float[] u) {
        this.tile = tile;
        this.u = u;
        Network network = model.network;
        depth = network.depth();
        width = network.size(depth - 2);
        stride = Simd.stride(width);
        lowPassRate = (float) plasticity.highPass().orElse(0);
        low = new float[u.length];
        high = new float[u.length];
        int inner = POINTS * tile.capacity;
        controlStride = Simd.stride(inner);
        controls = new float[width * controlStride];
        sizes = new int[depth];
        voltages = new PackedMatrix[depth];
        transposed = new float[depth][];
        sums = new float[depth][];
        for (int i = 0; i < depth; i++) {
            sizes[i] = i == depth - 1 ? width : network.size(i);
            voltages[i] = new PackedMatrix(model.blocks.products(), inner, sizes[i]);
            transposed[i] = new float[width * Simd.stride(sizes[i])];
            sums[i] = new float[sizes[i] * stride];
        }
    }

    void begin() {
        for (float[] sum : transposed) {
            Arrays.fill(sum, 0f);
        }
    }

    float[][] sums() {
        return sums;
    }

    /**
     * Takes a time point; the first of a simulation is 0.
     *
     * @param top coordinates of the apical voltages of the output layer
     */
    void gather(int point, float[] top) {
        if (point == 0) {
            // There are no voltages yet, and no control.
            gathered = 0;
            return;
        }
        float[] signal = lowPassRate > 0 ? filtered(point == 1 ? 1f : lowPassRate) : u;
        if (point > 1) {
            int column = gathered * tile.rows;
            // Rows that pad the samples are zero.
            Transposition.copy(
                    signal, 0, stride, tile.rows, width, controls, column, controlStride);
            if (++gathered == POINTS) {
                multiply();
            }
        }
        int row = gathered * tile.rows;
        for (int i = 0; i < depth; i++) {
            float[] from = i == depth - 1 ? top : tile.apical[i];
            voltages[i].takeRows(from, 0, Simd.stride(sizes[i]), tile.rows, row);
        }
    }

    private float[] filtered(float share) {
        FloatVector k = FloatVector.broadcast(F, share);
        for (int at = 0; at < tile.rows * stride; at += LANES) {
            FloatVector l = fromArray(F, low, at);
            FloatVector now = fromArray(F, u, at);
            l = now.sub(l).fma(k, l);
            l.intoArray(low, at);
            now.sub(l).intoArray(high, at);
        }
        return high;
    }

    /** Ends a simulation. */
    void flush() {
        if (gathered > 0) {
            multiply();
        }
        Arrays.fill(low, 0f);
    }

    private void multiply() {
        for (int i = 0; i < depth; i++) {
            Gemm.add(
                    controls,
                    controlStride,
                    width,
                    voltages[i],
                    gathered * tile.rows,
                    transposed[i],
                    Simd.stride(sizes[i]));
        }
        gathered = 0;
    }

    void end() {
        for (int i = 0; i < depth; i++) {
            int from = Simd.stride(sizes[i]);
            Transposition.copy(transposed[i], 0, from, width, sizes[i], sums[i], 0, stride);
        }
    }
}
