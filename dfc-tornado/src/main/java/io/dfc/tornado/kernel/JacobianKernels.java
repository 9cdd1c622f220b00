package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.Bfloat16.weight;
import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Derivatives of the output at a state of the network; a sample to a group. */
public final class JacobianKernels {
    private JacobianKernels() {}

    /** The softmax of an output, from the control error that it is part of. */
    private static float probability(IntArray p, int base, FloatArray k, FloatArray m, int at) {
        float y = m.get(p.get(base + TARGET) + at);
        if (p.get(base + LABELED) == 1) {
            y = y > 0.5f ? k.get(base + RIGHT_CLASS) : k.get(base + WRONG_CLASS);
        }
        return y - m.get(p.get(base + ERROR) + at);
    }

    /**
     * Jacobians of the output with respect to the voltages of every layer at the current state,
     * [n_L, n_i] each.
     */
    public static void jacobian(
            KernelContext c, IntArray p, FloatArray k, FloatArray m, IntArray w, int packed) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int powers = base + p.get(base + POWERS);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int sample = c.groupIdx;
        int outputs = p.get(base + OUTPUTS);
        int tile = sample / TILE;
        int s = sample - tile * TILE;
        if (sample < p.get(base + SAMPLES)) {
            int depth = p.get(base + DEPTH);
            int own = p.get(base + JACOBIAN) + sample * outputs * p.get(base + NEURONS);
            int at = own + outputs * p.get(base + NEURONS);
            for (int up = 0; up < depth; up++) {
                int i = depth - 1 - up;
                int layer = LAYERS + i * LAYER_RECORD;
                int n = p.get(base + layer + SIZE);
                int above = at;
                int next = base + layer + LAYER_RECORD;
                int wide = up == 0 ? 0 : p.get(next + SIZE);
                int weights = p.get(next + (packed == 1 ? PACKED + WEIGHTS_READ : WEIGHTS));
                int row = packed == 1 ? p.get(next + PACKED + WEIGHT_ROW) : n;
                int step = packed == 1 ? p.get(next + WEIGHT_STEP) : 1;
                int activation = p.get(base + layer + ACTIVATION);
                float rectifier =
                        k.get(
                                base
                                        + LAYER_CONSTANTS
                                        + i * LAYER_CONSTANTS_RECORD
                                        + RECTIFIER_SLOPE);
                int cells = p.get(base + layer + OFFSET) + tile * n * TILE + s;
                at = at - outputs * n;
                // Four rows to a work-item, so that it reads each weight once for them; rows beyond
                // the last are the last again.
                int quads = (outputs + 3) / 4;
                for (int e = lane; e < quads * n; e += width) {
                    int quad = e / n;
                    int x = e - quad * n;
                    int j0 = 4 * quad;
                    int j1 = TornadoMath.min(j0 + 1, outputs - 1);
                    int j2 = TornadoMath.min(j0 + 2, outputs - 1);
                    int j3 = TornadoMath.min(j0 + 3, outputs - 1);
                    float a0 = up == 0 && j0 == x ? 1f : 0f;
                    float a1 = up == 0 && j1 == x ? 1f : 0f;
                    float a2 = up == 0 && j2 == x ? 1f : 0f;
                    float a3 = up == 0 && j3 == x ? 1f : 0f;
                    for (int y = 0; y < wide; y++) {
                        float q = weight(m, w, k, powers, weights + y * row, x, step, packed);
                        a0 += m.get(above + j0 * wide + y) * q;
                        a1 += m.get(above + j1 * wide + y) * q;
                        a2 += m.get(above + j2 * wide + y) * q;
                        a3 += m.get(above + j3 * wide + y) * q;
                    }
                    int cell = cells + x * TILE;
                    float v =
                            m.get(p.get(base + VOLTAGE) + cell)
                                    + m.get(p.get(base + SOMATIC) + cell);
                    float slope = Rates.slope(activation, rectifier, v);
                    m.set(at + j0 * n + x, a0 * slope);
                    m.set(at + j1 * n + x, a1 * slope);
                    m.set(at + j2 * n + x, a2 * slope);
                    m.set(at + j3 * n + x, a3 * slope);
                }
                c.globalBarrier();
            }
        }
    }

    /** {@code S J_i Q_i} of every layer with {@code S = -de/dr_L}, [L, n_L, n_L]. */
    public static void gains(
            KernelContext c, IntArray p, FloatArray k, FloatArray m, IntArray w, int packed) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int powers = base + p.get(base + POWERS);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int sample = c.groupIdx;
        int outputs = p.get(base + OUTPUTS);
        if (sample < p.get(base + SAMPLES)) {
            int depth = p.get(base + DEPTH);
            int square = outputs * outputs;
            int own = p.get(base + GAIN) + sample * depth * square;
            int at = p.get(base + JACOBIAN) + sample * outputs * p.get(base + NEURONS);
            for (int i = 0; i < depth; i++) {
                int layer = LAYERS + i * LAYER_RECORD;
                int n = p.get(base + layer + SIZE);
                int feedback =
                        p.get(base + layer + (packed == 1 ? PACKED + FEEDBACK_READ : FEEDBACK));
                int row = packed == 1 ? p.get(base + layer + PACKED + FEEDBACK_ROW) : outputs;
                int step = packed == 1 ? p.get(base + layer + FEEDBACK_STEP) : 1;
                for (int e = lane; e < square; e += width) {
                    int j = e / outputs;
                    int x = e - j * outputs;
                    float sum = 0f;
                    for (int y = 0; y < n; y++) {
                        sum +=
                                m.get(at + j * n + y)
                                        * weight(
                                                m,
                                                w,
                                                k,
                                                powers,
                                                feedback + y * row,
                                                x,
                                                step,
                                                packed);
                    }
                    m.set(own + i * square + e, sum);
                }
                at = at + outputs * n;
            }
            c.globalBarrier();
            if (p.get(base + SOFTMAX_SLOPE) == 1) {
                int tile = sample / TILE;
                int first = tile * outputs * TILE + sample - tile * TILE;
                for (int e = lane; e < depth * outputs; e += width) {
                    int i = e / outputs;
                    int column = own + i * square + e - i * outputs;
                    float mean = 0f;
                    for (int j = 0; j < outputs; j++) {
                        mean +=
                                probability(p, base, k, m, first + j * TILE)
                                        * m.get(column + j * outputs);
                    }
                    for (int j = 0; j < outputs; j++) {
                        int to = column + j * outputs;
                        float probability = probability(p, base, k, m, first + j * TILE);
                        m.set(to, probability * (m.get(to) - mean));
                    }
                }
            }
        }
    }
}
