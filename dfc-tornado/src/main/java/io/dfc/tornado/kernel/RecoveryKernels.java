package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Voltages of the network recovered from a run of the loop in output space; a tile to a group. */
public final class RecoveryKernels {
    private RecoveryKernels() {}

    /**
     * Differences of somatic and basal voltage, the mean over the time points and that of the last
     * point, to first order in the nudge: with {@code f_i(q) = Q_i u^(q+1) + W_i D_(i-1)
     * f_(i-1)(q+1)}, the deviation at the last point filtered {@code q} times more,
     *
     * <pre>{@code
     * last_i = f_i(0) - W_i D_(i-1) f_(i-1)(0)
     * mean_i = (Q_i sum_t a[t] - (1 - kappa) / kappa f_i(0)) / K
     * }</pre>
     */
    public static void recover(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int span = outputs * TILE;
        int rows = p.get(base + OUTPUT_LOOP) + tile * (depth + LOOP_ROWS) * span;
        int block = p.get(base + PADDED) * p.get(base + NEURONS);
        int deviations = p.get(base + LINEAR_DEVIATION);
        float inverse = k.get(base + INVERSE_POINTS);
        float tail = k.get(base + FILTER_TAIL);
        // A bound that the compiler does not know, so that it does not unroll.
        int samples = p.get(base + TILE_SIZE);
        for (int i = 0; i < depth; i++) {
            int layer = LAYERS + i * LAYER_RECORD;
            int n = p.get(base + layer + SIZE);
            int at = p.get(base + layer + OFFSET) + tile * n * TILE;
            int below = i == 0 ? 0 : p.get(base + layer + FAN_IN);
            int weights = p.get(base + layer + WEIGHTS_READ);
            int row = p.get(base + layer + WEIGHT_ROW);
            int step = p.get(base + layer + WEIGHT_STEP);
            int feedback = p.get(base + layer + FEEDBACK_READ);
            int feedbackRow = p.get(base + layer + FEEDBACK_ROW);
            int feedbackStep = p.get(base + layer + FEEDBACK_STEP);
            int inputs =
                    i == 0
                            ? 0
                            : deviations
                                    + p.get(base + layer - LAYER_RECORD + OFFSET)
                                    + tile * below * TILE;
            int orders = depth - i;
            for (int j = lane; j < n; j += width) {
                for (int q = 0; q <= orders; q++) {
                    float a0 = 0f;
                    float a1 = 0f;
                    float a2 = 0f;
                    float a3 = 0f;
                    for (int x = 0; x < below; x++) {
                        float w = m.get(weights + j * row + x * step);
                        int in = inputs + q * block + x * TILE;
                        a0 += w * m.get(in);
                        a1 += w * m.get(in + 1);
                        a2 += w * m.get(in + 2);
                        a3 += w * m.get(in + 3);
                    }
                    // The sum over time takes the place of the applied control, which enters no
                    // voltage unfiltered.
                    int controls = rows + (q == 0 ? depth + APPLIED_SUM : q) * span;
                    float b0 = 0f;
                    float b1 = 0f;
                    float b2 = 0f;
                    float b3 = 0f;
                    for (int x = 0; x < outputs; x++) {
                        float w = m.get(feedback + j * feedbackRow + x * feedbackStep);
                        int in = controls + x * TILE;
                        b0 += w * m.get(in);
                        b1 += w * m.get(in + 1);
                        b2 += w * m.get(in + 2);
                        b3 += w * m.get(in + 3);
                    }
                    int cell = at + j * TILE;
                    int mean = p.get(base + MEAN_DIFFERENCE) + cell;
                    int last = p.get(base + LAST_DIFFERENCE) + cell;
                    if (q == 0) {
                        m.set(last, -a0);
                        m.set(last + 1, -a1);
                        m.set(last + 2, -a2);
                        m.set(last + 3, -a3);
                        m.set(mean, inverse * b0);
                        m.set(mean + 1, inverse * b1);
                        m.set(mean + 2, inverse * b2);
                        m.set(mean + 3, inverse * b3);
                    } else {
                        int to = deviations + (q - 1) * block + cell;
                        m.set(to, a0 + b0);
                        m.set(to + 1, a1 + b1);
                        m.set(to + 2, a2 + b2);
                        m.set(to + 3, a3 + b3);
                        int present = q == 1 ? samples : 0;
                        for (int s = 0; s < present; s++) {
                            float f = m.get(to + s);
                            m.set(last + s, m.get(last + s) + f);
                            m.set(mean + s, m.get(mean + s) - inverse * tail * f);
                        }
                        for (int s = 0; s < samples; s++) {
                            float slope = m.get(p.get(base + SLOPE) + cell + s);
                            m.set(to + s, slope * m.get(to + s));
                        }
                    }
                }
            }
            c.globalBarrier();
        }
    }

    /**
     * One forward pass with a given difference of somatic and basal voltage in every layer, {@link
     * TableLayout#SOURCE}.
     */
    public static void propagateDifference(
            KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        int depth = p.get(base + DEPTH);
        int samples = p.get(base + TILE_SIZE);
        for (int i = 0; i < depth; i++) {
            int layer = LAYERS + i * LAYER_RECORD;
            int n = p.get(base + layer + SIZE);
            int at = p.get(base + layer + OFFSET) + tile * n * TILE;
            int activation = p.get(base + layer + ACTIVATION);
            float rectifier =
                    k.get(base + LAYER_CONSTANTS + i * LAYER_CONSTANTS_RECORD + RECTIFIER_SLOPE);
            int below = i == 0 ? 0 : p.get(base + layer + FAN_IN);
            int weights = p.get(base + layer + WEIGHTS_READ);
            int row = p.get(base + layer + WEIGHT_ROW);
            int step = p.get(base + layer + WEIGHT_STEP);
            int inputs =
                    i == 0
                            ? 0
                            : p.get(base + RATE_DEVIATION)
                                    + p.get(base + layer - LAYER_RECORD + OFFSET)
                                    + tile * below * TILE;
            for (int j = lane; j < n; j += width) {
                float a0 = 0f;
                float a1 = 0f;
                float a2 = 0f;
                float a3 = 0f;
                for (int x = 0; x < below; x++) {
                    float w = m.get(weights + j * row + x * step);
                    int in = inputs + x * TILE;
                    a0 += w * m.get(in);
                    a1 += w * m.get(in + 1);
                    a2 += w * m.get(in + 2);
                    a3 += w * m.get(in + 3);
                }
                int cell = at + j * TILE;
                int basal = p.get(base + BASAL) + cell;
                m.set(basal, a0);
                m.set(basal + 1, a1);
                m.set(basal + 2, a2);
                m.set(basal + 3, a3);
                for (int s = 0; s < samples; s++) {
                    float v = m.get(basal + s) + m.get(p.get(base + SOURCE) + cell + s);
                    m.set(p.get(base + SOMATIC) + cell + s, v);
                    m.set(
                            p.get(base + RATE_DEVIATION) + cell + s,
                            Rates.difference(
                                    activation,
                                    rectifier,
                                    m.get(p.get(base + VOLTAGE) + cell + s),
                                    m.get(p.get(base + RATE) + cell + s),
                                    m.get(p.get(base + SLOPE) + cell + s),
                                    v));
                }
            }
            c.globalBarrier();
        }
    }
}
