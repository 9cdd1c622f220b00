package io.dfc.algorithms.measure;

import io.dfc.api.network.Parameters;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.PhaseResult;

import java.util.Map;
import java.util.Optional;

/**
 * The update of a minibatch: what it was formed from, and what the engine formed.
 *
 * @param plan the plan of the engine
 * @param minibatch minibatch within the training sweep, from 0
 * @param samples the samples, in float64
 * @param parameters all parameters before the update, as the engine holds them
 * @param results results of the phases that ran
 */
public record MeasuredUpdate(
        Plan plan,
        int minibatch,
        Minibatch samples,
        Parameters parameters,
        Map<PhaseHandle, PhaseResult> results) {
    /** Copies the map. */
    public MeasuredUpdate {
        results = Map.copyOf(results);
    }

    /** {@return the gradient of weights and biases that was formed, after clipping, if any was} */
    public Optional<Parameters> gradient() {
        for (PhaseHandle phase : plan.phases()) {
            PhaseResult result = results.get(phase);
            for (GradientHandle gradient : phase.gradients()) {
                boolean forward =
                        gradient.groups().stream()
                                .anyMatch(group -> group.name().equals(Parameters.WEIGHTS));
                if (result != null && forward) {
                    return Optional.of(result.gradient(gradient));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The results of a loop.
     *
     * @param loop the loop
     * @return its results, if it ran
     */
    public Optional<LoopResult> result(LoopHandle loop) {
        return Optional.ofNullable((LoopResult) results.get(loop));
    }
}
