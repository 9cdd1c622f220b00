package io.dfc.api.control;

import io.dfc.api.error.BadConfigurationException;

/**
 * The published controller: proportional and leaky integral action. {@code INTEGRAL} is arXiv
 * 2106.07887, equation 4; the published program and all its configurations use {@code TOTAL}, where
 * {@code alpha} multiplies the whole control signal.
 *
 * <pre>{@code
 * u_int[k+1] = u_int[k] + dt (e - alpha u[k])        leak TOTAL
 * u_int[k+1] = u_int[k] + dt (e - alpha u_int[k])    leak INTEGRAL
 * u[k+1]     = u_int[k+1] + k_p e
 * }</pre>
 *
 * @param proportionalGain {@code k_p}, at least 0; 0 is integral control alone
 * @param leakageRate {@code alpha} of the equations above, at least 0
 * @param leak which signal leaks
 */
public record ProportionalIntegralController(double proportionalGain, double leakageRate, Leak leak)
        implements Controller {
    /** Which signal leaks. */
    public enum Leak {
        /**
         * The whole control signal, as in the published program: {@code e = alpha u} at the steady
         * state.
         */
        TOTAL,
        /**
         * The integral alone, as in the paper: {@code e = alpha / (1 + alpha k_p) u} at the steady
         * state.
         */
        INTEGRAL
    }

    /** Checks the constants. */
    public ProportionalIntegralController {
        requireNonNegative("control.proportional-gain", proportionalGain);
        requireNonNegative("control.leakage", leakageRate);
        java.util.Objects.requireNonNull(leak, "leak");
    }

    /**
     * The controller of the published program, whose whole control signal leaks.
     *
     * @param proportionalGain {@code k_p}, at least 0
     * @param leakageRate {@code alpha}, at least 0
     */
    public ProportionalIntegralController(double proportionalGain, double leakageRate) {
        this(proportionalGain, leakageRate, Leak.TOTAL);
    }

    @Override
    public int stateSize(int outputs) {
        return outputs;
    }

    @Override
    public void step(ControlTile tile, double timeStep) {
        double[] u = tile.control();
        double[] integral = tile.state();
        double[] error = tile.error();
        double[] leaking = leak == Leak.TOTAL ? u : integral;
        int at = tile.offset();
        int leakingAt = leak == Leak.TOTAL ? at : 0;
        int n = tile.samples() * tile.width();
        double alpha = leakageRate;
        double gain = proportionalGain;
        // Two loops of one statement, which compilers turn into vectors.
        for (int i = 0; i < n; i++) {
            integral[i] += timeStep * (error[at + i] - alpha * leaking[leakingAt + i]);
        }
        for (int i = 0; i < n; i++) {
            u[at + i] = integral[i] + gain * error[at + i];
        }
    }

    @Override
    public double leakage() {
        return leak == Leak.TOTAL
                ? leakageRate
                : leakageRate / (1 + leakageRate * proportionalGain);
    }

    private static void requireNonNegative(String key, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new BadConfigurationException(
                    key, "must be a finite number of at least 0, got " + value);
        }
    }
}
