package io.dfc.algorithms.run;

import io.dfc.algorithms.data.TargetEncoding;

import java.util.Arrays;
import java.util.List;

/**
 * What the outputs of a network stand for: scores of classes, or numbers in their own units.
 *
 * @param targets how targets became numbers
 */
public record NetworkOutputs(TargetEncoding targets) {
    /**
     * Interprets the outputs of one sample.
     *
     * @param outputs outputs {@code r_L}, at least as many as there are classes or numbers
     * @return for classes the softmax over those outputs that stand for them; for numbers these
     *     numbers in their own units; for autoencoders the outputs as they are
     */
    public double[] decode(double[] outputs) {
        return switch (targets) {
            // Units beyond the classes have no target.
            case TargetEncoding.Classes c -> softmax(Arrays.copyOf(outputs, c.names().size()));
            case TargetEncoding.Scale s -> new double[] {s.decode(outputs[0])};
            case TargetEncoding.Vector v -> decode(v.components(), outputs);
            case TargetEncoding.Inputs _ -> outputs.clone();
        };
    }

    private static double[] decode(List<TargetEncoding.Component> parts, double[] outputs) {
        double[] values = new double[parts.size()];
        Arrays.setAll(values, j -> parts.get(j).scale().decode(outputs[j]));
        return values;
    }

    private static double[] softmax(double[] values) {
        double most = values[largest(values)];
        double sum = 0;
        for (double v : values) {
            sum += Math.exp(v - most);
        }
        for (int j = 0; j < values.length; j++) {
            values[j] = Math.exp(values[j] - most) / sum;
        }
        return values;
    }

    /**
     * The largest of some numbers.
     *
     * @param values at least one number
     * @return position of the first of the largest
     */
    public static int largest(double[] values) {
        int best = 0;
        for (int j = 1; j < values.length; j++) {
            best = values[j] > values[best] ? j : best;
        }
        return best;
    }
}
