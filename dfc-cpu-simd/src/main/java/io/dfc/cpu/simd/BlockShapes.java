package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.LANES;

import io.dfc.api.error.BackendUnavailableException;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The register blocks that this process uses: as measured on machines with 16 and with 32 vector
 * registers, unless properties of the virtual machine name others, such as {@code
 * -Ddfc.simd.products=5x2}.
 */
final class BlockShapes {
    /** Names the block of products with weights. */
    static final String PRODUCTS = "dfc.simd.products";

    /** Names the block of sums of outer products. */
    static final String SUMS = "dfc.simd.sums";

    /** Names the block of products with samples side by side. */
    static final String LANE_BLOCK = "dfc.simd.lanes";

    private static final Pattern LANE_FORM = Pattern.compile("(\\d{1,2})x(\\d)/(\\d{1,2})");

    private static final Pattern FORM = Pattern.compile("(\\d{1,2})x(\\d)");

    /** AVX-512 has twice the registers of narrower vectors. */
    private static final boolean MANY_REGISTERS = LANES >= 16;

    private static final BlockShape OF_PRODUCTS =
            named(PRODUCTS).orElse(new BlockShape(MANY_REGISTERS ? 12 : 6, 2));
    private static final BlockShape OF_SUMS =
            named(SUMS).orElse(new BlockShape(MANY_REGISTERS ? 12 : 5, 2));

    private static final LaneShape OF_LANES =
            namedLanes().orElse(MANY_REGISTERS ? new LaneShape(12, 2, 12) : new LaneShape(6, 2, 7));

    private BlockShapes() {}

    /** The block of products with samples side by side. */
    static LaneShape lanes() {
        return OF_LANES;
    }

    /** The block of products with weights. */
    static BlockShape products() {
        return OF_PRODUCTS;
    }

    /** The block of sums of outer products. */
    static BlockShape sums() {
        return OF_SUMS;
    }

    /**
     * Looks at the properties before anything depends on them.
     *
     * @throws BackendUnavailableException if one names no block
     */
    static void requireValid() {
        for (String property : new String[] {PRODUCTS, SUMS}) {
            String value = System.getProperty(property);
            if (value != null && named(property).isEmpty()) {
                throw new BackendUnavailableException(
                        "-D%s=%s names no register block; one has 1 to %d rows and 1 to %d vectors, such as 6x2"
                                .formatted(property, value, BlockShape.TALLEST, BlockShape.WIDEST));
            }
        }
        String lanes = System.getProperty(LANE_BLOCK);
        if (lanes != null && namedLanes().isEmpty()) {
            throw new BackendUnavailableException(
                    "-D%s=%s names no register block with samples side by side; one has 1 to %d rows, by vectors of %d that divide %d samples, columns so many numbers apart, such as 6x2/7"
                            .formatted(LANE_BLOCK, lanes, LaneShape.TALLEST, LANES, Batch.TILE));
        }
    }

    private static Optional<LaneShape> namedLanes() {
        Matcher form = LANE_FORM.matcher(System.getProperty(LANE_BLOCK, ""));
        if (!form.matches()) {
            return Optional.empty();
        }
        int rows = Integer.parseInt(form.group(1));
        int vectors = Integer.parseInt(form.group(2));
        int stride = Integer.parseInt(form.group(3));
        return LaneShape.exists(rows, vectors, stride)
                ? Optional.of(new LaneShape(rows, vectors, stride))
                : Optional.empty();
    }

    private static Optional<BlockShape> named(String property) {
        Matcher form = FORM.matcher(System.getProperty(property, ""));
        if (!form.matches()) {
            return Optional.empty();
        }
        int rows = Integer.parseInt(form.group(1));
        int vectors = Integer.parseInt(form.group(2));
        return BlockShape.exists(rows, vectors)
                ? Optional.of(new BlockShape(rows, vectors))
                : Optional.empty();
    }
}
