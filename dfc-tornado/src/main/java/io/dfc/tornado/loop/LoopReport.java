package io.dfc.tornado.loop;

import io.dfc.api.control.Convergence;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.tornado.kernel.Slots;

/** What the loops in output space of a minibatch have reported of a run. */
final class LoopReport {
    private final float[] numbers;
    private final int samples;

    /**
     * A report.
     *
     * @param numbers {@link Slots#REPORT_LENGTH} to a sample, as {@link Slots#LARGEST_OUTPUT} and
     *     those after it say
     */
    LoopReport(float[] numbers, int samples) {
        this.numbers = numbers;
        this.samples = samples;
    }

    private double get(int sample, int what) {
        return numbers[sample * Slots.REPORT_LENGTH + what];
    }

    /** Whether all runs stayed within the bounds in which the reduced-order loop is stable. */
    boolean isWithinBounds() {
        for (int s = 0; s < samples; s++) {
            double bound = OutputSpace.MAX_OVERSHOOT;
            double ratio = OutputSpace.MAX_DISTANCE_RATIO * get(s, Slots.FEEDFORWARD_NORM);
            // Written so that undefined numbers are not within bounds.
            if (!(get(s, Slots.LARGEST_OUTPUT) <= bound * bound * get(s, Slots.SQUARED_DISTANCE))
                    || !(get(s, Slots.LARGEST_RESIDUAL) <= ratio * ratio)) {
                return false;
            }
        }
        return true;
    }

    /** Whether no output strayed further than its own size. */
    boolean staysBelowOutput() {
        for (int s = 0; s < samples; s++) {
            double bound = get(s, Slots.FEEDFORWARD_NORM);
            if (!(get(s, Slots.LARGEST_OUTPUT) <= bound * bound)) {
                return false;
            }
        }
        return true;
    }

    /** Largest {@code ||u^(L) - u^(0)|| / ||u^(0)||} of the samples at the last point. */
    double largestLag() {
        double largest = 0;
        for (int s = 0; s < samples; s++) {
            double squared = quotient(get(s, Slots.SQUARED_LAG), get(s, Slots.SQUARED_APPLIED));
            largest = Math.max(largest, Math.sqrt(squared));
        }
        return largest;
    }

    /** {@code var(u) / |mean u|^2 + var(p_L) / |mean p_L|^2}. */
    double variation() {
        double[] total = new double[4];
        for (int s = 0; s < samples; s++) {
            for (int k = 0; k < total.length; k++) {
                total[k] += get(s, Slots.SQUARED_MEAN + k);
            }
        }
        return quotient(total[1], total[0]) + quotient(total[3], total[2]);
    }

    /**
     * Whether it is clear for every sample on which side of the bounds of convergence it lies.
     *
     * @param relative error of the output, relative to the distance to the target
     */
    boolean isDecided(Convergence convergence, double relative) {
        double share = convergence.epsilon() * convergence.epsilon();
        for (int s = 0; s < samples; s++) {
            double distance = Math.sqrt(get(s, Slots.SQUARED_DISTANCE));
            double output = get(s, Slots.FEEDFORWARD_NORM);
            double error = relative * distance;
            double ratio = Math.sqrt(get(s, Slots.SQUARED_RESIDUAL)) / output;
            if (OutputSpace.undecided(ratio, Convergence.RATIO_CONVERGED, error / output)
                    || OutputSpace.undecided(
                            Math.sqrt(get(s, Slots.SQUARED_ERROR)), share * distance, error)) {
                return false;
            }
        }
        return true;
    }

    /** A ratio for which nothing over nothing is nothing. */
    static double quotient(double a, double b) {
        return a == 0 ? 0 : a / b;
    }
}
