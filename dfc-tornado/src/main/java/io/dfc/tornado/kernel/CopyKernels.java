package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.Slots.DESTINATION;
import static io.dfc.tornado.kernel.Slots.EXCHANGED;
import static io.dfc.tornado.kernel.Slots.LENGTH;
import static io.dfc.tornado.kernel.Slots.ROW_LENGTH;
import static io.dfc.tornado.kernel.Slots.SOURCE;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** To and from the block of device memory, through an array that host and device exchange. */
public final class CopyKernels {
    private CopyKernels() {}

    /**
     * From the exchanged array into memory.
     *
     * @param w left as it is; here for the first launch to allocate
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
