package io.dfc.api.reference.model;

import io.dfc.api.network.Loss;
import io.dfc.api.spi.Targets;

import java.util.Arrays;

/** Loss of some samples and its gradient with respect to the output rates. */
public final class OutputLoss {
    final double loss;
    final int correct;

    /** Gradient of the mean loss, [samples, n_L]. */
    public final double[] gradient;

    /** Loss of every sample. */
    public final double[] perSample;

    /** Targets as values, [samples, n_L]: one-hot for labels. */
    public final double[] values;

    public OutputLoss(Loss kind, double[] output, int samples, int outputs, Targets targets) {
        values =
                switch (targets) {
                    case Targets.Labels(int[] classes) -> classValues(classes, outputs, 1, 0);
                    case Targets.Values(var tensor) -> tensor.toDoubles();
                };
        gradient = new double[samples * outputs];
        perSample = new double[samples];
        int right = 0;
        double[] probabilities = new double[outputs];
        for (int s = 0; s < samples; s++) {
            int at = s * outputs;
            switch (kind) {
                case CROSS_ENTROPY -> {
                    double logSum = softmax(output, at, outputs, probabilities);
                    double weight = 0;
                    for (int j = 0; j < outputs; j++) {
                        perSample[s] -= values[at + j] * (output[at + j] - logSum);
                        weight += values[at + j];
                    }
                    for (int j = 0; j < outputs; j++) {
                        gradient[at + j] = (weight * probabilities[j] - values[at + j]) / samples;
                    }
                    if (largest(output, at, outputs) == largest(values, at, outputs)) {
                        right++;
                    }
                }
                case MEAN_SQUARED_ERROR -> {
                    for (int j = 0; j < outputs; j++) {
                        double difference = output[at + j] - values[at + j];
                        perSample[s] += difference * difference / outputs;
                        gradient[at + j] = 2 * difference / (samples * (double) outputs);
                    }
                }
            }
        }
        loss = Arrays.stream(perSample).sum() / samples;
        correct = right;
    }

    /** Class labels as rows of target values. */
    static double[] classValues(int[] classes, int outputs, double right, double wrong) {
        double[] values = new double[classes.length * outputs];
        Arrays.fill(values, wrong);
        for (int s = 0; s < classes.length; s++) {
            values[s * outputs + classes[s]] = right;
        }
        return values;
    }

    /** Writes the softmax of a row and returns the logarithm of the sum of exponentials. */
    static double softmax(double[] x, int at, int width, double[] probabilities) {
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < width; j++) {
            max = Math.max(max, x[at + j]);
        }
        double sum = 0;
        for (int j = 0; j < width; j++) {
            probabilities[j] = Math.exp(x[at + j] - max);
            sum += probabilities[j];
        }
        for (int j = 0; j < width; j++) {
            probabilities[j] /= sum;
        }
        return max + Math.log(sum);
    }

    private static int largest(double[] x, int at, int width) {
        int best = 0;
        for (int j = 1; j < width; j++) {
            if (x[at + j] > x[at + best]) {
                best = j;
            }
        }
        return best;
    }
}
