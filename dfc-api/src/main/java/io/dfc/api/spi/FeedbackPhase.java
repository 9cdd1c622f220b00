package io.dfc.api.spi;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.HomeostaticDecay;

import java.util.Objects;
import java.util.Optional;

/**
 * The noisy phase that teaches the feedback weights.
 *
 * @param rule how they learn
 * @param homeostaticDecay decay towards a fixed norm, if any
 * @param clipping how the gradient is bounded; jointly in the published DFC program
 * @param recording what is recorded; rules without a loop record nothing
 */
public record FeedbackPhase(
        FeedbackRule rule,
        Optional<HomeostaticDecay> homeostaticDecay,
        Clipping clipping,
        Recording recording) {
    /** Checks the combination. */
    public FeedbackPhase {
        Objects.requireNonNull(homeostaticDecay, "homeostaticDecay");
        Objects.requireNonNull(clipping, "clipping");
        switch (rule) {
            case FeedbackRule.NormalController normal ->
                    recording.requireWithin(normal.dynamics().timePoints());
            case FeedbackRule.ForwardPerturbation p -> requireInactive(recording);
            case FeedbackRule.LinearizedReconstruction r -> requireInactive(recording);
        }
    }

    private static void requireInactive(Recording recording) {
        if (recording.isActive()) {
            throw new BadConfigurationException(
                    "recording", "this feedback rule has no time points to record");
        }
    }
}
