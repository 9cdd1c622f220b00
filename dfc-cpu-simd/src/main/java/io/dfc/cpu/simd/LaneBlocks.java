package io.dfc.cpu.simd;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** All blocks of a shape, made when first needed, and one of each to a process. */
final class LaneBlocks {
    private static final ConcurrentMap<LaneShape, LaneBlocks> ALL = new ConcurrentHashMap<>();

    private record Kind(int rows, boolean keeps) {}

    private final LaneShape shape;
    private final ConcurrentMap<Kind, LaneBlock> made = new ConcurrentHashMap<>();

    private LaneBlocks(LaneShape shape) {
        this.shape = shape;
    }

    static LaneBlocks of(LaneShape shape) {
        return ALL.computeIfAbsent(shape, LaneBlocks::new);
    }

    /** The block of so many rows. */
    LaneBlock get(int rows, boolean keeps) {
        return made.computeIfAbsent(
                new Kind(rows, keeps),
                kind -> LaneBlockWriter.block(shape, kind.rows(), kind.keeps()));
    }
}
