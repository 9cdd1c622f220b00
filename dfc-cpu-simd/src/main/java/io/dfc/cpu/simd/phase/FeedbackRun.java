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
import io.dfc.cpu.simd.wide.ReadoutFeedback;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** The gradient of the feedback weights from a noisy loop. */
final class FeedbackRun {
    private static final int MAX_WORKSPACES = 16;

    private final LoopPhase phase;
    private final boolean isShared;
    private final FeedbackPlasticity plasticity;
    private final Model model;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final List<FeedbackWorkspace> workspaces = new ArrayList<>();
    private final List<float[][]> sums = new ArrayList<>();

    /** Number of workspaces of a simulation. */
    private final int simulations;

    /** Null where feedback weights learn from noise that is drawn. */
    private final ExpectedFeedbackRun expected;

    /** Null where the loop is simulated, and where nothing is drawn. */
    private final OutputSpaceFeedbackRun outputSpace;

    /** Null where control signals have no basis of fewer components. */
    private final ReadoutFeedbackRun readout;

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
        this.model = model;
        network = model.network;
        this.batch = batch;
        this.workers = workers;
        sums.addAll(shared);
        simulations = isShared ? 0 : Math.min(MAX_WORKSPACES, batch.capacity / Simd.TILE);
        expected =
                plasticity.isExpected()
                        ? new ExpectedFeedbackRun(phase, model, batch, workers)
                        : null;
        if (expected == null) {
            prepareSimulation();
        }
        recorder = new Recorder(network, batch);
        source = new NoiseSource(loop.noiseStream(), network, phase.dynamics().steps());
        factors = new float[network.depth()];
        outputSpace =
                !isShared
                                && expected == null
                                && phase.solver() instanceof Solver.Auto(double tolerance)
                                && OutputSpace.coversFeedback(network, phase, batch.capacity)
                        ? new OutputSpaceFeedbackRun(phase, tolerance, model, batch, workers)
                        : null;
        readout =
                !isShared && ReadoutFeedback.covers(network, phase)
                        ? new ReadoutFeedbackRun(phase, model, batch, workers)
                        : null;
        gradient = new FeedbackGradient(model, phase.feedback().name());
    }

    private void prepareSimulation() {
        while (workspaces.size() < simulations) {
            FeedbackWorkspace workspace = new FeedbackWorkspace(phase, model, Simd.TILE);
            workspaces.add(workspace);
            sums.add(workspace.sums());
        }
    }

    void run(ControlError target, Noise noise, Recording recording) {
        recorder.begin(recording);
        int samples = batch.samples;
        source.take(noise, samples);
        prepareFactors();
        estimate = 0;
        fallbacks = 0;
        if (expected != null) {
            expected.run(target, gradient.formed, factors);
            if (recording.isActive()) {
                prepareSimulation();
                simulate(target);
            }
        } else if (outputSpace != null
                && OutputSpace.coversFeedback(network, phase, samples)
                && outputSpace.run(target, source, recorder)) {
            estimate = outputSpace.estimate();
            outputSpace.collect(gradient.formed, factors);
        } else if (readout != null
                && !recording.isActive()
                && readout.run(source, gradient.formed, factors)) {
            estimate = readout.estimate();
            boolean simulated = !readout.isPredicted();
            fallbacks = simulated && phase.solver() instanceof Solver.Auto ? samples : 0;
        } else {
            simulate(target);
            gradient.collect(sums, workspacesUsed, factors);
        }
        finish();
    }

    private void simulate(ControlError target) {
        fallbacks = phase.solver() instanceof Solver.Auto ? batch.samples : 0;
        controlError = target;
        workspacesUsed = Math.min(workspaces.size(), batch.tiles());
        workers.run(workspacesUsed, shareTask);
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
