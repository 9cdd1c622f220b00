package io.dfc.api.learn;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.error.BadConfigurationException;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Learning of the feedback weights from the noise of a loop: the apical voltage is correlated with
 * the control signal {@code c} of the next time point, the first that depends on it, {@code G_Q(i)
 * = scale_i / ((K-1) B) sum_(k=0..K-2) sum_b apical_i[k] c[k+1]^T}. No sample is left out.
 *
 * <p>{@code c} is the control signal itself (arXiv 2106.07887, equation 13), or what a high-pass
 * filter leaves of it (arXiv 2204.07249, where forward weights learn from the same loop): {@code
 * c[k] = u[k] - l[k]}, {@code l[1] = u[1]}, {@code l[k] = a u[k] + (1 - a) l[k-1]}.
 *
 * @param highPass share {@code a} by which the filter's low-passed control follows in a step, in
 *     (0, 1]: time step over filter time constant; empty to correlate with the control itself
 * @param noiseScale whose standard deviation scales the gradient
 * @param depthFactor factor on the gradient for every layer between a layer and the output, above
 *     0; 1 in the published DFC program
 * @param homeostaticDecay decay towards a fixed norm, if any
 * @param clipping how the gradient is bounded; jointly in the published DFC program
 * @param estimator whether the correlation is that of the noise drawn, or its mean over all noise
 */
public record FeedbackPlasticity(
        OptionalDouble highPass,
        NoiseScale noiseScale,
        double depthFactor,
        Optional<HomeostaticDecay> homeostaticDecay,
        Clipping clipping,
        Estimator estimator)
        implements Plasticity {
    /** Which estimate of the correlation of apical voltages with the control signal is used. */
    public enum Estimator {
        /** The correlation of one run of the loop with noise that is drawn: the published rule. */
        SAMPLED,
        /**
         * The mean of {@link #SAMPLED} over the noise, exact for any number of time points, in the
         * loop linearised at the feedforward pass. No number is drawn. For loops of the
         * proportional-integral controller that stay near that pass, so not for {@link
         * io.dfc.api.control.OutputTarget.Strong}.
         */
        EXPECTED
    }

    /** Whose standard deviation scales the gradient by {@code 1 / max(sigma, 0.01)^2}. */
    public enum NoiseScale {
        /** That of the hidden layers, for the output layer too (published DFC program). */
        OF_HIDDEN_LAYERS,
        /** The layer's own (published Strong-DFC program). */
        OF_LAYER
    }

    /** Checks the ranges. */
    public FeedbackPlasticity {
        Objects.requireNonNull(noiseScale, "noiseScale");
        Objects.requireNonNull(homeostaticDecay, "homeostaticDecay");
        Objects.requireNonNull(clipping, "clipping");
        Objects.requireNonNull(estimator, "estimator");
        double share = highPass.orElse(1);
        if (!(share > 0 && share <= 1)) {
            throw new BadConfigurationException(
                    "feedback.filter-time-constant",
                    "the low-passed control follows by a share in (0, 1] in a time step, got "
                            + share);
        }
        if (!(depthFactor > 0) || Double.isInfinite(depthFactor)) {
            throw new BadConfigurationException(
                    "feedback.depth-factor", "must be a finite number above 0, got " + depthFactor);
        }
    }

    /**
     * Learning from the control signal itself, as in the published DFC program.
     *
     * @param homeostaticDecay decay towards a fixed norm, if any
     * @param clipping how the gradient is bounded
     */
    public FeedbackPlasticity(Optional<HomeostaticDecay> homeostaticDecay, Clipping clipping) {
        this(OptionalDouble.empty(), NoiseScale.OF_HIDDEN_LAYERS, 1, homeostaticDecay, clipping);
    }

    /**
     * Learning from noise that is drawn.
     *
     * @param highPass share of the high-pass filter in (0, 1]; empty for none
     * @param noiseScale whose standard deviation scales the gradient
     * @param depthFactor factor for every layer between a layer and the output, above 0
     * @param homeostaticDecay decay towards a fixed norm, if any
     * @param clipping how the gradient is bounded
     */
    public FeedbackPlasticity(
            OptionalDouble highPass,
            NoiseScale noiseScale,
            double depthFactor,
            Optional<HomeostaticDecay> homeostaticDecay,
            Clipping clipping) {
        this(highPass, noiseScale, depthFactor, homeostaticDecay, clipping, Estimator.SAMPLED);
    }

    /** Learning without decay or bound. */
    public FeedbackPlasticity() {
        this(Optional.empty(), new Clipping.None());
    }

    /**
     * This plasticity by another estimator.
     *
     * @param other the estimator
     * @return the plasticity
     */
    public FeedbackPlasticity withEstimator(Estimator other) {
        return new FeedbackPlasticity(
                highPass, noiseScale, depthFactor, homeostaticDecay, clipping, other);
    }

    /** {@return whether no noise is drawn to learn from} */
    public boolean isExpected() {
        return estimator == Estimator.EXPECTED;
    }

    /**
     * Factor on the mean of a layer's products over time points and samples.
     *
     * @param noise noise of the loop
     * @param layer layer, from 0
     * @param depth number of layers
     * @return {@code depthFactor^(L-i) / max(sigma, 0.01)^2}
     */
    public double scale(ApicalNoise noise, int layer, int depth) {
        double sigma =
                switch (noiseScale) {
                    case OF_HIDDEN_LAYERS -> noise.hidden();
                    case OF_LAYER -> noise.sigma(layer, depth);
                };
        return FeedbackRule.scale(sigma) * Math.pow(depthFactor, depth - 1 - layer);
    }
}
