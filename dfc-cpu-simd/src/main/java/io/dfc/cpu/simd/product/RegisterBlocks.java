package io.dfc.cpu.simd.product;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import java.util.Optional;

/**
 * The register blocks that an engine computes with. Results do not depend on them, bit for bit:
 * every sum is formed in the order of its index.
 *
 * @param products of products with weights
 * @param sums of sums of outer products
 * @param lanes of products with samples side by side
 */
public record RegisterBlocks(BlockShape products, BlockShape sums, LaneShape lanes) {
    /**
     * Vector registers of this machine: AVX-512 and ARM have twice those of narrower x86 vectors.
     */
    public static final int REGISTERS =
            LANES >= 16 || System.getProperty("os.arch", "").equals("aarch64") ? 32 : 16;

    private static final int NAMES = 3;

    /** What measurements on several machines with vectors of this length speak for. */
    public static RegisterBlocks standard() {
        return LANES >= 16
                ? new RegisterBlocks(
                        new BlockShape(12, 2), new BlockShape(12, 2), new LaneShape(12, 2, 12))
                : new RegisterBlocks(
                        new BlockShape(6, 2), new BlockShape(5, 2), new LaneShape(6, 2, 7));
    }

    /** The blocks that {@link #toString} wrote, if they are blocks of this machine. */
    public static Optional<RegisterBlocks> parse(String text) {
        String[] names = text.split(" ", -1);
        if (names.length != NAMES) {
            return Optional.empty();
        }
        Optional<BlockShape> products = BlockShape.parse(names[0]);
        Optional<BlockShape> sums = BlockShape.parse(names[1]);
        Optional<LaneShape> lanes = LaneShape.parse(names[2]);
        return products.isPresent() && sums.isPresent() && lanes.isPresent()
                ? Optional.of(new RegisterBlocks(products.get(), sums.get(), lanes.get()))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return products + " " + sums + " " + lanes;
    }
}
