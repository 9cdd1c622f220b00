package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Stability of steady states; a sample to a group. */
public final class StabilityKernels {
    private StabilityKernels() {}

    /**
     * Runs the linearised loop of each sample in output space, without a target, and stores the
     * largest squared norm of the control in each quarter of the steps; see {@link
     * io.dfc.api.spi.reduced.OutputSpace#isStable}.
     */
    public static void stability(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int sample = c.groupIdx;
        int outputs = p.get(base + OUTPUTS);
        if (sample < p.get(base + SAMPLES)) {
            int depth = p.get(base + DEPTH);
            int square = outputs * outputs;
            int gains = p.get(base + GAIN) + sample * depth * square;
            int u = p.get(base + STABILITY_STATE) + sample * (depth + 4) * outputs;
            int integral = u + outputs;
            int applied = integral + outputs;
            int filters = applied + outputs;
            int starts = p.get(base + STABILITY_START);
            for (int j = lane; j < outputs; j += width) {
                float start = m.get(starts + j);
                m.set(u + j, start);
                m.set(integral + j, start);
                m.set(applied + j, 0f);
                for (int i = 0; i < depth; i++) {
                    m.set(filters + i * outputs + j, 0f);
                }
            }
            if (lane == 0) {
                for (int q = 0; q < 4; q++) {
                    m.set(p.get(base + STABILITY_MAXIMA) + sample * 4 + q, 0f);
                }
            }
            c.globalBarrier();
            int steps = p.get(base + END_STEP);
            int top = filters + (depth - 1) * outputs;
            for (int t = 0; t < steps; t++) {
                for (int j = lane; j < outputs; j += width) {
                    float e = -m.get(top + j);
                    float before = m.get(u + j);
                    float sum = m.get(integral + j);
                    float leaking = p.get(base + LEAK_TOTAL) == 1 ? before : sum;
                    sum += k.get(base + TIME_STEP) * (e - k.get(base + LEAKAGE_RATE) * leaking);
                    float after = sum + k.get(base + PROPORTIONAL_GAIN) * e;
                    float drive = p.get(base + PROACTIVE) == 1 ? after : before;
                    float old = m.get(applied + j);
                    m.set(integral + j, sum);
                    m.set(u + j, after);
                    m.set(applied + j, old + k.get(base + APICAL_RATE) * (drive - old));
                }
                c.globalBarrier();
                for (int l = 0; l < depth; l++) {
                    int i = p.get(base + INSTANT_TRANSMISSION) == 1 ? l : depth - 1 - l;
                    int below = filters + (i - 1) * outputs;
                    for (int j = lane; j < outputs; j += width) {
                        float in = i == 0 ? 0f : m.get(below + j);
                        for (int x = 0; x < outputs; x++) {
                            in += m.get(gains + i * square + j * outputs + x) * m.get(applied + x);
                        }
                        int own = filters + i * outputs + j;
                        float old = m.get(own);
                        m.set(own, old + k.get(base + SOMATIC_RATE) * (in - old));
                    }
                    // Each output goes through its own filters, so there is nothing to wait for.
                }
                c.globalBarrier();
                if (lane == 0) {
                    float size = 0f;
                    for (int j = 0; j < outputs; j++) {
                        size += m.get(u + j) * m.get(u + j);
                    }
                    int quarter = p.get(base + STABILITY_MAXIMA) + sample * 4 + 4 * t / steps;
                    float largest = m.get(quarter);
                    // The second summand is undefined if the control or an earlier one is infinite
                    // or undefined; comparisons lose that.
                    m.set(quarter, TornadoMath.max(size, largest) + 0f * (size + largest));
                }
            }
        }
    }
}
