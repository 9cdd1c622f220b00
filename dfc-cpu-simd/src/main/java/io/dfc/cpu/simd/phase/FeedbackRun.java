package io.dfc.cpu.simd.phase;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.api.trajectory.Recording;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.learn.FeedbackGradient;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Recorder;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** The gradient of the feedback weights from a noisy loop. */
final class FeedbackRun {
    private static final int MAX_WORKSPACES = 16;

    private final LoopPhase phase;
    private final boolean isShared;
    private final FeedbackPlasticity plasticity;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final List<FeedbackWorkspace> workspaces = new ArrayList<>();
    private final List<float[][]> sums = new ArrayList<>();
    private final OutputSpaceFeedbackRun outputSpace;
    private final NoiseSource source;
    final FeedbackGradient gradient;
    final Recorder recorder;

    /** A field, since a method reference in a call would be a new object each time. */
    private final IntConsumer shareTask = this::runShare;

    private ControlError controlError;
    private int workspacesUsed;
    private int fallbacks;
    private double estimate;

    /** Factors on the sums of each layer. */
    private final float[] factors;

    /**
     * A run of its own.
     *
     * @param shared sums of the workspaces of a simulation that forward weights learn from as well;
     *     empty for a simulation of their own
     */
    FeedbackRun(
            LoopHandle loop, Model model, Batch batch, Workers workers, List<float[][]> shared) {
        this.phase = loop.phase();
        isShared = !shared.isEmpty();
        plasticity = phase.feedbackPlasticity().orElseThrow();
        this.network = model.network;
        this.batch = batch;
        this.workers = workers;
        int count = isShared ? 0 : Math.min(MAX_WORKSPACES, batch.capacity / Simd.TILE);
        sums.addAll(shared);
        for (int i = 0; i < count; i++) {
            FeedbackWorkspace workspace = new FeedbackWorkspace(phase, model, Simd.TILE);
            workspaces.add(workspace);
            sums.add(workspace.sums());
        }
        recorder = new Recorder(network, batch);
        source = new NoiseSource(loop.noiseStream(), network, phase.dynamics().steps());
        factors = new float[network.depth()];
        outputSpace =
                !isShared
                                && phase.solver() instanceof Solver.Auto(double tolerance)
                                && OutputSpace.coversFeedback(network, phase, batch.capacity)
                        ? new OutputSpaceFeedbackRun(phase, tolerance, model, batch, workers)
                        : null;
        gradient = new FeedbackGradient(model, phase.feedback().name());
    }

    void run(ControlError target, Noise noise, Recording recording) {
        recorder.begin(recording);
        int samples = batch.samples;
        source.take(noise, samples);
        prepareFactors();
        estimate = 0;
        fallbacks = 0;
        if (outputSpace != null
                && OutputSpace.coversFeedback(network, phase, samples)
                && outputSpace.run(target, source, recorder)) {
            estimate = outputSpace.estimate();
            outputSpace.collect(gradient.formed, factors);
        } else {
            fallbacks = phase.solver() instanceof Solver.Auto ? samples : 0;
            controlError = target;
            workspacesUsed = Math.min(workspaces.size(), batch.tiles());
            workers.run(workspacesUsed, shareTask);
            gradient.collect(sums, workspacesUsed, factors);
        }
        finish();
    }

    /** Whether the sums are those of a run that forward weights learn from. */
    boolean isShared() {
        return isShared;
    }

    /**
     * Forms the gradient from the shared sums.
     *
     * @param used number of workspaces that have sums
     */
    void learn(int used) {
        prepareFactors();
        gradient.collect(sums, used, factors);
        finish();
    }

    private void prepareFactors() {
        double terms = (double) phase.dynamics().steps() * batch.samples;
        for (int i = 0; i < factors.length; i++) {
            double scale = plasticity.scale(phase.noise().orElseThrow(), i, factors.length);
            factors[i] = (float) (scale / terms);
        }
    }

    private void finish() {
        gradient.finish(plasticity.homeostaticDecay().orElse(null), plasticity.clipping());
    }

    private void runShare(int share) {
        workspaces.get(share).begin();
        for (int t = share; t < batch.tiles(); t += workspacesUsed) {
            workspaces
                    .get(share)
                    .run(
                            batch,
                            t * Simd.TILE,
                            batch.tileSamples(t),
                            controlError,
                            source,
                            recorder);
        }
        workspaces.get(share).end();
    }

    int fallbackSamples() {
        return fallbacks;
    }

    double errorEstimate() {
        return estimate;
    }
}
