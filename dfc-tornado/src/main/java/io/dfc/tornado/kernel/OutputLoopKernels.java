package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The controlled loop in output space, see {@link io.dfc.api.spi.reduced.OutputSpace}. */
public final class OutputLoopKernels {
    private OutputLoopKernels() {}

    /**
     * Runs the loop from the feedforward pass to the horizon and reports on it; a tile to a group.
     *
     * <p>Filters and the constant gains commute, so the output is {@code p_L = sum_i J_i Q_i
     * u^(L-i+1)} with the control filtered {@code q} times, {@code u^(q)}: one product per step in
     * place of a chain of them.
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
        int steps = p.get(base + END_STEP);
        int rows = rows(p, base, tile);
        int total = rows + (depth + APPLIED_SUM) * span;
        int output = rows + (depth + LOOP_OUTPUT) * span;
        int defect = rows + (depth + DEFECT) * span;
        int direction = rows + (depth + DIRECTION) * span;
        int moments = rows + (depth + MOMENTS) * span;
        int gradient = p.get(base + LOSS_GRADIENT) + own;
        int u = p.get(base + CONTROL) + own;
        int integral = p.get(base + INTEGRAL) + own;
        int error = p.get(base + ERROR) + own;
        int report = p.get(base + REPORT) + (first + lane) * REPORT_LENGTH;
        float step = k.get(base + STEP_SIZE);
        float dt = k.get(base + TIME_STEP);
        float alpha = k.get(base + LEAKAGE_RATE);
        float leakage = k.get(base + LEAKAGE);
        float gain = k.get(base + PROPORTIONAL_GAIN);
        float apicalRate = k.get(base + APICAL_RATE);
        float kappa = k.get(base + SOMATIC_RATE);
        setDefect(p, base, m, tile, lane, width);
        c.globalBarrier();
        reset(p, base, k, m, tile, lane, width);
        c.globalBarrier();
        for (int t = 0; t < steps; t++) {
            for (int e = lane; e < span; e += width) {
                float now = m.get(error + e);
                float before = m.get(u + e);
                float sum = m.get(integral + e);
                float leaking = p.get(base + LEAK_TOTAL) == 1 ? before : sum;
                sum += dt * (now - alpha * leaking);
                float after = sum + gain * now;
                float drive = p.get(base + PROACTIVE) == 1 ? after : before;
                m.set(integral + e, sum);
                m.set(u + e, after);
                float x = m.get(rows + e);
                x += apicalRate * (drive - x);
                m.set(rows + e, x);
                m.set(total + e, m.get(total + e) + x);
                for (int q = 1; q <= depth; q++) {
                    int at = rows + q * span + e;
                    float old = m.get(at);
                    x = old + kappa * (x - old);
                    m.set(at, x);
                }
                m.set(moments + e, m.get(moments + e) + after);
                m.set(moments + span + e, m.get(moments + span + e) + after * after);
            }
            c.globalBarrier();
            for (int e = lane; e < span; e += width) {
                int j = e / TILE;
                int s = e - j * TILE;
                int gains = p.get(base + GAIN) + (first + s) * depth * square + j * outputs;
                // The samples that fill up the last tile have no gains.
                int layers = first + s < p.get(base + SAMPLES) ? depth : 0;
                float sum = 0f;
                for (int i = 0; i < layers; i++) {
                    int lagged = rows + (depth - i) * span + s;
                    for (int x = 0; x < outputs; x++) {
                        sum += m.get(gains + i * square + x) * m.get(lagged + x * TILE);
                    }
                }
                m.set(output + e, sum);
                int sums = moments + 2 * span + e;
                m.set(sums, m.get(sums) + sum);
                m.set(sums + span, m.get(sums + span) + sum * sum);
            }
            c.globalBarrier();
            if (lane < TILE) {
                float along = 0f;
                for (int j = 0; j < outputs; j++) {
                    int at = j * TILE + lane;
                    along += m.get(direction + at) * m.get(output + at);
                }
                float size = 0f;
                float rest = 0f;
                for (int j = 0; j < outputs; j++) {
                    int at = j * TILE + lane;
                    float x = m.get(output + at);
                    float now =
                            -step * m.get(gradient + at) - x - along * along * m.get(defect + at);
                    float g = now - leakage * m.get(u + at);
                    m.set(error + at, now);
                    size += x * x;
                    rest += g * g;
                }
                updateMaximum(m, report + LARGEST_OUTPUT, size);
                updateMaximum(m, report + LARGEST_RESIDUAL, rest);
                m.set(report + SQUARED_RESIDUAL, rest);
            }
            c.globalBarrier();
        }
        if (lane < TILE) {
            report(p, base, k, m, tile, lane);
        }
    }

    /** Where the state of a tile's loop begins. */
    private static int rows(IntArray p, int base, int tile) {
        return p.get(base + OUTPUT_LOOP)
                + tile * (p.get(base + DEPTH) + LOOP_ROWS) * p.get(base + OUTPUTS) * TILE;
    }

