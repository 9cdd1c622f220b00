package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.Bfloat16.weight;
import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The noisy loop of feedback learning in output space; a tile to a group. The controller sees the
 * noise only as {@code J_i noise_i}, so no step touches the forward weights. And the gradient where
 * nothing is drawn.
 */
public final class NoisyLoopKernels {
    private NoisyLoopKernels() {}

    /**
     * Runs the loop from one time step to another and adds up {@code noise_i[t] u[t+1]^T} and
     * {@code a[t] u[t+1]^T}; the state is that of the feedforward pass. The apical voltages hold
     * the noise alone.
     */
    public static void run(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int square = outputs * outputs;
        int span = outputs * TILE;
        int own = tile * span;
        int first = tile * TILE;
        int from = p.get(base + FIRST_STEP);
        int end = p.get(base + END_STEP);
        // The applied control, then the filters of all layers, then the applied control of the step
        // before.
        int applied = p.get(base + OUTPUT_LOOP) + tile * (depth + LOOP_ROWS) * span;
        int filters = applied + span;
        int top = applied + depth * span;
        int before = top + span;
        int products = p.get(base + APPLIED_PRODUCTS) + tile * square;
        int u = p.get(base + CONTROL) + own;
        int integral = p.get(base + INTEGRAL) + own;
        int error = p.get(base + ERROR) + own;
        int gradient = p.get(base + LOSS_GRADIENT) + own;
        int report = p.get(base + REPORT) + (first + lane) * REPORT_LENGTH;
        float dt = k.get(base + TIME_STEP);
        float alpha = k.get(base + LEAKAGE_RATE);
        float gain = k.get(base + PROPORTIONAL_GAIN);
        float apicalRate = k.get(base + APICAL_RATE);
        float kappa = k.get(base + SOMATIC_RATE);
        float step = k.get(base + STEP_SIZE);
        int samples = p.get(base + TILE_SIZE);
        int cleared = from == 0 ? before + span - applied : 0;
        for (int e = lane; e < cleared; e += width) {
            m.set(applied + e, 0f);
        }
        cleared = from == 0 ? square : 0;
        for (int e = lane; e < cleared; e += width) {
            m.set(products + e, 0f);
        }
        if (lane < TILE) {
            float largest = from == 0 ? 0f : m.get(report + LARGEST_OUTPUT);
            m.set(report + LARGEST_OUTPUT, largest);
            m.set(report + FEEDFORWARD_NORM, m.get(p.get(base + OUTPUT_NORM) + first + lane));
        }
        c.globalBarrier();
        for (int t = from; t < end; t++) {
            for (int e = lane; e < span; e += width) {
                float now = m.get(error + e);
                float old = m.get(u + e);
                float sum = m.get(integral + e);
                float leaking = p.get(base + LEAK_TOTAL) == 1 ? old : sum;
                sum += dt * (now - alpha * leaking);
                float after = sum + gain * now;
                float drive = p.get(base + PROACTIVE) == 1 ? after : old;
                float a = m.get(applied + e);
                m.set(integral + e, sum);
                m.set(u + e, after);
                m.set(before + e, a);
                m.set(applied + e, a + apicalRate * (drive - a));
            }
            c.globalBarrier();
            for (int e = lane; e < square; e += width) {
                int a = before + e / outputs * TILE;
                int b = u + e % outputs * TILE;
                m.set(
                        products + e,
                        m.get(products + e)
                                + m.get(a) * m.get(b)
                                + m.get(a + 1) * m.get(b + 1)
                                + m.get(a + 2) * m.get(b + 2)
                                + m.get(a + 3) * m.get(b + 3));
            }
            for (int i = 0; i < depth; i++) {
                int layer = LAYERS + i * LAYER_RECORD;
                int n = p.get(base + layer + SIZE);
                int at = p.get(base + layer + OFFSET) + tile * n * TILE;
                float noisy =
                        k.get(base + LAYER_CONSTANTS + i * LAYER_CONSTANTS_RECORD + NOISE_FACTOR);
                for (int j = lane; j < n; j += width) {
                    LoopFunctions.correlate(p, base, m, i, j, tile);
                    int cell = at + j * TILE;
                    for (int s = 0; s < samples; s++) {
                        int apical = p.get(base + APICAL) + cell + s;
                        float h = m.get(apical);
                        float xi =
                                LoopFunctions.noise(p, base, m, i, j, first + s, t, from, cell + s);
                        m.set(apical, h - apicalRate * h + noisy * xi);
                    }
                }
            }
            c.globalBarrier();
            for (int e = lane; e < span; e += width) {
                int j = e / TILE;
                int s = e - j * TILE;
                int gains = p.get(base + GAIN) + (first + s) * depth * square + j * outputs;
                int jacobian =
                        p.get(base + JACOBIAN) + (first + s) * outputs * p.get(base + NEURONS);
                // The samples that fill up the last tile have no gains.
                int layers = first + s < p.get(base + SAMPLES) ? depth : 0;
                float in = 0f;
                for (int i = 0; i < layers; i++) {
                    int layer = LAYERS + i * LAYER_RECORD;
                    int n = p.get(base + layer + SIZE);
                    int noise =
                            p.get(base + APICAL)
                                    + p.get(base + layer + OFFSET)
                                    + tile * n * TILE
                                    + s;
                    for (int y = 0; y < n; y++) {
                        in += m.get(jacobian + j * n + y) * m.get(noise + y * TILE);
                    }
                    for (int x = 0; x < outputs; x++) {
                        in += m.get(gains + i * square + x) * m.get(applied + x * TILE + s);
                    }
                    // The output of this layer's filter enters the filter of the next layer.
                    float old = m.get(filters + i * span + e);
                    in = old + kappa * (in - old);
                    m.set(filters + i * span + e, in);
                    jacobian = jacobian + outputs * n;
                }
            }
            c.globalBarrier();
            if (lane < TILE) {
                float size = 0f;
                for (int at = lane; at < span; at += TILE) {
                    float x = m.get(top + at);
                    m.set(error + at, -step * m.get(gradient + at) - x);
                    size += x * x;
                }
                OutputLoopKernels.updateMaximum(m, report + LARGEST_OUTPUT, size);
            }
            c.globalBarrier();
        }
    }

