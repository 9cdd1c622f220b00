package io.dfc.cpu.simd;

import io.dfc.api.network.Loss;

/** Loss of a minibatch and its gradient; few numbers, so float64 throughout. */
final class OutputLoss {
    private final Batch batch;
    private final Loss kind;
    private final int outputs;

    OutputLoss(Batch batch, Loss kind, int outputs) {
        this.batch = batch;
        this.kind = kind;
        this.outputs = outputs;
    }

    void evaluate() {
        double sum = 0;
        int right = 0;
        double[] probabilities = new double[outputs];
        for (int s = 0; s < batch.samples; s++) {
            int at = s * outputs;
            switch (kind) {
                case CROSS_ENTROPY -> {
                    sum += crossEntropy(at, probabilities);
                    if (largest(batch.output, at) == largest(batch.targets, at)) {
                        right++;
                    }
                }
                case MEAN_SQUARED_ERROR -> sum += squaredError(at);
            }
        }
        batch.loss = sum / batch.samples;
        batch.correct = right;
    }

    private double crossEntropy(int at, double[] probabilities) {
        double logSum = softmax(batch.output, at, outputs, probabilities);
        double weight = 0;
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            sum -= batch.targets[at + j] * (batch.output[at + j] - logSum);
            weight += batch.targets[at + j];
        }
        for (int j = 0; j < outputs; j++) {
            batch.lossGradient[at + j] =
                    (weight * probabilities[j] - batch.targets[at + j]) / batch.samples;
        }
        return sum;
    }

    private double squaredError(int at) {
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            double difference = batch.output[at + j] - batch.targets[at + j];
            sum += difference * difference / outputs;
            batch.lossGradient[at + j] = 2 * difference / ((double) batch.samples * outputs);
        }
        return sum;
    }

    private int largest(double[] x, int at) {
        int best = 0;
        for (int j = 1; j < outputs; j++) {
            if (x[at + j] > x[at + best]) {
                best = j;
            }
        }
        return best;
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
}
