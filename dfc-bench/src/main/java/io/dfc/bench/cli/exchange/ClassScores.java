package io.dfc.bench.cli.exchange;

import io.dfc.api.tensor.Tensor;

import java.util.List;

/** Classes from the rates of an output layer, of which units beyond the classes are left out. */
final class ClassScores {
    private ClassScores() {}

    /** The softmax of the first rates of every sample. */
    static Tensor softmax(Tensor rates, int classes) {
        int samples = rates.dim(0);
        double[] scores = new double[samples * classes];
        for (int sample = 0; sample < samples; sample++) {
            double most = rates.get(sample * rates.dim(1) + best(rates, sample, classes));
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                double e = Math.exp(rates.get(sample * rates.dim(1) + k) - most);
                scores[sample * classes + k] = e;
                sum += e;
            }
            for (int k = 0; k < classes; k++) {
                scores[sample * classes + k] /= sum;
            }
        }
        return Tensor.wrap(scores, samples, classes);
    }

    /** How much less likely a class that was named is than the most likely one, at most. */
    static double apart(List<String> labels, List<String> classes, Tensor rates) {
        Tensor scores = softmax(rates, classes.size());
        double most = 0;
        for (int sample = 0; sample < labels.size(); sample++) {
            int named = classes.indexOf(labels.get(sample));
            if (named < 0) {
                return Double.POSITIVE_INFINITY;
            }
            int row = sample * classes.size();
            most =
                    Math.max(
                            most,
                            scores.get(row + best(rates, sample, classes.size()))
                                    - scores.get(row + named));
        }
        return most;
    }

    private static int best(Tensor rates, int sample, int classes) {
        int at = 0;
        for (int k = 1; k < classes; k++) {
            if (rates.get(sample * rates.dim(1) + k) > rates.get(sample * rates.dim(1) + at)) {
                at = k;
            }
        }
        return at;
    }
}
