package io.dfc.algorithms.method.dfc;

/** The variants of Deep Feedback Control, each found by its own name. */
public final class DfcMethods {
    private DfcMethods() {}

    /** Learns from the whole trajectory. */
    public static final class Dfc extends DfcMethod {
        /** The method. */
        public Dfc() {
            super(
                    "dfc",
                    "Deep Feedback Control: learns from the whole controlled trajectory",
                    Variant.TRAJECTORY,
                    true);
        }
    }

    /** Learns from the last state. */
    public static final class DfcSs extends DfcMethod {
        /** The method. */
        public DfcSs() {
            super("dfc-ss", "DFC at the last controlled state", Variant.LAST_STATE, true);
        }
    }

    /** Learns from the analytic steady state. */
    public static final class DfcSsa extends DfcMethod {
        /** The method. */
        public DfcSsa() {
            super(
                    "dfc-ssa",
                    "DFC at the analytic steady state of the linearised network",
                    Variant.LINEARIZED,
                    true);
        }
    }

    /** {@link Dfc} with feedback weights that never learn. */
    public static final class DfcFixed extends DfcMethod {
        /** The method. */
        public DfcFixed() {
            super(
                    "dfc-fixed",
                    "dfc with feedback weights that never learn",
                    Variant.TRAJECTORY,
                    false);
        }
    }

    /** {@link DfcSs} with feedback weights that never learn. */
    public static final class DfcSsFixed extends DfcMethod {
        /** The method. */
        public DfcSsFixed() {
            super(
                    "dfc-ss-fixed",
                    "dfc-ss with feedback weights that never learn",
                    Variant.LAST_STATE,
                    false);
        }
    }

    /** {@link DfcSsa} with feedback weights that never learn. */
    public static final class DfcSsaFixed extends DfcMethod {
        /** The method. */
        public DfcSsaFixed() {
            super(
                    "dfc-ssa-fixed",
                    "dfc-ssa with feedback weights that never learn",
                    Variant.LINEARIZED,
                    false);
        }
    }
}
