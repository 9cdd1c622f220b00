package io.dfc.api.testkit;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Plan;

import java.util.List;
import java.util.function.IntFunction;

/**
 * One thing that a backend is asked to do.
 *
 * @param name what is special about it
 * @param plan the plan
 * @param parameters parameters at the start
 * @param minibatches minibatches, one after the other
 * @param noise noise of each minibatch, by its number
 */
record Scenario(
        String name,
        Plan plan,
        Parameters parameters,
        List<Minibatch> minibatches,
        IntFunction<Noise> noise) {
    Scenario withNoise(IntFunction<Noise> other) {
        return new Scenario(name, plan, parameters, minibatches, other);
    }

    Scenario withParameters(Parameters other) {
        return new Scenario(name, plan, other, minibatches, noise);
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
