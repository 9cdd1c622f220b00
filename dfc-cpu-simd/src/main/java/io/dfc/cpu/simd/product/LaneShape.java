package io.dfc.cpu.simd.product;

import io.dfc.cpu.simd.kernel.Simd;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a product with samples side by side is divided into register blocks.
 *
 * @param rows most rows of a block
 * @param vectors vectors of samples, which divide a tile
 * @param stride distance of the numbers of a block's next column from those of the last, at least
 *     {@code rows}. It means nothing to the result, but the compiler's order of instructions hangs
 *     on it, and by that whether all sums stay in registers
 */
public record LaneShape(int rows, int vectors, int stride) {
    /** Tallest blocks that are made. */
    public static final int TALLEST = 14;

    /** Largest distance of columns. */
    static final int LONGEST = 16;

    private static final Pattern FORM = Pattern.compile("(\\d{1,2})x(\\d)/(\\d{1,2})");

    public LaneShape {
        if (!exists(rows, vectors, stride)) {
            throw new IllegalArgumentException(
                    "no block of %d rows, %d apart, by %d vectors"
                            .formatted(rows, stride, vectors));
        }
    }

    /** Whether there is such a block. */
    public static boolean exists(int rows, int vectors, int stride) {
        return rows >= 1
                && rows <= TALLEST
                && stride >= rows
                && stride <= LONGEST
                && vectors >= 1
                && Simd.TILE % (vectors * Simd.LANES) == 0;
    }

    /** The block that a text such as {@code 6x2/7} names, if it names one. */
    public static Optional<LaneShape> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int rows = Integer.parseInt(form.group(1));
        int vectors = Integer.parseInt(form.group(2));
        int stride = Integer.parseInt(form.group(3));
        return exists(rows, vectors, stride)
                ? Optional.of(new LaneShape(rows, vectors, stride))
                : Optional.empty();
    }

    /** Number of samples side by side. */
    public int width() {
        return vectors * Simd.LANES;
    }

    @Override
    public String toString() {
        return rows + "x" + vectors + "/" + stride;
    }
}
