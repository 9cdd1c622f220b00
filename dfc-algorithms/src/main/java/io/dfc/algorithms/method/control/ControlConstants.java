package io.dfc.algorithms.method.control;

/**
 * Constants of the controlled network; all time constants are 1.
 *
 * @param leakage leak {@code alpha} of the integral
 * @param integralGain {@code k_i}
 * @param proportionalGain {@code k_p}
 * @param timeStep {@code dt}
 * @param threshold relative change of a sample's state, per unit of time, at which it is steady
 * @param mostSteps number of steps at most
 */
record ControlConstants(
        double leakage,
        double integralGain,
        double proportionalGain,
        double timeStep,
        double threshold,
        int mostSteps) {
    /**
     * How strong the steady control is: {@code u = -strength dLoss/do}, for there the integral is
     * {@code w = -q / alpha}.
     */
    double strength() {
        return integralGain / leakage + proportionalGain;
    }
}
