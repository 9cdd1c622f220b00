package io.dfc.api.reference;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.spi.OutputSpace;

/**
 * One run of {@link OutputLoop} from the feedforward pass to the horizon, and what is kept of it.
 */
final class OutputTransient {
    private final int outputs;
    final OutputLoop loop;

    /** {@code sum_t a[t]}. */
    final double[] sumApplied;

    /** {@code u^(q)} at the last point: {@code a} filtered {@code q} times. */
    final double[][] lagged;

    private final Moments control;
    private final Moments output;
    private double largestRatio;
    private boolean bounded = true;

    /** Sums over time of a vector and of its squares. */
    private static final class Moments {
        private final double[] sum;
        private final double[] squares;

        Moments(int n) {
            sum = new double[n];
            squares = new double[n];
        }

        void add(double[] x) {
            for (int j = 0; j < x.length; j++) {
                sum[j] += x[j];
                squares[j] += x[j] * x[j];
            }
        }

        /** Squared mean, summed over components. */
        double mean(int points) {
            double total = 0;
            for (double s : sum) {
                total += s / points * (s / points);
            }
            return total;
        }

        double variance(int points) {
            double total = 0;
            for (double s : squares) {
                total += s / points;
            }
            return Math.max(0, total - mean(points));
        }
    }

    /**
     * Runs the loop.
     *
     * @param gains {@code J_i Q_i} per layer
     * @param distance {@code d}
     * @param defect second-order part of the output at the last point of an earlier run; null in a
     *     first run
     * @param direction output of that run at its last point
     * @param outputNorm {@code ||r_L^-||}
     */
    OutputTransient(
            ProportionalIntegralController controller,
            Dynamics dynamics,
            double[][] gains,
            double[] distance,
            double[] defect,
            double[] direction,
            double outputNorm) {
        outputs = distance.length;
        loop = new OutputLoop(controller, dynamics, gains);
        sumApplied = new double[outputs];
        lagged = new double[gains.length + 1][outputs];
        control = new Moments(outputs);
        output = new Moments(outputs);
        double bound = OutputSpace.MAX_OVERSHOOT * Buffers.norm(distance, 0, outputs);
        double squared = direction == null ? 0 : Buffers.sumOfSquares(direction, 0, outputs);
        double kappa = dynamics.somaticRate();
        evaluate(distance, defect, direction, squared);
        for (int step = 0; step < dynamics.steps(); step++) {
            loop.control();
            loop.propagate(null);
            for (int q = 0; q < lagged.length; q++) {
                double[] in = q == 0 ? loop.applied : lagged[q - 1];
                double rate = q == 0 ? 1 : kappa;
                for (int j = 0; j < outputs; j++) {
                    lagged[q][j] += rate * (in[j] - lagged[q][j]);
                }
            }
            Buffers.add(sumApplied, 1, loop.applied);
            control.add(loop.u);
            output.add(loop.output());
            evaluate(distance, defect, direction, squared);
            bounded &= Buffers.norm(loop.output(), 0, outputs) <= bound;
            largestRatio = Math.max(largestRatio, residual(controller.leakage()) / outputNorm);
        }
    }

    private void evaluate(double[] distance, double[] defect, double[] direction, double squared) {
        double[] p = loop.output();
        double c = 0;
        if (squared > 0) {
            for (int j = 0; j < outputs; j++) {
                c += p[j] * direction[j];
            }
            c /= squared;
        }
        for (int j = 0; j < outputs; j++) {
            loop.error[j] = distance[j] - p[j] - (squared > 0 ? defect[j] * c * c : 0);
        }
    }

    /** {@code ||e - alpha u||} at the last point. */
    double residual(double leakage) {
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            double g = loop.error[j] - leakage * loop.u[j];
            sum += g * g;
        }
        return Math.sqrt(sum);
    }

    /** Whether the run stayed where the small loop can be trusted to be stable. */
    boolean isTame() {
        return bounded && largestRatio <= OutputSpace.MAX_DISTANCE_RATIO;
    }

    /** {@code ||u^(L) - u^(0)|| / ||u^(0)||} at the last point. */
    double lag() {
        double sum = 0;
        double[] last = lagged[lagged.length - 1];
        for (int j = 0; j < outputs; j++) {
            double d = last[j] - lagged[0][j];
            sum += d * d;
        }
        // Without control there is nothing that could lag.
        return sum == 0 ? 0 : Math.sqrt(sum) / Buffers.norm(lagged[0], 0, outputs);
    }

    double controlMean(int points) {
        return control.mean(points);
    }

    double controlVariance(int points) {
        return control.variance(points);
    }

    double outputMean(int points) {
        return output.mean(points);
    }

    double outputVariance(int points) {
        return output.variance(points);
    }
}
