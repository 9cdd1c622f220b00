package io.dfc.bench.reproduce;

import io.dfc.bench.plot.Look;
import io.dfc.bench.plot.Palette;

import java.awt.Color;

/**
 * A run of Fig. 3 and S1: DFC in one of its variants, with feedback weights that are trained or
 * fixed, or direct feedback alignment.
 */
enum AlignmentVariant {
    /** DFC, trained feedback weights. */
    DFC("DFC", "dfc", true, Palette.BLUE),
    /** DFC from the last state, trained feedback weights. */
    DFC_SS("DFC-SS", "dfc-ss", true, Palette.VERMILLION),
    /** DFC from the analytic steady state, trained feedback weights. */
    DFC_SSA("DFC-SSA", "dfc-ssa", true, Palette.GREEN),
    /** DFC, fixed feedback weights. */
    DFC_FIXED("DFC", "dfc", false, Palette.BLUE),
    /** DFC from the last state, fixed feedback weights. */
    DFC_SS_FIXED("DFC-SS", "dfc-ss", false, Palette.VERMILLION),
    /** DFC from the analytic steady state, fixed feedback weights. */
    DFC_SSA_FIXED("DFC-SSA", "dfc-ssa", false, Palette.GREEN),
    /** Direct feedback alignment. */
    DFA("DFA", "dfa", false, Palette.BLACK);

    private final String label;
    private final String folder;
    private final boolean trained;
    private final Color color;

    AlignmentVariant(String label, String folder, boolean trained, Color color) {
        this.label = label;
        this.folder = folder;
        this.trained = trained;
        this.color = color;
    }

    /** {@return the published configuration} */
    String configuration() {
        return "toy/fig3/"
                + folder
                + "/"
                + (this == DFA
                        ? "dfa"
                        : trained ? "trainfb-randominit-pretrain" : "freezefb-weightproduct");
    }

    /** {@return name in tables: that of the method that runs} */
    String method() {
        return folder + (this == DFA || trained ? "" : "-fixed");
    }

    /**
     * The same variant with fixed feedback weights.
     *
     * @return the variant
     * @throws IllegalStateException if its feedback weights do not learn
     */
    AlignmentVariant fixed() {
        return switch (this) {
            case DFC -> DFC_FIXED;
            case DFC_SS -> DFC_SS_FIXED;
            case DFC_SSA -> DFC_SSA_FIXED;
            default -> throw new IllegalStateException(this + " does not train its feedback");
        };
    }

    /** {@return whether its feedback weights learn} */
    boolean learnsFeedback() {
        return trained;
    }

    /** {@return name in pictures} */
    String label() {
        return this == DFA ? label : label + (trained ? ", Q trained" : ", Q fixed");
    }

    /** {@return how its curves look} */
    Look look() {
        return Look.line(
                color,
                this == DFA
                        ? Look.Pattern.DOTTED
                        : trained ? Look.Pattern.SOLID : Look.Pattern.DASHED);
    }

    /**
     * {@return damping {@code gamma} of the minimum-norm and Gauss-Newton updates, as published}
     */
    double damping() {
        return this == DFA ? 0 : 0.1;
    }
}
