package io.dfc.algorithms.config;

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
        boolean includeNonConverged) {}
