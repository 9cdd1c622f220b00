package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.TableLayout.DESTINATION;
import static io.dfc.tornado.kernel.TableLayout.EXCHANGED;
import static io.dfc.tornado.kernel.TableLayout.LENGTH;
import static io.dfc.tornado.kernel.TableLayout.ROW_LENGTH;
import static io.dfc.tornado.kernel.TableLayout.SOURCE;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Copies between the block of device memory and an array that host and device exchange. */
public final class CopyKernels {
    private CopyKernels() {}

    /**
     * From the exchanged array into memory.
     *
     * @param w packed weights, not touched: the first launch allocates all that it names
     */
    public static void in(
            KernelContext c, IntArray p, FloatArray exchange, FloatArray m, IntArray w) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int own = c.groupIdy * p.get(EXCHANGED);
        int stride = c.globalGroupSizeX;
        int length = p.get(base + LENGTH);
        int to = p.get(base + DESTINATION);
        for (int e = c.globalIdx; e < length; e += stride) {
            m.set(to + e, exchange.get(own + e));
        }
    }

    /** From memory into the exchanged array. */
    public static void out(KernelContext c, IntArray p, FloatArray exchange, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int own = c.groupIdy * p.get(EXCHANGED);
        int stride = c.globalGroupSizeX;
        int length = p.get(base + LENGTH);
        int from = p.get(base + SOURCE);
        for (int e = c.globalIdx; e < length; e += stride) {
            exchange.set(own + e, m.get(from + e));
        }
    }
}
