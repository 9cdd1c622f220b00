package io.dfc.cpu.simd.loop;

/**
 * Voltages that a time step leaves in a tile besides the somatic ones; what nobody reads need not
 * be written.
 */
public enum Kept {
    NONE(false, false),
    BASAL(true, false),
    APICAL(false, true),
    ALL(true, true);

    final boolean basal;
    final boolean apical;

    Kept(boolean basal, boolean apical) {
        this.basal = basal;
        this.apical = apical;
    }
}
