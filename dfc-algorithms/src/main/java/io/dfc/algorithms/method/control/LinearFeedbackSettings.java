package io.dfc.algorithms.method.control;

import static io.dfc.algorithms.method.SettingChecks.notNegative;
import static io.dfc.algorithms.method.SettingChecks.positive;
import static io.dfc.algorithms.method.SettingChecks.within;

import io.dfc.algorithms.method.ForwardSection;

/**
 * Settings of least control with linear feedback.
 *
 * @param forward how the forward weights are stepped
 * @param control the controlled network
 * @param feedback how the feedback weights learn
 */
public record LinearFeedbackSettings(
        ForwardSection forward, ControlSection control, NoisyFeedbackSection feedback) {
    /**
     * How the feedback weights learn: {@code Q += dt / tau_Q (mean C - decay Q)} with {@code C}
     * summed over a noisy simulation.
     *
     * @param noiseSigma standard deviation of the noise, above 0
     * @param steps steps of the simulation, from 1 to 1000000
     * @param timescaleFactor {@code s}, above 0: its time step is {@code dt / s^2}
     * @param noiseTimeConstant {@code tau_eps}, above 0
     * @param timeConstant {@code tau_Q}, above 0
     * @param weightDecay decay, at least 0
     */
    public record NoisyFeedbackSection(
            double noiseSigma,
            int steps,
            double timescaleFactor,
            double noiseTimeConstant,
            double timeConstant,
            double weightDecay) {
        private static final int MOST_STEPS = 1_000_000;

        void check() {
            positive("feedback.noise-sigma", noiseSigma);
            within("feedback.steps", steps, 1, MOST_STEPS);
            positive("feedback.timescale-factor", timescaleFactor);
            positive("feedback.noise-time-constant", noiseTimeConstant);
            positive("feedback.time-constant", timeConstant);
            notNegative("feedback.weight-decay", weightDecay);
        }

        Inversion.Noisy noisy() {
            return new Inversion.Noisy(steps, noiseSigma, timescaleFactor, noiseTimeConstant);
        }
    }

    void check(int depth) {
        forward.check(depth);
        control.check();
        feedback.check();
    }
}
