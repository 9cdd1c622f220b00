package io.dfc.algorithms.method.dfc;

import static io.dfc.algorithms.method.SettingChecks.notNegative;
import static io.dfc.algorithms.method.SettingChecks.oneOf;
import static io.dfc.algorithms.method.SettingChecks.optional;
import static io.dfc.algorithms.method.SettingChecks.positive;

import io.dfc.algorithms.method.RecordCopy;
import io.dfc.algorithms.method.SettingChecks;
import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;

import java.util.List;
import java.util.Optional;

/**
 * The controlled phase. Times are in units of the controller's time constant.
 *
 * @param leakage leakage alpha of the controller, at least 0
 * @param proportionalGain {@code k_p}, at least 0
 * @param leak which signal leaks: {@code total} (published program) or {@code integral} (paper)
 * @param timeStep {@code dt}, above 0
 * @param timePoints number of time points {@code K}, at least 2; point 0 is the feedforward pass
 * @param timeConstantRatio somatic time constant, at least {@code timeStep}
 * @param apicalTimeConstant apical time constant, above 0; absent: the time step, an instantaneous
 *     compartment
 * @param instantTransmission whether a layer sees the layer below at once
 * @param instantSystem whether voltages follow their inputs at once
 * @param proactive whether the apical compartment sees the new control
 * @param noiseSigma noise in the hidden layers' apical compartments, at least 0; absent: none
 * @param noiseSigmaOutput noise in the output layer's; absent: as in the hidden layers
 * @param convergenceEpsilon epsilon of the convergence test, above 0
 * @param includeNonConverged whether samples that have not converged take part in the update
 */
public record ControlSection(
        double leakage,
        double proportionalGain,
        String leak,
        double timeStep,
        int timePoints,
        double timeConstantRatio,
        Optional<Double> apicalTimeConstant,
        boolean instantTransmission,
        boolean instantSystem,
        boolean proactive,
        Optional<Double> noiseSigma,
        Optional<Double> noiseSigmaOutput,
        double convergenceEpsilon,
        boolean includeNonConverged) {
    /**
     * Checks every range.
     *
     * @param clamp whether a time constant below the time step is raised to it
     * @return the settings, with the time constant to run with
     */
    ControlSection check(boolean clamp) {
        notNegative("control.leakage", leakage);
        notNegative("control.proportional-gain", proportionalGain);
        oneOf("control.leak", leak, List.of("total", "integral"));
        SettingChecks.timePoints("control.time-points", timePoints);
        optional("control.apical-time-constant", apicalTimeConstant, SettingChecks::positive);
        optional("control.noise-sigma", noiseSigma, SettingChecks::notNegative);
        optional("control.noise-sigma-output", noiseSigmaOutput, SettingChecks::notNegative);
        positive("control.convergence-epsilon", convergenceEpsilon);
        return RecordCopy.with(
                this,
                "timeConstantRatio",
                TimeConstants.check("control", timeStep, timeConstantRatio, instantSystem, clamp));
    }

    Controller controller() {
        return new ProportionalIntegralController(
                proportionalGain,
                leakage,
                leak.equals("total")
                        ? ProportionalIntegralController.Leak.TOTAL
                        : ProportionalIntegralController.Leak.INTEGRAL);
    }

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

    Optional<ApicalNoise> noise() {
        return noiseSigma.map(s -> new ApicalNoise(s, noiseSigmaOutput.orElse(s)));
    }

    Convergence convergence() {
        return new Convergence(convergenceEpsilon, includeNonConverged);
    }
}
