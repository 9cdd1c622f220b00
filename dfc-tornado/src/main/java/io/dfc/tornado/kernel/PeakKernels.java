package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Multiply-adds on registers alone. */
public final class PeakKernels {
    /** Multiply-adds of a work-item in one turn of the loop. */
    public static final int CHAINS = 8;

    private PeakKernels() {}

    /** Eight independent sums, so that none waits for itself. */
    public static void multiplyAdd(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        float x = k.get(base + FACTOR) + (float) c.localIdx;
        float y = k.get(base + STEP_LENGTH);
        float a0 = x;
        float a1 = x + 1f;
        float a2 = x + 2f;
        float a3 = x + 3f;
        float a4 = x + 4f;
        float a5 = x + 5f;
        float a6 = x + 6f;
        float a7 = x + 7f;
        int turns = p.get(base + END_STEP);
        for (int t = 0; t < turns; t++) {
            a0 = a0 * y + x;
            a1 = a1 * y + x;
            a2 = a2 * y + x;
            a3 = a3 * y + x;
            a4 = a4 * y + x;
            a5 = a5 * y + x;
            a6 = a6 * y + x;
            a7 = a7 * y + x;
        }
        m.set(p.get(base + DESTINATION) + c.globalIdx, a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7);
    }
}
