package io.dfc.cpu.simd;

import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;

/**
 * What the feedback weights learn from a noisy loop as it is simulated: the apical voltages of a
 * time point times the control that is the first to have seen them, or what a high-pass filter
 * leaves of it. Used by one thread at a time.
 */
final class FeedbackCorrelation {
    /** Time points that are multiplied at once. */
    private static final int STEPS = 8;

    private final Network network;
    private final Tile tile;
    private final FeedbackSums products;

    /** Apical voltages of up to {@link #STEPS} points and the control that follows each. */
    private final float[][] voltages;

    private final float[] controls;

    /** Share by which the low-passed control follows in a step; 0 if nothing is filtered. */
    private final double follow;

    /** The low-passed control, [samples, n_L]. */
    private final double[] low;

    private int gathered;

    /**
     * A correlation of a loop that teaches feedback weights.
     *
     * @param tile the tile that is simulated
     */
    FeedbackCorrelation(LoopPhase phase, Model model, Tile tile) {
        network = model.network;
        this.tile = tile;
        products = new FeedbackSums(model, tile);
        FeedbackPlasticity plasticity = phase.teacher().orElseThrow();
        follow = plasticity.highPass().orElse(0);
        low = new double[tile.capacity * tile.outputs];
        voltages = new float[network.depth()][];
        for (int i = 0; i < voltages.length; i++) {
            voltages[i] = new float[STEPS * tile.capacity * tile.strides[i]];
        }
        controls = new float[STEPS * tile.capacity * products.stride];
    }

    /** Begins the sums. */
    void begin() {
        products.clear();
    }

    /** Padded [n_i, n_L] sums over the samples since {@link #begin}. */
    float[][] sums() {
        return products.sums;
    }

    /** Takes a time point; the first of a simulation is 0. */
    void gather(int point) {
        if (point == 0) {
            // There are no voltages yet, and no control.
            gathered = 0;
            return;
        }
        filter(point);
        if (point > 1) {
            takeControl();
            if (++gathered == STEPS) {
                flush();
            }
        }
        int row = gathered * tile.rows;
        for (int i = 0; i < network.depth(); i++) {
            int stride = tile.strides[i];
            System.arraycopy(tile.apical[i], 0, voltages[i], row * stride, tile.rows * stride);
        }
    }

    private void filter(int point) {
        if (follow > 0) {
            double share = point == 1 ? 1 : follow;
            for (int j = 0; j < tile.count * tile.outputs; j++) {
                low[j] = share * tile.u[j] + (1 - share) * low[j];
            }
        }
    }

    private void takeControl() {
        int row = gathered * tile.rows;
        for (int s = 0; s < tile.count; s++) {
            int to = (row + s) * products.stride;
            int from = s * tile.outputs;
            for (int j = 0; j < tile.outputs; j++) {
                controls[to + j] = (float) (tile.u[from + j] - low[from + j]);
            }
        }
    }

    /** Adds what is gathered; at the end of a simulation, too. */
    void flush() {
        for (int i = 0; i < network.depth(); i++) {
            products.add(i, voltages[i], controls, gathered * tile.rows);
        }
        gathered = 0;
    }
}
