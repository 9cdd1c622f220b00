package io.dfc.algorithms.train;

import java.util.Locale;

/** How learning rates change in the course of the training sweeps of a run. */
public enum RateSchedule {
    /** They stay as they are. */
    CONSTANT {
        @Override
        double scale(double done) {
            return 1;
        }
    },
    /** They fall along a line to zero at the end of the run. */
    LINEAR {
        @Override
        double scale(double done) {
            return 1 - done;
        }
    },
    /** They fall along half a cosine to a tenth at the end of the run (arXiv 2207.01332). */
    COSINE {
        @Override
        double scale(double done) {
            return REST + (1 - REST) * (1 + Math.cos(Math.PI * done)) / 2;
        }
    };

    private static final double REST = 0.1;

    /**
     * Factor on the learning rates.
     *
     * @param done share of the run's minibatches that are behind, in [0, 1)
     * @return the factor, in (0, 1]
     */
    abstract double scale(double done);

    /** {@return the name that configurations use} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
