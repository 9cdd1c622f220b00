package io.dfc.cpu.simd.loop;

/**
 * Voltages that a time step stores in a tile besides the somatic ones; those that no observer reads
 * are not written.
 */
public enum StoredVoltages {
    NONE(false, false),
    BASAL(true, false),
    APICAL(false, true),
    ALL(true, true);

    final boolean basal;
    final boolean apical;

    StoredVoltages(boolean basal, boolean apical) {
        this.basal = basal;
        this.apical = apical;
    }
}
