package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Loss;
import io.dfc.api.spi.Targets;

/** Gradient of the mean loss of a minibatch with respect to the outputs. */
final class LossGradient {
    private LossGradient() {}

    /** {@code dLoss / dr_L}, [B, n_L], the denominator {@code B} included. */
    static double[] of(Loss loss, NetworkState state, Targets targets) {
        int samples = state.samples();
        int n = state.network().outputs();
        double[] output = state.output();
        double[] values = values(targets, n);
        double[] gradient = new double[samples * n];
        for (int b = 0; b < samples; b++) {
            switch (loss) {
                case CROSS_ENTROPY -> crossEntropy(output, values, b * n, n, gradient);
                case MEAN_SQUARED_ERROR -> {
                    for (int j = b * n; j < b * n + n; j++) {
                        gradient[j] = 2 * (output[j] - values[j]) / n;
                    }
                }
            }
        }
        for (int k = 0; k < gradient.length; k++) {
            gradient[k] /= samples;
        }
        return gradient;
    }

    private static double[] values(Targets targets, int n) {
        return switch (targets) {
            case Targets.Values(var tensor) -> tensor.toDoubles();
            case Targets.Labels(int[] classes) -> {
                double[] values = new double[classes.length * n];
                for (int b = 0; b < classes.length; b++) {
                    values[b * n + classes[b]] = 1;
                }
                yield values;
            }
        };
    }

    private static void crossEntropy(
            double[] output, double[] values, int at, int n, double[] gradient) {
        double largest = Double.NEGATIVE_INFINITY;
        double weight = 0;
        for (int j = at; j < at + n; j++) {
            largest = Math.max(largest, output[j]);
            weight += values[j];
        }
        double sum = 0;
        for (int j = at; j < at + n; j++) {
            gradient[j] = Math.exp(output[j] - largest);
            sum += gradient[j];
        }
        for (int j = at; j < at + n; j++) {
            gradient[j] = weight * gradient[j] / sum - values[j];
        }
    }
}
