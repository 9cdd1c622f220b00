package io.dfc.algorithms.method.strong;

import static io.dfc.algorithms.method.SettingChecks.notNegative;
import static io.dfc.algorithms.method.SettingChecks.optional;
import static io.dfc.algorithms.method.SettingChecks.positive;
import static io.dfc.algorithms.method.SettingChecks.stableStep;

import io.dfc.algorithms.method.SettingChecks;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;

import java.util.Optional;

/**
 * A loop. Times are in units of the controller's time constant.
 *
 * @param leakage leakage alpha of the controller, at least 0
 * @param proportionalGain {@code k_p}, at least 0
 * @param timeStep {@code dt}, above 0
 * @param timePoints number of time points {@code K}, at least 2; point 0 is the feedforward pass
 * @param timeConstantRatio somatic time constant, at least {@code timeStep}
 * @param apicalTimeConstant apical time constant, above 0; absent: the time step, an instantaneous
 *     compartment
 * @param instantTransmission whether a layer sees the layer below at once
 * @param instantSystem whether voltages follow their inputs at once
 * @param proactive whether the apical compartment sees the new control
 */
public record LoopSection(
        double leakage,
        double proportionalGain,
        double timeStep,
        int timePoints,
        double timeConstantRatio,
        Optional<Double> apicalTimeConstant,
        boolean instantTransmission,
        boolean instantSystem,
        boolean proactive) {
    void check(String group) {
        notNegative(group + ".leakage", leakage);
        notNegative(group + ".proportional-gain", proportionalGain);
        positive(group + ".time-step", timeStep);
        SettingChecks.timePoints(group + ".time-points", timePoints);
        positive(group + ".time-constant-ratio", timeConstantRatio);
        optional(group + ".apical-time-constant", apicalTimeConstant, SettingChecks::positive);
        if (!instantSystem) {
            stableStep(group, timeStep, timeConstantRatio, "lower the step");
        }
    }

    /** {@return the controller} */
    Controller controller() {
        return new ProportionalIntegralController(proportionalGain, leakage);
    }

    /** {@return the dynamics} */
    Dynamics dynamics() {
        return new Dynamics(
                timeStep,
                timePoints,
                timeConstantRatio,
                apicalTimeConstant.orElse(timeStep),
                instantTransmission,
                instantSystem,
                proactive);
    }
}