    /**
     * Adds to the sums the part of the apical voltages that the control drives through the feedback
     * weights, {@code Q_i sum_t a[t] u[t+1]^T}; once, after the last step.
     */
    public static void addControlPart(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int products = p.get(base + APPLIED_PRODUCTS) + tile * outputs * outputs;
        int sums = p.get(base + FEEDBACK_PARTIAL) + tile * p.get(base + FEEDBACK_LENGTH);
        for (int i = 0; i < depth; i++) {
            int layer = LAYERS + i * LAYER_RECORD;
            int length = p.get(base + layer + SIZE) * outputs;
            int to = sums + p.get(base + layer + FEEDBACK_GRADIENT);
            for (int e = lane; e < length; e += width) {
                int x = e % outputs;
                int row = p.get(base + layer + FEEDBACK) + e - x;
                float sum = m.get(to + e);
                for (int j = 0; j < outputs; j++) {
                    sum += m.get(row + j) * m.get(products + j * outputs + x);
                }
                m.set(to + e, sum);
            }
        }
    }

    /**
     * Forms the gradient in expectation of some layers from the matrices of {@link ResponseKernels}
     * of all samples, {@code P} summed over them in that of the first: four elements of a neuron to
     * a work-item, so that it reads each derivative once for them.
     */
    public static void formGradient(
            KernelContext c, IntArray p, FloatArray k, FloatArray m, IntArray w, int packed) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int powers = base + p.get(base + POWERS);
        int start = c.globalIdx;
        int stride = c.globalGroupSizeX;
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int columns = outputs + 1;
        int quads = (outputs + 3) / 4;
        int length = ResponseKernels.length(depth, outputs);
        int derivatives = outputs * p.get(base + NEURONS);
        int end = p.get(base + END_LAYER);
        float factor = k.get(base + FACTOR);
        for (int i = p.get(base + FIRST_LAYER); i < end; i++) {
            int layer = LAYERS + i * LAYER_RECORD;
            int n = p.get(base + layer + SIZE);
            int feedback = p.get(base + layer + (packed == 1 ? PACKED + FEEDBACK_READ : FEEDBACK));
            int row = packed == 1 ? p.get(base + layer + PACKED + FEEDBACK_ROW) : outputs;
            int step = packed == 1 ? p.get(base + layer + FEEDBACK_STEP) : 1;
            float noisy = k.get(base + LAYER_CONSTANTS + i * LAYER_CONSTANTS_RECORD + NOISE_FACTOR);
            int samples = noisy == 0f ? 0 : p.get(base + SAMPLES);
            int products = p.get(base + RESPONSES);
            int matrices =
                    products + (ResponseKernels.direct(depth) + depth - 1 - i) * outputs * columns;
            int rows = p.get(base + JACOBIAN) + p.get(base + layer + FEEDBACK_GRADIENT);
            int out = p.get(base + DESTINATION) + p.get(base + layer + FEEDBACK_GRADIENT);
            for (int e = start; e < quads * n; e += stride) {
                int quad = e / n;
                int y = e - quad * n;
                // Elements beyond the last are the last again.
                int x0 = 4 * quad;
                int x1 = TornadoMath.min(x0 + 1, outputs - 1);
                int x2 = TornadoMath.min(x0 + 2, outputs - 1);
                int x3 = TornadoMath.min(x0 + 3, outputs - 1);
                float a0 = 0f;
                float a1 = 0f;
                float a2 = 0f;
                float a3 = 0f;
                for (int s = 0; s < samples; s++) {
                    int from = rows + s * derivatives + y;
                    int direct = matrices + s * length;
                    for (int j = 0; j < outputs; j++) {
                        float g = m.get(from + j * n);
                        a0 += g * m.get(direct + x0 * columns + j);
                        a1 += g * m.get(direct + x1 * columns + j);
                        a2 += g * m.get(direct + x2 * columns + j);
                        a3 += g * m.get(direct + x3 * columns + j);
                    }
                }
                a0 = a0 * noisy * noisy;
                a1 = a1 * noisy * noisy;
                a2 = a2 * noisy * noisy;
                a3 = a3 * noisy * noisy;
                for (int j = 0; j < outputs; j++) {
                    float q = weight(m, w, k, powers, feedback + y * row, j, step, packed);
                    int from = products + j * outputs;
                    a0 += q * m.get(from + x0);
                    a1 += q * m.get(from + x1);
                    a2 += q * m.get(from + x2);
                    a3 += q * m.get(from + x3);
                }
                int to = out + y * outputs;
                m.set(to + x0, factor * a0);
                m.set(to + x1, factor * a1);
                m.set(to + x2, factor * a2);
                m.set(to + x3, factor * a3);
            }
        }
    }
}
