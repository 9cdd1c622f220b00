package io.dfc.api.learn;

import java.util.Objects;
import java.util.Optional;

/**
 * Learning of the feedback weights from the noise of a loop (arXiv 2106.07887, equation 13): the
 * apical voltage is correlated with the control signal of the next time point, the first that has
 * seen it, {@code G_Q(i) = scale / ((K-1) B) sum_(k=0..K-2) sum_b apical_i[k] u[k+1]^T}, {@code
 * scale = 1 / max(sigma, 0.01)^2} with the hidden layers' {@code sigma} of the phase's noise, the
 * output layer included, as in the published program. No sample is left out.
 *
 * @param homeostaticDecay decay towards a fixed norm, if any
 * @param clipping how the gradient is bounded; jointly in the published DFC program
 */
public record FeedbackPlasticity(Optional<HomeostaticDecay> homeostaticDecay, Clipping clipping)
        implements Plasticity {
    /** Checks that all parts are there. */
    public FeedbackPlasticity {
        Objects.requireNonNull(homeostaticDecay, "homeostaticDecay");
        Objects.requireNonNull(clipping, "clipping");
    }

    /** Learning without decay or bound. */
    public FeedbackPlasticity() {
        this(Optional.empty(), new Clipping.None());
    }
}
