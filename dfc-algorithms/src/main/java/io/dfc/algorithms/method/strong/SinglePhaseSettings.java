package io.dfc.algorithms.method.strong;

import static io.dfc.algorithms.method.SettingChecks.positive;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.api.error.BadConfigurationException;

/**
 * Settings of Strong-DFC in a single phase.
 *
 * @param forward how the forward weights are stepped
 * @param target the output target of the controller
 * @param control the loop that all weights learn from
 * @param noise noise in that loop
 * @param noiseTimeConstant time constant of the noise's filter, at least every time step
 * @param filterTimeConstant time constant of the high-pass filter through which the control signal
 *     reaches the learning of the feedback weights, at least every time step
 * @param scaleByDepth whether feedback gradients grow by {@code 1 + tau_v / tau_noise} with every
 *     layer between theirs and the output
 * @param feedback how the feedback weights start and are stepped
 * @param pretraining the loop from which they learn before the first epoch
 * @param pretrainingNoise noise in that loop
 * @param pretrainingTarget what the controller pursues in that loop
 */
public record SinglePhaseSettings(
        ForwardSection forward,
        StrongTargetSection target,
        LoopSection control,
        NoiseSection noise,
        double noiseTimeConstant,
        double filterTimeConstant,
        boolean scaleByDepth,
        StrongFeedbackSection feedback,
        LoopSection pretraining,
        NoiseSection pretrainingNoise,
        FeedbackTarget pretrainingTarget) {
    void check(int depth) {
        forward.check(depth);
        target.check();
        control.check("control");
        pretraining.check("pretraining");
        noise.check("noise");
        pretrainingNoise.check("pretraining-noise");
        feedback.check();
        feedback.requireEstimable("pretraining-target", pretrainingTarget);
        requireFilter("noise-time-constant", noiseTimeConstant);
        requireFilter("filter-time-constant", filterTimeConstant);
        requireInstantApical("control", control);
        requireInstantApical("pretraining", pretraining);
    }

    private void requireFilter(String key, double timeConstant) {
        positive(key, timeConstant);
        double longest = Math.max(control.timeStep(), pretraining.timeStep());
        if (timeConstant < longest) {
            throw new BadConfigurationException(
                    key,
                    "must be at least the longest time step %s, got %s"
                            .formatted(longest, timeConstant));
        }
    }

    private static void requireInstantApical(String group, LoopSection loop) {
        if (loop.apicalTimeConstant().filter(tau -> tau != loop.timeStep()).isPresent()) {
            throw new BadConfigurationException(
                    group + ".apical-time-constant",
                    "filtered noise goes with an instantaneous apical compartment; set it to null");
        }
    }

    /** {@return factor on the feedback gradient for every layer between one and the output} */
    double depthFactor() {
        return scaleByDepth ? 1 + control.timeConstantRatio() / noiseTimeConstant : 1;
    }
}
