package io.dfc.algorithms.train;

import io.dfc.api.plan.StepHandle;

import java.util.Arrays;
import java.util.List;

/**
 * What a sweep does with a minibatch, after its feedforward pass: it runs phases of the plan and
 * applies steps, in any order that the engine allows.
 *
 * <pre>{@code
 * MinibatchUpdate update = minibatch -> {
 *     minibatch.run(backward);
 *     minibatch.apply(step);
 * };
 * }</pre>
 *
 * <p>What it does follows from handles of the plan and from results of the run alone, for the runs
 * of several seeds may share one update, each on an engine and a thread of its own.
 */
@FunctionalInterface
public interface MinibatchUpdate {
    /**
     * Learns from a minibatch.
     *
     * @param run runs phases and applies steps; valid during the call
     */
    void learn(MinibatchRun run);

    /**
     * An update that runs the phases of some steps, each once, and then takes these steps together.
     *
     * @param steps steps of the plan
     * @return the update
     */
    static MinibatchUpdate of(StepHandle... steps) {
        StepHandle[] taken = steps.clone();
        var phases = List.copyOf(Arrays.stream(taken).map(StepHandle::phase).distinct().toList());
        return run -> {
            phases.forEach(run::run);
            run.apply(taken);
        };
    }
}
