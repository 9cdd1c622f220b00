package io.dfc.api.spi.support;

import io.dfc.api.network.Parameters;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Trajectory;

import java.util.List;

/**
 * Results of a loop with a trajectory from beside it.
 *
 * @param loop the results
 * @param trajectory the trajectory
 */
record RecordedLoop(LoopResult loop, Trajectory trajectory) implements LoopResult {
    @Override
    public int samples() {
        return loop.samples();
    }

    @Override
    public int converged() {
        return loop.converged();
    }

    @Override
    public int diverged() {
        return loop.diverged();
    }

    @Override
    public int fallbackSamples() {
        return loop.fallbackSamples();
    }

    @Override
    public double errorEstimate() {
        return loop.errorEstimate();
    }

    @Override
    public Tensor distanceRatio() {
        return loop.distanceRatio();
    }

    @Override
    public boolean[] convergedSamples() {
        return loop.convergedSamples();
    }

    @Override
    public boolean[] divergedSamples() {
        return loop.divergedSamples();
    }

    @Override
    public int[] divergedTimePoints() {
        return loop.divergedTimePoints();
    }

    @Override
    public double gradientNorm(GradientHandle gradient, int layer) {
        return loop.gradientNorm(gradient, layer);
    }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        return loop.gradient(gradient);
    }

    @Override
    public List<Tensor> unclippedFeedback() {
        return loop.unclippedFeedback();
    }
}
