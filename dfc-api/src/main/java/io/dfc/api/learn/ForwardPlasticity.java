package io.dfc.api.learn;

import io.dfc.api.error.BadConfigurationException;

import java.util.Objects;

/**
 * Learning of the forward weights and biases from a loop: {@code G_W(i) = -2/B avg sum_b s_i
 * p_i^T}, {@code G_b(i) = -2/B avg sum_b s_i}, where the mode says what is averaged.
 *
 * @param mode which time points enter
 * @param rule how the postsynaptic factor {@code s_i} is formed
 * @param presynaptic which rates {@code p_i} are used
 * @param clipping how the result is bounded; per tensor in the published DFC program
 */
public record ForwardPlasticity(
        Mode mode, LearningRule rule, Presynaptic presynaptic, Clipping clipping)
        implements Plasticity {
    /** Which time points enter an update. */
    public enum Mode {
        /**
         * Continuous DFC: the mean over all {@code K} time points, point 0 included (it contributes
         * 0); basal voltage and presynaptic rate are those of the same point. Samples left out by
         * {@link io.dfc.api.control.Convergence} contribute nothing.
         */
        CONTINUOUS,
        /**
         * The memory-saving variant of the published program: the sum over points 1 to {@code K -
         * 1}, each weighted {@code 1 / (K - 1)}, with the basal voltage recomputed from the
         * presynaptic rate of the same point where the rule needs it; a sample is left out at those
         * points where it counts as diverged; clipping acts on the running sum after every point. A
         * compatibility mode.
         */
        CONTINUOUS_RUNNING,
        /**
         * The last state alone: DFC-SS, and DFC-SSA with {@link
         * io.dfc.api.control.Solver.Linearized}. The basal voltage of the rule is recomputed from
         * the presynaptic rate of the same state. Masked like {@link #CONTINUOUS}, except with the
         * linearised solver, which masks nothing.
         */
        LAST_STATE
    }

    /** Which presynaptic rates enter an update. */
    public enum Presynaptic {
        /** The controlled rates. */
        CONTROLLED,
        /** The rates of the feedforward pass; with {@link Mode#LAST_STATE} alone. */
        FEEDFORWARD
    }

    /** Checks the combination. */
    public ForwardPlasticity {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(clipping, "clipping");
        if (presynaptic == Presynaptic.FEEDFORWARD && mode != Mode.LAST_STATE) {
            throw new BadConfigurationException(
                    "forward.presynaptic",
                    "feedforward rates go with the last state alone, not with mode " + mode);
        }
    }

    /**
     * An unclipped update from controlled rates.
     *
     * @param mode which time points enter
     * @param rule how the postsynaptic factor is formed
     */
    public ForwardPlasticity(Mode mode, LearningRule rule) {
        this(mode, rule, Presynaptic.CONTROLLED, new Clipping.None());
    }
}
