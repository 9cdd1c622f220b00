package io.dfc.cpu.simd.phase;

import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.learn.FeedbackGradient;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** A phase in which feedback weights learn from perturbations, without a loop. */
public final class PerturbationRun implements PerturbationResult {
    private static final int MAX_WORKSPACES = 16;

    private final PerturbationHandle handle;
    private final PerturbationPhase phase;
    private final Batch batch;
    private final Workers workers;
    private final List<PerturbationWorkspace> workspaces = new ArrayList<>();
    private final List<float[][]> sums = new ArrayList<>();
    private final NoiseSource source;
    public final FeedbackGradient gradient;

    /** Factors on the sums, one to each layer and all the same. */
    private final float[] factors;

    private final IntConsumer shareTask = this::runShare;
    private int workspacesUsed;

    public PerturbationRun(PerturbationHandle handle, Model model, Batch batch, Workers workers) {
        this.handle = handle;
        this.phase = handle.phase();
        this.batch = batch;
        this.workers = workers;
        int count = Math.min(MAX_WORKSPACES, batch.capacity / Simd.TILE);
        for (int i = 0; i < count; i++) {
            PerturbationWorkspace workspace = new PerturbationWorkspace(phase.rule(), model);
            workspaces.add(workspace);
            sums.add(workspace.sums());
        }
        source = new NoiseSource(Philox.PHASE_FEEDBACK, model.network, 1);
        factors = new float[model.network.depth()];
        gradient = new FeedbackGradient(model, phase.feedback().name());
    }

    public void run(Noise noise) {
        source.take(noise, batch.samples);
        workspacesUsed = Math.min(workspaces.size(), batch.tiles());
        workers.run(workspacesUsed, shareTask);
        Arrays.fill(factors, (float) factor(batch.samples));
        gradient.collect(sums, workspacesUsed, factors);
        gradient.finish(phase.homeostaticDecay().orElse(null), phase.clipping());
    }

    private void runShare(int share) {
        workspaces.get(share).begin();
        for (int t = share; t < batch.tiles(); t += workspacesUsed) {
            workspaces.get(share).run(batch, t * Simd.TILE, batch.tileSamples(t), source);
        }
    }

    private double factor(int samples) {
        return switch (phase.rule()) {
            case FeedbackRule.ForwardPerturbation(double sigma) ->
                    -FeedbackRule.scale(sigma) / samples;
            case FeedbackRule.LinearizedReconstruction(double sigma, double leakage) ->
                    FeedbackRule.scale(sigma) / samples;
        };
    }

    @Override
    public double gradientNorm(GradientHandle of, int layer) {
        handle.indexOf(of);
        return gradient.norm(layer);
    }

    @Override
    public Parameters gradient(GradientHandle of) {
        handle.indexOf(of);
        return gradient.toParameters();
    }

    @Override
    public List<Tensor> unclippedFeedback() {
        return gradient.unclippedTensors();
    }
}
