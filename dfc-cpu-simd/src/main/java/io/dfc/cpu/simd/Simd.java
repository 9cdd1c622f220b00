package io.dfc.cpu.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Widths of this machine's vectors; constants for the compiler. */
final class Simd {
    /** Test-only property that narrows the vectors, in bits. */
    static final String WIDTH_PROPERTY = "dfc.simd.test.bits";

    static final VectorShape SHAPE = shape();
    static final VectorSpecies<Float> F = VectorSpecies.of(float.class, SHAPE);
    static final VectorSpecies<Long> L = VectorSpecies.of(long.class, SHAPE);
    static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, SHAPE);
    static final int LANES = F.length();

    /**
     * Columns of a register block: two vectors, so that every weight loaded is used by eight rows
     * of both.
     */
    static final int PANEL = 2 * LANES;

    /** Rows of a register block. */
    static final int BLOCK = 8;

    private Simd() {}

    private static VectorShape shape() {
        Integer bits = Integer.getInteger(WIDTH_PROPERTY);
        return bits == null
                ? FloatVector.SPECIES_PREFERRED.vectorShape()
                : VectorShape.forBitSize(bits);
    }

    /** Smallest multiple of {@code unit} that is at least {@code n}. */
    static int roundUp(int n, int unit) {
        return (n + unit - 1) / unit * unit;
    }

    /** Length of a padded row of {@code n} numbers. */
    static int stride(int n) {
        return roundUp(n, PANEL);
    }
}
