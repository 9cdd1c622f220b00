package io.dfc.api.reference;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.spi.OutputSpace;

/**
 * The controlled loop of one sample in output space (see {@link io.dfc.api.spi.OutputSpace}): a
 * chain of filters, one per layer, in place of the network.
 */
final class OutputLoop {
    private final ProportionalIntegralController controller;
    private final Dynamics dynamics;

    /** {@code J_i Q_i} per layer, row-major [n_L, n_L]. */
    private final double[][] gains;

    private final int depth;
    private final int outputs;
    private final double kappa;

    final double[] u;
    private final double[] integral;
    final double[] error;

    /** What drives the apical compartments, {@code a}. */
    final double[] applied;

    /** {@code p_i}: share of the output deviation that has come down from layer {@code i}. */
    final double[][] p;

    OutputLoop(ProportionalIntegralController controller, Dynamics dynamics, double[][] gains) {
        this.controller = controller;
        this.dynamics = dynamics;
        this.gains = gains;
        depth = gains.length;
        outputs = (int) Math.round(Math.sqrt(gains[0].length));
        kappa = dynamics.somaticRate();
        u = new double[outputs];
        integral = new double[outputs];
        error = new double[outputs];
        applied = new double[outputs];
        p = new double[depth][outputs];
    }

    double[] output() {
        return p[depth - 1];
    }

    /**
     * Whether the loop, left to itself, dies away.
     *
     * @param controller the controller
     * @param dynamics the dynamics simulated
     * @param gains {@code S J_i Q_i} per layer with {@code S = -de/dr_L}
     */
    static boolean isStable(
            ProportionalIntegralController controller, Dynamics dynamics, double[][] gains) {
        OutputLoop loop = new OutputLoop(controller, OutputSpace.probe(dynamics), gains);
        for (int j = 0; j < loop.outputs; j++) {
            loop.integral[j] = OutputSpace.probeStart(j);
            loop.u[j] = loop.integral[j];
        }
        double[] largest = new double[4];
        for (int step = 0; step < OutputSpace.PROBE_STEPS; step++) {
            loop.control();
            loop.propagate(null);
            for (int j = 0; j < loop.outputs; j++) {
                loop.error[j] = -loop.output()[j];
            }
            int quarter = 4 * step / OutputSpace.PROBE_STEPS;
            double size = Buffers.sumOfSquares(loop.u, 0, loop.outputs);
            // Written so that an undefined number stays.
            largest[quarter] = size <= largest[quarter] ? largest[quarter] : size;
        }
        return OutputSpace.isStable(largest[1], largest[3]);
    }

    /** Advances the control signal by the current error. */
    void control() {
        double alpha = controller.leakageRate();
        boolean total = controller.leak() == ProportionalIntegralController.Leak.TOTAL;
        double rate = dynamics.apicalRate();
        for (int j = 0; j < outputs; j++) {
            double before = u[j];
            double leaking = total ? before : integral[j];
            integral[j] += dynamics.timeStep() * (error[j] - alpha * leaking);
            u[j] = integral[j] + controller.proportionalGain() * error[j];
            double drive = dynamics.proactive() ? u[j] : before;
            applied[j] += rate * (drive - applied[j]);
        }
    }

    /**
     * Advances the filters.
     *
     * @param noise per layer, {@code J_i} times the noise of its apical voltages; null for none
     */
    void propagate(double[][] noise) {
        for (int step = 0; step < depth; step++) {
            // Downwards, every layer still finds the old value of the one below.
            int i = dynamics.instantTransmission() ? step : depth - 1 - step;
            for (int j = 0; j < outputs; j++) {
                double in = i == 0 ? 0 : p[i - 1][j];
                for (int k = 0; k < outputs; k++) {
                    in += gains[i][j * outputs + k] * applied[k];
                }
                if (noise != null) {
                    in += noise[i][j];
                }
                p[i][j] += kappa * (in - p[i][j]);
            }
        }
    }
}
