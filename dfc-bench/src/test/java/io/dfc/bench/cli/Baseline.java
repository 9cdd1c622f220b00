package io.dfc.bench.cli;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.api.tensor.Rows;

import java.util.stream.IntStream;

/**
 * What a linear model reaches on the same split: multinomial logistic regression with the ridge of
 * scikit-learn's default, or linear least squares; found by gradient descent with momentum.
 */
final class Baseline {
    private static final int STEPS = 4000;
    private static final double RATE = 0.1;
    private static final double MOMENTUM = 0.9;

    private final double[][] weights;
    private final int inputs;

    private Baseline(DataSet train) {
        inputs = train.inputSize();
        weights = new double[train.outputSize()][inputs + 1];
        double[][] x = inputs(train);
        double[][] y = targets(train);
        double[][] velocity = new double[weights.length][inputs + 1];
        double ridge = train.classification() ? 1.0 / train.size() : 0;
        for (int step = 0; step < STEPS; step++) {
            double[][] gradient = new double[weights.length][inputs + 1];
            for (int i = 0; i < x.length; i++) {
                double[] out = output(x[i], train.classification());
                for (int k = 0; k < out.length; k++) {
                    double error = (out[k] - y[i][k]) / x.length;
                    for (int j = 0; j <= inputs; j++) {
                        gradient[k][j] += error * (j < inputs ? x[i][j] : 1);
                    }
                }
            }
            for (int k = 0; k < weights.length; k++) {
                for (int j = 0; j <= inputs; j++) {
                    double g = gradient[k][j] + (j < inputs ? ridge * weights[k][j] : 0);
                    velocity[k][j] = MOMENTUM * velocity[k][j] - RATE * g;
                    weights[k][j] += velocity[k][j];
                }
            }
        }
    }

    /** The error, or the root of the mean squared error in the unit of the targets. */
    static double of(DataSplits data) {
        return new Baseline(data.train()).measure(data.test());
    }

    private double measure(DataSet test) {
        double[][] x = inputs(test);
        double[][] y = targets(test);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double[] out = output(x[i], test.classification());
            if (test.classification()) {
                sum += y[i][largest(out)] == 1 ? 0 : 1;
            } else {
                sum += (out[0] - y[i][0]) * (out[0] - y[i][0]) * test.lossFactor();
            }
        }
        return test.classification() ? sum / x.length : Math.sqrt(sum / x.length);
    }

    private static int largest(double[] out) {
        int best = 0;
        for (int k = 0; k < out.length; k++) {
            best = out[k] > out[best] ? k : best;
        }
        return best;
    }

    private double[] output(double[] x, boolean softmax) {
        double[] out = new double[weights.length];
        double sum = 0;
        for (int k = 0; k < out.length; k++) {
            out[k] = weights[k][inputs];
            for (int j = 0; j < inputs; j++) {
                out[k] += weights[k][j] * x[j];
            }
            sum += Math.exp(out[k]);
        }
        for (int k = 0; softmax && k < out.length; k++) {
            out[k] = Math.exp(out[k]) / sum;
        }
        return out;
    }

    private static double[][] inputs(DataSet set) {
        double[][] x = new double[set.size()][set.inputSize()];
        for (int i = 0; i < x.length; i++) {
            set.copyInputs(new int[] {i}, 0, 1, Rows.of(x[i], set.inputSize()));
        }
        return x;
    }

    private static double[][] targets(DataSet set) {
        double[][] y = new double[set.size()][set.outputSize()];
        for (int i : IntStream.range(0, y.length).toArray()) {
            if (set.classification()) {
                y[i][set.label(i)] = 1;
            } else {
                set.copyTargets(new int[] {i}, 0, 1, Rows.of(y[i], set.outputSize()));
            }
        }
        return y;
    }
}
