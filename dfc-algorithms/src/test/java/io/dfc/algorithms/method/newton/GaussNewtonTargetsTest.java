package io.dfc.algorithms.method.newton;

import io.dfc.algorithms.method.lab.Lab;
import io.dfc.algorithms.method.lab.Vectors;
import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Loss;
import io.dfc.api.plan.ProgramHandle;

import org.junit.jupiter.api.Test;

/** Gauss-Newton targets, by the least squares that they solve. */
class GaussNewtonTargetsTest {
    /**
     * Gauss-Newton targets: the way {@code d} to the target solves {@code (J^T J + gamma I) d = J^T
     * g}, with a Jacobian by differences.
     */
    @Test
    void gaussNewtonTargetsSolveTheDampedLeastSquares() {
        double damping = 0.4;
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 1, Lab.tanh(4, 5, 3, 2))) {
            ProgramHandle program =
                    lab.add(
                            GaussNewtonTargets.program(
                                    lab.network, lab.w, lab.b, damping, new Clipping.None()));
            for (int i = 0; i <= lab.last(); i++) {
                // The bias of a layer moves by 2 d phi'.
                double[] gradient = lab.gradient(program, lab.b, i);
                double[] slopes = Vectors.slopes(lab.network.activation(i), lab.voltages(i));
                double[] way = new double[gradient.length];
                for (int n = 0; n < way.length; n++) {
                    way[n] = gradient[n] / (2 * slopes[n]);
                }
                double[][] jacobian = jacobian(lab, i);
                double[] g = outputGradient(lab);
                double[] left = new double[way.length];
                double[] right = new double[way.length];
                for (int n = 0; n < way.length; n++) {
                    left[n] = damping * way[n];
                    for (int j = 0; j < 2; j++) {
                        left[n] += jacobian[j][n] * Vectors.dot(jacobian[j], way);
                        right[n] += jacobian[j][n] * g[j];
                    }
                }
                Lab.assertClose("targets of layer " + i, right, left, 1e-6);
            }
        }
    }

    /** {@code dLoss/dr_L}, through the biases of a linear output. */
    private static double[] outputGradient(Lab lab) {
        return lab.slope(lab.b, lab.last(), lab::loss);
    }

    /** {@code dr_L/dr_i}, rows of outputs. */
    private static double[][] jacobian(Lab lab, int layer) {
        double[][] rows = new double[2][];
        for (int j = 0; j < 2; j++) {
            int output = j;
            rows[j] = lab.slope(lab.b, layer, () -> lab.rates(lab.last())[output]);
            double[] slopes = Vectors.slopes(lab.network.activation(layer), lab.voltages(layer));
            for (int n = 0; n < rows[j].length; n++) {
                rows[j][n] /= slopes[n];
            }
        }
        return rows;
    }
}
