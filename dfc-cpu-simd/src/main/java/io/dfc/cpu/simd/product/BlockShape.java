package io.dfc.cpu.simd.product;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Height and width of register blocks: so many rows by so many vectors of sums fit into this
 * machine's registers, next to the factors.
 *
 * @param rows rows of a block that is as wide as a panel
 * @param vectors vectors of a panel
 */
public record BlockShape(int rows, int vectors) {
    /** Tallest blocks that are made; what is narrower than a panel may be taller than it. */
    public static final int TALLEST = 14;

    /** Widest panels, in vectors. */
    public static final int WIDEST = 4;

    private static final Pattern FORM = Pattern.compile("(\\d{1,2})x(\\d)");

    public BlockShape {
        if (!exists(rows, vectors)) {
            throw new IllegalArgumentException(
                    "a register block has 1 to %d rows and 1 to %d vectors, not %dx%d"
                            .formatted(TALLEST, WIDEST, rows, vectors));
        }
    }

    /** Whether there is a block of so many rows by so many vectors. */
    static boolean exists(int rows, int vectors) {
        return rows >= 1 && rows <= TALLEST && vectors >= 1 && vectors <= WIDEST;
    }

    /** The block that a text such as {@code 6x2} names, if it names one. */
    public static Optional<BlockShape> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int rows = Integer.parseInt(form.group(1));
        int vectors = Integer.parseInt(form.group(2));
        return exists(rows, vectors)
                ? Optional.of(new BlockShape(rows, vectors))
                : Optional.empty();
    }

    /** Number of vectors in the next panel of a row of which so many are left. */
    public int panelVectors(int remaining) {
        return Math.min(remaining, vectors);
    }

    /** Rows of a block of fewer vectors. */
    int height(int width) {
        return Math.min(TALLEST, rows * vectors / width);
    }

    @Override
    public String toString() {
        return rows + "x" + vectors;
    }
}
