package io.dfc.cpu.simd;

/** Describes the processor as this backend uses it. */
final class Hardware {
    private Hardware() {}

    static String describe() {
        return "CPU with "
                + Runtime.getRuntime().availableProcessors()
                + " cores, "
                + Simd.SHAPE.vectorBitSize()
                + "-bit vectors in float32";
    }
}