    /**
     * Sets the defect, the second-order part of the output at the last point of the run before: the
     * network's output at present less that run's. Its direction is that of the run's output.
     */
    private static void setDefect(
            IntArray p, int base, FloatArray m, int tile, int lane, int width) {
        int depth = p.get(base + DEPTH);
        int span = p.get(base + OUTPUTS) * TILE;
        int rows = rows(p, base, tile);
        int output = rows + (depth + LOOP_OUTPUT) * span;
        int top =
                p.get(base + RATE_DEVIATION)
                        + p.get(base + LAYERS + (depth - 1) * LAYER_RECORD + OFFSET)
                        + tile * span;
        for (int e = lane; e < span; e += width) {
            float norm = 0f;
            for (int x = e % TILE; x < span; x += TILE) {
                norm += m.get(output + x) * m.get(output + x);
            }
            float own = m.get(output + e);
            float along = norm > 0f ? own / norm : 0f;
            float more = m.get(top + e) - own;
            m.set(
                    rows + (depth + DEFECT) * span + e,
                    p.get(base + CORRECTS_DEFECT) == 1 ? more : 0f);
            m.set(
                    rows + (depth + DIRECTION) * span + e,
                    p.get(base + CORRECTS_DEFECT) == 1 ? along : 0f);
        }
    }

    /** Goes back to the feedforward pass. */
    private static void reset(
            IntArray p, int base, FloatArray k, FloatArray m, int tile, int lane, int width) {
        int depth = p.get(base + DEPTH);
        int span = p.get(base + OUTPUTS) * TILE;
        int rows = rows(p, base, tile);
        for (int e = lane; e < span; e += width) {
            for (int row = 0; row <= depth + LOOP_OUTPUT; row++) {
                m.set(rows + row * span + e, 0f);
            }
            for (int row = depth + MOMENTS; row < depth + LOOP_ROWS; row++) {
                m.set(rows + row * span + e, 0f);
            }
            int at = tile * span + e;
            m.set(p.get(base + CONTROL) + at, 0f);
            m.set(p.get(base + INTEGRAL) + at, 0f);
            m.set(
                    p.get(base + ERROR) + at,
                    -k.get(base + STEP_SIZE) * m.get(p.get(base + LOSS_GRADIENT) + at));
        }
        if (lane < TILE) {
            int report = p.get(base + REPORT) + (tile * TILE + lane) * REPORT_LENGTH;
            m.set(report + LARGEST_OUTPUT, 0f);
            m.set(report + LARGEST_RESIDUAL, 0f);
        }
    }

    /** Replaces a number by a larger one; undefined as soon as one is infinite or undefined. */
    static void updateMaximum(FloatArray m, int at, float x) {
        float largest = m.get(at);
        m.set(at, TornadoMath.max(x, largest) + 0f * (x + largest));
    }

    /** Reports a sample's run at its last point. */
    private static void report(
            IntArray p, int base, FloatArray k, FloatArray m, int tile, int lane) {
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int span = outputs * TILE;
        int rows = rows(p, base, tile);
        int sample = tile * TILE + lane;
        int report = p.get(base + REPORT) + sample * REPORT_LENGTH;
        float distance = 0f;
        float error = 0f;
        float lag = 0f;
        float applied = 0f;
        for (int at = lane; at < span; at += TILE) {
            float d =
                    k.get(base + STEP_SIZE) * m.get(p.get(base + LOSS_GRADIENT) + tile * span + at);
            float e = m.get(p.get(base + ERROR) + tile * span + at);
            float a = m.get(rows + at);
            float apart = m.get(rows + depth * span + at) - a;
            distance += d * d;
            error += e * e;
            applied += a * a;
            lag += apart * apart;
        }
        float feedforward = m.get(p.get(base + OUTPUT_NORM) + sample);
        m.set(report + SQUARED_DISTANCE, distance);
        m.set(report + SQUARED_ERROR, error);
        m.set(report + SQUARED_LAG, lag);
        m.set(report + SQUARED_APPLIED, applied);
        m.set(report + FEEDFORWARD_NORM, feedforward);
        m.set(
                p.get(base + DISTANCE_RATIO) + sample,
                TornadoMath.sqrt(m.get(report + SQUARED_RESIDUAL)) / feedforward);
        float inverse = k.get(base + INVERSE_POINTS);
        for (int which = 0; which < 2; which++) {
            int sums = rows + (depth + MOMENTS + 2 * which) * span;
            float mean = 0f;
            float square = 0f;
            for (int at = lane; at < span; at += TILE) {
                float x = inverse * m.get(sums + at);
                mean += x * x;
                square += inverse * m.get(sums + span + at);
            }
            m.set(report + SQUARED_MEAN + 2 * which, mean);
            m.set(report + SQUARED_MEAN + 2 * which + 1, TornadoMath.max(0f, square - mean));
        }
    }
}
