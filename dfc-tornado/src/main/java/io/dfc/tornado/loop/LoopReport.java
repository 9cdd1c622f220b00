package io.dfc.tornado.loop;

import io.dfc.api.control.Convergence;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.tornado.kernel.TableLayout;

/** Reports of the reduced-order loops of a minibatch on a run. */
final class LoopReport {
    private final float[] numbers;
    private final int samples;

    /**
     * A report.
     *
     * @param numbers {@link TableLayout#REPORT_LENGTH} to a sample, as {@link
     *     TableLayout#LARGEST_OUTPUT} and those after it say
     */
    LoopReport(float[] numbers, int samples) {
        this.numbers = numbers;
        this.samples = samples;
    }

    private double get(int sample, int what) {
        return numbers[sample * TableLayout.REPORT_LENGTH + what];
    }

    /** Whether all runs stayed within the bounds in which the reduced-order loop is stable. */
    boolean isWithinBounds() {
        for (int s = 0; s < samples; s++) {
            double bound = OutputSpace.MAX_OVERSHOOT;
            double ratio = OutputSpace.MAX_DISTANCE_RATIO * get(s, TableLayout.FEEDFORWARD_NORM);
            // Written so that undefined numbers are not within bounds.
            if (!(get(s, TableLayout.LARGEST_OUTPUT)
                            <= bound * bound * get(s, TableLayout.SQUARED_DISTANCE))
                    || !(get(s, TableLayout.LARGEST_RESIDUAL) <= ratio * ratio)) {
                return false;
            }
        }
        return true;
    }

    /** Whether no output deviated by more than the feedforward output's norm. */
    boolean staysBelowOutput() {
        for (int s = 0; s < samples; s++) {
            double bound = get(s, TableLayout.FEEDFORWARD_NORM);
            if (!(get(s, TableLayout.LARGEST_OUTPUT) <= bound * bound)) {
                return false;
            }
        }
        return true;
    }

    /** Largest {@code ||u^(L) - u^(0)|| / ||u^(0)||} of the samples at the last point. */
    double largestLag() {
        double largest = 0;
        for (int s = 0; s < samples; s++) {
            double squared =
                    quotient(get(s, TableLayout.SQUARED_LAG), get(s, TableLayout.SQUARED_APPLIED));
            largest = Math.max(largest, Math.sqrt(squared));
        }
        return largest;
    }

    /** {@code var(u) / |mean u|^2 + var(p_L) / |mean p_L|^2}. */
    double variation() {
        double[] total = new double[4];
        for (int s = 0; s < samples; s++) {
            for (int k = 0; k < total.length; k++) {
                total[k] += get(s, TableLayout.SQUARED_MEAN + k);
            }
        }
        return quotient(total[1], total[0]) + quotient(total[3], total[2]);
    }

    /**
     * Whether convergence is decided for every sample: none lies within the error of a bound.
     *
     * @param relative error of the output, relative to the distance to the target
     */
    boolean isDecided(Convergence convergence, double relative) {
        double share = convergence.epsilon() * convergence.epsilon();
        for (int s = 0; s < samples; s++) {
            double distance = Math.sqrt(get(s, TableLayout.SQUARED_DISTANCE));
            double output = get(s, TableLayout.FEEDFORWARD_NORM);
            double error = relative * distance;
            double ratio = Math.sqrt(get(s, TableLayout.SQUARED_RESIDUAL)) / output;
            if (OutputSpace.undecided(ratio, Convergence.RATIO_CONVERGED, error / output)
                    || OutputSpace.undecided(
                            Math.sqrt(get(s, TableLayout.SQUARED_ERROR)),
                            share * distance,
                            error)) {
                return false;
            }
        }
        return true;
    }

    /** A ratio that is 0 for 0 / 0. */
    static double quotient(double a, double b) {
        return a == 0 ? 0 : a / b;
    }
}
