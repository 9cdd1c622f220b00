package io.dfc.cpu.simd.tuning;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.product.BlockShape;
import io.dfc.cpu.simd.product.LaneShape;
import io.dfc.cpu.simd.product.RegisterBlocks;

import java.util.Optional;

/** Register blocks that properties of the virtual machine name. */
public final class NamedBlocks {
    /** Names the block of products with weights. */
    static final String PRODUCTS = "dfc.simd.products";

    /** Names the block of sums of outer products. */
    static final String SUMS = "dfc.simd.sums";

    /** Names the block of products with samples side by side. */
    static final String LANE_BLOCK = "dfc.simd.lanes";

    /** Says whether blocks may be tried; its only value forbids it. */
    static final String BLOCKS = "dfc.simd.blocks";

    private static final String STANDARD = "standard";

    private NamedBlocks() {}

    /**
     * Looks at the properties before anything depends on them.
     *
     * @throws BackendUnavailableException if one names no block
     */
    public static void requireValid() {
        for (String property : new String[] {PRODUCTS, SUMS}) {
            String value = System.getProperty(property);
            if (value != null && BlockShape.parse(value).isEmpty()) {
                throw new BackendUnavailableException(
                        "-D%s=%s names no register block; one has 1 to %d rows and 1 to %d vectors, such as 6x2"
                                .formatted(property, value, BlockShape.TALLEST, BlockShape.WIDEST));
            }
        }
        String lanes = System.getProperty(LANE_BLOCK);
        if (lanes != null && LaneShape.parse(lanes).isEmpty()) {
            throw new BackendUnavailableException(
                    "-D%s=%s names no register block with samples side by side; one has 1 to %d rows, by vectors of %d that divide %d samples, columns so many numbers apart, such as 6x2/7"
                            .formatted(LANE_BLOCK, lanes, LaneShape.TALLEST, LANES, Simd.TILE));
        }
        String blocks = System.getProperty(BLOCKS);
        if (blocks != null && !blocks.equals(STANDARD)) {
            throw new BackendUnavailableException(
                    "-D%s=%s is unknown; \"%s\" takes the blocks as shipped, and without the property they are measured once on a machine"
                            .formatted(BLOCKS, blocks, STANDARD));
        }
    }

    /** Whether blocks are to be taken as shipped. */
    static boolean forbidTrial() {
        return System.getProperty(BLOCKS) != null;
    }

    /** Whether any block is named. */
    static boolean any() {
        return products().isPresent() || sums().isPresent() || lanes().isPresent();
    }

    /** Whether all are. */
    static boolean all() {
        return products().isPresent() && sums().isPresent() && lanes().isPresent();
    }

    /** The blocks that are named, and others. */
    static RegisterBlocks orElse(RegisterBlocks others) {
        return new RegisterBlocks(
                products().orElse(others.products()),
                sums().orElse(others.sums()),
                lanes().orElse(others.lanes()));
    }

    private static Optional<BlockShape> products() {
        return Optional.ofNullable(System.getProperty(PRODUCTS)).flatMap(BlockShape::parse);
    }

    private static Optional<BlockShape> sums() {
        return Optional.ofNullable(System.getProperty(SUMS)).flatMap(BlockShape::parse);
    }

    private static Optional<LaneShape> lanes() {
        return Optional.ofNullable(System.getProperty(LANE_BLOCK)).flatMap(LaneShape::parse);
    }
}
