package io.dfc.cpu.simd.product;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** All blocks of a shape, made when first needed, and one of each to a process. */
final class LaneBlocks {
    private static final ConcurrentMap<LaneShape, LaneBlocks> ALL = new ConcurrentHashMap<>();
    private static final int FORMS = LaneBlock.Form.values().length;

    private final LaneShape shape;

    /** By height and form. */
    private final AtomicReferenceArray<LaneBlock> made;

    private LaneBlocks(LaneShape shape) {
        this.shape = shape;
        made = new AtomicReferenceArray<>((shape.rows() + 1) * FORMS);
    }

    static LaneBlocks of(LaneShape shape) {
        return ALL.computeIfAbsent(shape, LaneBlocks::new);
    }

    /** The block of so many rows. */
    LaneBlock get(int rows, LaneBlock.Form form) {
        int place = rows * FORMS + form.ordinal();
        LaneBlock block = made.getAcquire(place);
        if (block == null) {
            block = LaneBlockWriter.block(shape, rows, form);
            if (!made.compareAndSet(place, null, block)) {
                block = made.get(place);
            }
        }
        return block;
    }
}
