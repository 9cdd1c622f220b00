package io.dfc.cpu.simd.tuning;

import io.dfc.cpu.simd.product.BlockShape;
import io.dfc.cpu.simd.product.LaneShape;

import java.util.ArrayList;
import java.util.List;

/**
 * Register blocks that fit a number of vector registers: the sums, a row of the right factor and
 * one number of the left.
 */
public final class BlockCandidates {
    /**
     * Sums that a block needs at least: two multiply-adds start in a cycle, and one takes four or
     * five.
     */
    private static final int CHAINS = 10;

    /** Blocks of one vector read a number of the left factor for every multiply-add. */
    private static final int NARROWEST = 2;

    /** Heights that are tried of the narrowest blocks, and of others. */
    private static final int HEIGHTS = 2;

    private static final int HEIGHTS_OF_WIDE = 1;

    private BlockCandidates() {}

    /** Blocks of products with weights, and of sums of outer products. */
    public static List<BlockShape> products(int registers) {
        List<BlockShape> shapes = new ArrayList<>();
        for (int vectors = NARROWEST; vectors <= BlockShape.WIDEST; vectors++) {
            for (int rows : heights(registers, vectors, BlockShape.TALLEST)) {
                shapes.add(new BlockShape(rows, vectors));
            }
        }
        return shapes;
    }

    /** Blocks of products with samples side by side, with columns close together or not. */
    public static List<LaneShape> lanes(int registers) {
        List<LaneShape> shapes = new ArrayList<>();
        for (int vectors = NARROWEST; vectors <= BlockShape.WIDEST; vectors++) {
            for (int rows : heights(registers, vectors, LaneShape.TALLEST)) {
                for (int stride = rows; stride <= rows + 1; stride++) {
                    if (LaneShape.exists(rows, vectors, stride)) {
                        shapes.add(new LaneShape(rows, vectors, stride));
                    }
                }
            }
        }
        return shapes;
    }

    private static List<Integer> heights(int registers, int vectors, int tallest) {
        List<Integer> heights = new ArrayList<>();
        int most = Math.min(tallest, (registers - 1 - vectors) / vectors);
        int count = vectors == NARROWEST ? HEIGHTS : HEIGHTS_OF_WIDE;
        for (int rows = most; rows * vectors >= CHAINS && heights.size() < count; rows--) {
            heights.add(rows);
        }
        return heights;
    }
}
