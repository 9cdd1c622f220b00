package io.dfc.api.reference.loop;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.reference.model.Buffers;

/**
 * Decides whether the simulated loop of one sample would stay at a steady state that was found: it
 * runs the loop, linearised at that state, without a target. In output space, layer {@code i} is a
 * filter of the control signal with the gain {@code S J_i Q_i}, {@code S = -de/dr_L}.
 */
final class StabilityCheck {
    /** Steps of the check of stability, many time constants. */
    private static final int STEPS = 400;

    /** A stable loop falls by this factor between the second and the last quarter of the steps. */
    private static final double FALL = 0.97;

    /** Largest share by which a voltage approaches its input in a step. */
    private static final double LARGEST_RATE = 0.1;

    private final ProportionalIntegralController controller;
    private final Dynamics dynamics;
    private final double[][] gains;
    private final int depth;
    private final int outputs;
    private final double[] u;
    private final double[] integral;
    private final double[] error;
    private final double[] applied;
    private final double[][] filtered;

    private StabilityCheck(
            ProportionalIntegralController controller, Dynamics dynamics, double[][] gains) {
        this.controller = controller;
        this.dynamics = coarse(dynamics);
        this.gains = gains;
        depth = gains.length;
        outputs = (int) Math.round(Math.sqrt(gains[0].length));
        u = new double[outputs];
        integral = new double[outputs];
        error = new double[outputs];
        applied = new double[outputs];
        filtered = new double[depth][outputs];
    }

    /**
     * Whether the loop decays.
     *
     * @param controller the controller
     * @param dynamics the dynamics simulated
     * @param gains gain of each layer, row-major [n_L, n_L]
     */
    static boolean decays(
            ProportionalIntegralController controller, Dynamics dynamics, double[][] gains) {
        return new StabilityCheck(controller, dynamics, gains).decays();
    }

    /**
     * The dynamics with a time step that is longer where it is finer than need be, so that a
     * bounded number of steps covers a long time.
     */
    private static Dynamics coarse(Dynamics dynamics) {
        boolean filters = dynamics.apicalRate() != 1;
        double longest = LARGEST_RATE * dynamics.timeConstantRatio();
        if (filters) {
            longest = Math.min(longest, LARGEST_RATE * dynamics.apicalTimeConstant());
        }
        if (dynamics.instantSystem() || dynamics.timeStep() >= longest) {
            return dynamics;
        }
        return new Dynamics(
                longest,
                dynamics.timePoints(),
                dynamics.timeConstantRatio(),
                filters ? dynamics.apicalTimeConstant() : longest,
                dynamics.instantTransmission(),
                dynamics.instantSystem(),
                dynamics.proactive());
    }

    private boolean decays() {
        for (int j = 0; j < outputs; j++) {
            // Any start without symmetries.
            integral[j] = Math.cos(2 * j + 1.0);
            u[j] = integral[j];
        }
        double[] largest = new double[4];
        for (int step = 0; step < STEPS; step++) {
            control();
            propagate();
            int quarter = 4 * step / STEPS;
            double size = Buffers.sumOfSquares(u, 0, outputs);
            // Written so that an undefined number stays.
            largest[quarter] = size <= largest[quarter] ? largest[quarter] : size;
        }
        return largest[3] <= FALL * FALL * largest[1];
    }

    private void control() {
        double alpha = controller.leakageRate();
        boolean total = controller.leak() == ProportionalIntegralController.Leak.TOTAL;
        for (int j = 0; j < outputs; j++) {
            double before = u[j];
            double leaking = total ? before : integral[j];
            integral[j] += dynamics.timeStep() * (error[j] - alpha * leaking);
            u[j] = integral[j] + controller.proportionalGain() * error[j];
            double drive = dynamics.proactive() ? u[j] : before;
            applied[j] += dynamics.apicalRate() * (drive - applied[j]);
        }
    }

    private void propagate() {
        for (int step = 0; step < depth; step++) {
            // Downwards, every layer still finds the old value of the one below.
            int i = dynamics.instantTransmission() ? step : depth - 1 - step;
            for (int j = 0; j < outputs; j++) {
                double in = i == 0 ? 0 : filtered[i - 1][j];
                for (int k = 0; k < outputs; k++) {
                    in += gains[i][j * outputs + k] * applied[k];
                }
                filtered[i][j] += dynamics.somaticRate() * (in - filtered[i][j]);
            }
        }
        for (int j = 0; j < outputs; j++) {
            error[j] = -filtered[depth - 1][j];
        }
    }
}
