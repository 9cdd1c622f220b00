package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.LANES;

/** The register block that this process uses. */
final class BlockShapes {
    private BlockShapes() {}

    static BlockShape outer() {
        String s = System.getProperty("dfc.simd.outer");
        if (s == null) return new BlockShape(LANES >= 16 ? 12 : 5, 2);
        return new BlockShape(Integer.parseInt(s.split("x")[0]), Integer.parseInt(s.split("x")[1]));
    }

    static BlockShape chosen() {
        String s = System.getProperty("dfc.simd.block");
        if (s == null) return new BlockShape(LANES >= 16 ? 12 : 6, 2);
        return new BlockShape(Integer.parseInt(s.split("x")[0]), Integer.parseInt(s.split("x")[1]));
    }
}
