package io.dfc.api.testkit.scenario;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.trajectory.Recording;

import java.util.List;
import java.util.function.IntFunction;

/**
 * One thing that a backend is asked to do.
 *
 * @param name what is special about it
 * @param plan the plan, every phase of which runs and every step of which is taken
 * @param parameters parameters at the start
 * @param minibatches minibatches, one after the other
 * @param noise noise of each minibatch, by its number
 * @param recording what is recorded of every loop of a minibatch, by its number
 */
public record Scenario(
        String name,
        Plan plan,
        Parameters parameters,
        List<Minibatch> minibatches,
        IntFunction<Noise> noise,
        IntFunction<Recording> recording) {
    Scenario withNoise(IntFunction<Noise> other) {
        return new Scenario(name, plan, parameters, minibatches, other, recording);
    }

    public Scenario withParameters(Parameters other) {
        return new Scenario(name, plan, other, minibatches, noise, recording);
    }

    public Scenario withMinibatches(List<Minibatch> others) {
        return new Scenario(name, plan, parameters, others, noise, recording);
    }

    Scenario withRecording(Recording other) {
        return withRecording(n -> other);
    }

    public Scenario withRecording(IntFunction<Recording> other) {
        return new Scenario(name, plan, parameters, minibatches, noise, other);
    }

    @Override
    public String toString() {
        return name
                + " on "
                + plan.network()
                + ", batches of "
                + minibatches.stream().map(Minibatch::samples).toList();
    }
}
