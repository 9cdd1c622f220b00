package io.dfc.algorithms.method.control;

import static io.dfc.algorithms.method.SettingChecks.notNegative;
import static io.dfc.algorithms.method.SettingChecks.positive;
import static io.dfc.algorithms.method.SettingChecks.within;

import io.dfc.algorithms.method.ForwardSection;

/**
 * Settings of energy-based least control.
 *
 * @param forward how the forward weights are stepped
 * @param energy the energy, and how it is minimised
 */
public record EnergySettings(ForwardSection forward, EnergySection energy) {
    /**
     * The energy, and how Adam minimises it.
     *
     * @param leakage {@code alpha}, above 0: the loss counts {@code 1 / alpha}
     * @param steps number of steps, from 1 to 1000000
     * @param learningRate learning rate, at least 0
     */
    public record EnergySection(double leakage, int steps, double learningRate) {
        private static final int MOST_STEPS = 1_000_000;

        void check() {
            positive("energy.leakage", leakage);
            within("energy.steps", steps, 1, MOST_STEPS);
            notNegative("energy.learning-rate", learningRate);
        }
    }

    void check(int depth) {
        forward.check(depth);
        energy.check();
    }
}
