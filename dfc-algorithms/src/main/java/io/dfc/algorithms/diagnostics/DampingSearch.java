package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Parameters;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * The damping at which a Gauss-Newton or minimum-norm update is closest to the update measured,
 * overall and for every layer's weights.
 *
 * @param damping damping of the smallest angle over all parameters
 * @param angle that angle, in degrees
 * @param layerDamping damping of the smallest angle of every layer's weights
 * @param layerAngle these angles
 */
@SuppressWarnings("ArrayRecordComponent")
public record DampingSearch(
        double damping, double angle, double[] layerDamping, double[] layerAngle) {
    /** The dampings of the published program's search. */
    public static final List<Double> PUBLISHED =
            List.of(0.0, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0);

    /**
     * Searches.
     *
     * @param update the update measured
     * @param comparison the update of a damping
     * @param dampings dampings to try, at least one
     * @return the best ones; NaN angles, of zero updates, never win
     */
    public static DampingSearch of(
            Parameters update, DoubleFunction<Parameters> comparison, List<Double> dampings) {
        int depth = update.weights().size();
        double best = dampings.getFirst();
        double smallest = Double.POSITIVE_INFINITY;
        double[] bests = new double[depth];
        double[] smallests = new double[depth];
        Arrays.fill(bests, best);
        Arrays.fill(smallests, Double.POSITIVE_INFINITY);
        for (double damping : dampings) {
            UpdateAngles angles = UpdateAngles.between(update, comparison.apply(damping));
            if (angles.total() < smallest) {
                smallest = angles.total();
                best = damping;
            }
            for (int i = 0; i < depth; i++) {
                if (angles.weights()[i] < smallests[i]) {
                    smallests[i] = angles.weights()[i];
                    bests[i] = damping;
                }
            }
        }
        return new DampingSearch(best, smallest, bests, smallests);
    }
}
