package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import java.util.List;

/**
 * Angles between two updates of weights and biases, in degrees; NaN where one of them is zero.
 *
 * @param weights angle of every layer's weights
 * @param biases angle of every layer's biases; empty for a network without biases
 * @param total angle of all weights and biases, concatenated
 */
@SuppressWarnings("ArrayRecordComponent")
public record UpdateAngles(double[] weights, double[] biases, double total) {
    /**
     * Measures the angles.
     *
     * @param update an update
     * @param other another one, of the same shapes
     * @return the angles
     */
    public static UpdateAngles between(Parameters update, Parameters other) {
        return new UpdateAngles(
                perLayer(update.weights(), other.weights()),
                perLayer(update.biases(), other.biases()),
                Vectors.angle(flat(update), flat(other)));
    }

    private static double[] perLayer(List<Tensor> a, List<Tensor> b) {
        double[] angles = new double[a.size()];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = Vectors.angle(a.get(i).toDoubles(), b.get(i).toDoubles());
        }
        return angles;
    }

    private static double[] flat(Parameters update) {
        int size = 0;
        for (Tensor t : update.weights()) {
            size += t.size();
        }
        for (Tensor t : update.biases()) {
            size += t.size();
        }
        double[] flat = new double[size];
        int at = 0;
        for (List<Tensor> group : List.of(update.weights(), update.biases())) {
            for (Tensor t : group) {
                t.copyTo(flat, at);
                at += t.size();
            }
        }
        return flat;
    }
}
