package io.dfc.api.plan;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.HomeostaticDecay;

import java.util.Objects;
import java.util.Optional;

/**
 * Learning of feedback weights from one noisy forward pass, without a loop.
 *
 * @param feedback the feedback weights that learn, shapes [n_i, n_L]
 * @param rule how they learn
 * @param homeostaticDecay decay towards a fixed norm, if any
 * @param clipping how the gradient is bounded; jointly in the published DFC program
 */
public record PerturbationPhase(
        ParameterGroup feedback,
        FeedbackRule rule,
        Optional<HomeostaticDecay> homeostaticDecay,
        Clipping clipping)
        implements Phase {
    /** Checks that all parts are there. */
    public PerturbationPhase {
        Objects.requireNonNull(feedback, "feedback");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(homeostaticDecay, "homeostaticDecay");
        Objects.requireNonNull(clipping, "clipping");
    }
}
