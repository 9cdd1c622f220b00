package io.dfc.cpu.simd.phase;

import io.dfc.api.control.Solver;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.cpu.simd.learn.OuterProducts;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Recorder;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.Arrays;
import java.util.List;

/**
 * A loop phase of an engine and the results of its last run: the gradients of forward weights and
 * of feedback weights. Both come from one simulation, unless the feedback weights learn in output
 * space.
 */
public final class LoopRun implements LoopResult {
    private final LoopHandle handle;
    private final LoopPhase phase;
    private final Batch batch;
    private final ControlError error;

    /** Null where feedback weights alone learn. */
    private final ControlRun forward;

    /** Null where feedback weights do not learn. */
    private final FeedbackRun feedback;

    public LoopRun(
            Plan plan,
            LoopHandle handle,
            Model model,
            Batch batch,
            Workers workers,
            OuterProducts outer) {
        this.handle = handle;
        this.phase = handle.phase();
        this.batch = batch;
        error = new ControlError(phase.target(), plan.loss(), batch, plan.network().outputs());
        forward =
                phase.checksConvergence()
                        ? new ControlRun(handle, model, batch, workers, outer, plan.maxBatch())
                        : null;
        feedback =
                phase.feedbackPlasticity().isPresent()
                        ? new FeedbackRun(
                                handle,
                                model,
                                batch,
                                workers,
                                forward == null ? List.of() : forward.feedbackSums())
                        : null;
    }

    public void run(Noise noise, Recording recording) {
        ControlError target = error.refresh();
        if (forward != null) {
            forward.run(target, noise, recording);
        }
        if (feedback != null && feedback.isShared()) {
            feedback.learn(forward.workspacesUsed());
        } else if (feedback != null) {
            feedback.run(target, noise, forward == null ? recording : Recording.none());
        }
    }

    /** Arrays of a gradient, group after group. */
    public float[][] gradientArrays(GradientHandle gradient) {
        int at = handle.forwardIndex(gradient);
        return at < 0 ? feedback.gradient.clipped : forward.gradientArrays(at).all;
    }

    @Override
    public int samples() {
        return batch.samples;
    }

    @Override
    public int converged() {
        return forward == null ? batch.samples : forward.converged();
    }

    @Override
    public int diverged() {
        return forward == null ? 0 : forward.diverged();
    }

    @Override
    public int fallbackSamples() {
        int fallbacks = forward == null ? 0 : forward.fallbackSamples();
        return feedback == null ? fallbacks : Math.max(fallbacks, feedback.fallbackSamples());
    }

    @Override
    public double errorEstimate() {
        double estimate = forward == null ? 0 : forward.errorEstimate();
        return feedback == null ? estimate : Math.max(estimate, feedback.errorEstimate());
    }

    @Override
    public Tensor distanceRatio() {
        if (forward == null) {
            throw new IllegalStateException("loop \"" + handle + "\" checks no convergence");
        }
        return forward.distanceRatio();
    }

    @Override
    public boolean[] convergedSamples() {
        if (forward == null) {
            boolean[] all = new boolean[batch.samples];
            Arrays.fill(all, true);
            return all;
        }
        return forward.convergedSamples();
    }

    @Override
    public boolean[] divergedSamples() {
        return forward == null ? new boolean[batch.samples] : forward.divergedSamples();
    }

    @Override
    public int[] divergedTimePoints() {
        return forward == null ? new int[batch.samples] : forward.divergedTimePoints();
    }

    @Override
    public double gradientNorm(GradientHandle gradient, int layer) {
        int at = handle.forwardIndex(gradient);
        return at < 0 ? feedback.gradient.norm(layer) : forward.gradientArrays(at).norm(layer);
    }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        int at = handle.forwardIndex(gradient);
        return at < 0
                ? feedback.gradient.toParameters()
                : forward.gradientArrays(at).toParameters();
    }

    @Override
    public List<Tensor> unclippedFeedback() {
        if (feedback == null) {
            throw new IllegalStateException("loop \"" + handle + "\" has no feedback plasticity");
        }
        return feedback.gradient.unclippedTensors();
    }

    @Override
    public Trajectory trajectory() {
        Recorder recorder = forward == null ? feedback.recorder : forward.recorder;
        return recorder.trajectory(
                phase.solver() instanceof Solver.Euler
                        ? Recording.Source.SIMULATION
                        : Recording.Source.SOLVER);
    }
}
