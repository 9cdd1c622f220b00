package io.dfc.algorithms.diagnostics;

import java.util.ArrayList;
import java.util.List;

/**
 * Condition 1 (arXiv 2106.07887): the presynaptic rates of all layers have the same norm. With the
 * deviations {@code d_i = ||r_i|| - m} from the mean {@code m} over {@code i = 0..L-1}; 0 where the
 * condition holds.
 *
 * @param paper standard deviation over mean, {@code sqrt(mean_i d_i^2) / m}, as in the text
 * @param program {@code sqrt(mean_i d_i^2 / m)}, as the published program computes it: this is the
 *     published curve
 * @param layers {@code d_i / m} of the inputs and every hidden layer
 */
public record ConditionOne(
        MeanAndDeviation paper, MeanAndDeviation program, List<MeanAndDeviation> layers) {
    /** Copies the list. */
    public ConditionOne {
        layers = List.copyOf(layers);
    }

    /**
     * Measures a state.
     *
     * @param state rates of a minibatch
     * @return both forms
     */
    public static ConditionOne of(NetworkState state) {
        int depth = state.network().depth();
        double[] paper = new double[state.samples()];
        double[] program = new double[state.samples()];
        double[][] layers = new double[depth][state.samples()];
        for (int b = 0; b < state.samples(); b++) {
            double mean = 0;
            double[] norms = new double[depth];
            for (int i = 0; i < depth; i++) {
                int n = state.network().fanIn(i);
                norms[i] = Vectors.norm(state.presynaptic(i), b * n, n);
                mean += norms[i] / depth;
            }
            double variance = 0;
            for (int i = 0; i < depth; i++) {
                double deviation = norms[i] - mean;
                layers[i][b] = deviation / mean;
                variance += deviation * deviation / depth;
            }
            paper[b] = Math.sqrt(variance) / mean;
            program[b] = Math.sqrt(variance / mean);
        }
        List<MeanAndDeviation> perLayer = new ArrayList<>();
        for (double[] layer : layers) {
            perLayer.add(MeanAndDeviation.of(layer));
        }
        return new ConditionOne(MeanAndDeviation.of(paper), MeanAndDeviation.of(program), perLayer);
    }
}
