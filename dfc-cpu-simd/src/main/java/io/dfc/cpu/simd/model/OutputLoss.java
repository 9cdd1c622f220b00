package io.dfc.cpu.simd.model;

import io.dfc.api.network.Loss;
import io.dfc.cpu.simd.kernel.Softmax;

/** Loss of a minibatch and its gradient; few numbers, so float64 throughout. */
public final class OutputLoss {
    private final Batch batch;
    private final Loss kind;
    private final int outputs;
    private final Softmax softmax;
    private final double[] probabilities;
    private final double[] logSums;

    public OutputLoss(Batch batch, Loss kind, int outputs) {
        this.batch = batch;
        this.kind = kind;
        this.outputs = outputs;
        softmax = new Softmax(batch.output.length);
        probabilities = new double[batch.output.length];
        logSums = new double[batch.labels.length];
    }

    void evaluate() {
        double sum = 0;
        int right = 0;
        switch (kind) {
            case CROSS_ENTROPY -> {
                System.arraycopy(batch.output, 0, probabilities, 0, batch.samples * outputs);
                softmax.apply(probabilities, batch.samples, outputs, logSums);
                for (int s = 0; s < batch.samples; s++) {
                    int at = s * outputs;
                    sum += crossEntropy(s, at);
                    if (largest(batch.output, at) == largest(batch.targets, at)) {
                        right++;
                    }
                }
            }
            case MEAN_SQUARED_ERROR -> {
                for (int s = 0; s < batch.samples; s++) {
                    sum += squaredError(s * outputs);
                }
            }
        }
        batch.loss = sum / batch.samples;
        batch.correct = right;
    }

    private double crossEntropy(int s, int at) {
        double weight = 0;
        double sum = 0;
        for (int j = at; j < at + outputs; j++) {
            sum -= batch.targets[j] * (batch.output[j] - logSums[s]);
            weight += batch.targets[j];
        }
        for (int j = at; j < at + outputs; j++) {
            batch.lossGradient[j] = (weight * probabilities[j] - batch.targets[j]) / batch.samples;
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
}
