package io.dfc.api.spi;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Philox;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What an engine shall be able to do. Immutable.
 *
 * @param network the network
 * @param loss loss at its output
 * @param maxBatch largest number of samples in a minibatch, at least 1
 * @param replicas number of networks of the same shape trained side by side, each with an engine of
 *     its own ({@link Backend#compileReplicas}); at least 1
 * @param control the controlled phase, if wanted
 * @param feedback the feedback learning phase, if wanted
 * @param backward clipping of backpropagation's gradient, if backpropagation is wanted
 * @param optimizations settings of the optimisers wanted
 * @param precision what the two controlled phases make of the weights
 */
public record Plan(
        Network network,
        Loss loss,
        int maxBatch,
        int replicas,
        Optional<ControlPhase> control,
        Optional<FeedbackPhase> feedback,
        Optional<Clipping> backward,
        Map<OptimizerSlot, Optimization> optimizations,
        Precision precision) {
    /** Checks the ranges and copies the map. */
    public Plan {
        Objects.requireNonNull(loss, "loss");
        Objects.requireNonNull(control, "control");
        Objects.requireNonNull(feedback, "feedback");
        Objects.requireNonNull(backward, "backward");
        Objects.requireNonNull(precision, "precision");
        optimizations = Map.copyOf(optimizations);
        if (maxBatch < 1 || maxBatch > Philox.MAX_SAMPLES) {
            throw new BadConfigurationException(
                    "batch", "must lie in [1, " + Philox.MAX_SAMPLES + "], got " + maxBatch);
        }
        if (replicas < 1) {
            throw new BadConfigurationException("replicas", "must be at least 1, got " + replicas);
        }
        if (network.depth() > Philox.MAX_LAYERS) {
            throw new BadConfigurationException(
                    "network",
                    "has " + network.depth() + " layers, more than " + Philox.MAX_LAYERS);
        }
        optimizations.values().forEach(o -> o.requireFit(network.depth()));
        control.ifPresent(phase -> requireSound(phase, network));
        feedback.ifPresent(phase -> requireSound(phase, network));
    }

    private static void requireSound(ControlPhase phase, Network network) {
        UserCodeSettings.requireSound(phase.controller(), network.outputs());
        for (Update update : phase.updates()) {
            for (int i = 0; i < network.depth(); i++) {
                UserCodeSettings.requireSound(update.rule(), network.size(i));
            }
        }
    }

    private static void requireSound(FeedbackPhase phase, Network network) {
        if (phase.rule() instanceof FeedbackRule.NormalController normal) {
            UserCodeSettings.requireSound(normal.controller(), network.outputs());
        }
    }

    /**
     * A plan that evaluates a network and does nothing else.
     *
     * @param network the network
     * @param loss loss at its output
     * @param maxBatch largest minibatch
     * @return the plan
     */
    public static Plan evaluation(Network network, Loss loss, int maxBatch) {
        return new Plan(
                network,
                loss,
                maxBatch,
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Precision.FULL);
    }

    /**
     * This plan for several networks side by side.
     *
     * @param count number of networks, at least 1
     * @return the plan
     */
    public Plan withReplicas(int count) {
        return new Plan(
                network,
                loss,
                maxBatch,
                count,
                control,
                feedback,
                backward,
                optimizations,
                precision);
    }

    /**
     * This plan with weights of another precision in its controlled phases.
     *
     * @param chosen the precision; {@link Precision#FULL} unless chosen
     * @return the plan
     */
    public Plan withPrecision(Precision chosen) {
        return new Plan(
                network,
                loss,
                maxBatch,
                replicas,
                control,
                feedback,
                backward,
                optimizations,
                chosen);
    }

    /**
     * This plan with a controlled phase.
     *
     * @param phase the phase
     * @return the plan
     */
    public Plan withControl(ControlPhase phase) {
        return new Plan(
                network,
                loss,
                maxBatch,
                replicas,
                Optional.of(phase),
                feedback,
                backward,
                optimizations,
                precision);
    }

    /**
     * This plan with a feedback learning phase.
     *
     * @param phase the phase
     * @return the plan
     */
    public Plan withFeedback(FeedbackPhase phase) {
        return new Plan(
                network,
                loss,
                maxBatch,
                replicas,
                control,
                Optional.of(phase),
                backward,
                optimizations,
                precision);
    }

    /**
     * This plan with backpropagation.
     *
     * @param clipping clipping of its gradient
     * @return the plan
     */
    public Plan withBackward(Clipping clipping) {
        return new Plan(
                network,
                loss,
                maxBatch,
                replicas,
                control,
                feedback,
                Optional.of(clipping),
                optimizations,
                precision);
    }

    /**
     * This plan with an optimiser.
     *
     * @param slot its slot; replaces what the slot held
     * @param optimization its settings
     * @return the plan
     */
    public Plan withOptimization(OptimizerSlot slot, Optimization optimization) {
        Map<OptimizerSlot, Optimization> all = new java.util.EnumMap<>(OptimizerSlot.class);
        all.putAll(optimizations);
        all.put(slot, optimization);
        return new Plan(
                network, loss, maxBatch, replicas, control, feedback, backward, all, precision);
    }
}
