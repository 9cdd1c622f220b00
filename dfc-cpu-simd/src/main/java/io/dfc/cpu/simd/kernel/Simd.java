package io.dfc.cpu.simd.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Lengths of this machine's vectors and of tiles; constants for the compiler. */
public final class Simd {
    /** Test-only property that narrows the vectors, in bits. */
    public static final String WIDTH_PROPERTY = "dfc.simd.test.bits";

    public static final VectorShape SHAPE = shape();
    public static final VectorSpecies<Float> F = VectorSpecies.of(float.class, SHAPE);
    static final VectorSpecies<Long> L = VectorSpecies.of(long.class, SHAPE);
    public static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, SHAPE);
    public static final int LANES = F.length();

    /**
     * Samples of a tile, which one thread carries through all time steps; fixed, so that results do
     * not depend on threads.
     */
    public static final int TILE = 32;

    /** Rows of padded arrays come in multiples of it. */
    public static final int BLOCK = 8;

    /** Bytes: rows whose stride is a multiple of it share too few sets of the cache. */
    private static final int ALIASING = 512;

    private Simd() {}

    private static VectorShape shape() {
        Integer bits = Integer.getInteger(WIDTH_PROPERTY);
        return bits == null
                ? FloatVector.SPECIES_PREFERRED.vectorShape()
                : VectorShape.forBitSize(bits);
    }

    /** Smallest multiple of {@code unit} that is at least {@code n}. */
    public static int roundUp(int n, int unit) {
        return (n + unit - 1) / unit * unit;
    }

    /**
     * Length of a padded row of {@code n} numbers: whole vectors, and one more where rows would lie
     * a power of two apart.
     */
    public static int stride(int n) {
        int padded = roundUp(n, Math.max(LANES, BLOCK));
        return padded * Float.BYTES % ALIASING == 0 ? padded + LANES : padded;
    }
}
