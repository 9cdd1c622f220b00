package io.dfc.cpu.simd;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.api.trajectory.Recording;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** What the feedback weights learn from a noisy loop. */
final class FeedbackRun {
    private static final int MAX_SLOTS = 16;

    private final LoopPhase phase;
    private final boolean isShared;
    private final FeedbackPlasticity plasticity;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final List<FeedbackSlot> slots = new ArrayList<>();
    private final List<float[][]> sums = new ArrayList<>();
    private final OutputSpaceFeedbackRun outputSpace;
    private final NoiseSource source;
    final FeedbackGradient gradient;
    final Recorder recorder;

    /** A field, for a method reference made anew in every call would be an object each time. */
    private final IntConsumer slotTask = this::runSlot;

    private ControlError aim;
    private int slotsUsed;
    private int simulated;
    private double estimate;

    /** Factors on the sums of each layer. */
    private final float[] factors;

    /**
     * A run of its own.
     *
     * @param shared sums of slots of a run that forward weights learn from as well, which feedback
     *     weights then learn from, too; empty for a simulation of their own
     */
    FeedbackRun(
            LoopHandle loop, Model model, Batch batch, Workers workers, List<float[][]> shared) {
        this.phase = loop.phase();
        isShared = !shared.isEmpty();
        plasticity = phase.feedbackPlasticity().orElseThrow();
        this.network = model.network;
        this.batch = batch;
        this.workers = workers;
        int count = isShared ? 0 : Math.min(MAX_SLOTS, batch.capacity / Batch.TILE);
        sums.addAll(shared);
        for (int i = 0; i < count; i++) {
            FeedbackSlot slot = new FeedbackSlot(phase, model, Batch.TILE);
            slots.add(slot);
            sums.add(slot.sums());
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
        simulated = 0;
        if (outputSpace != null
                && OutputSpace.coversFeedback(network, phase, samples)
                && outputSpace.run(target, source, recorder)) {
            estimate = outputSpace.estimate();
            outputSpace.collect(gradient.formed, factors);
        } else {
            simulated = phase.solver() instanceof Solver.Auto ? samples : 0;
            aim = target;
            slotsUsed = Math.min(slots.size(), batch.tiles());
            workers.run(slotsUsed, slotTask);
            gradient.collect(sums, slotsUsed, factors);
        }
        finish();
    }

    /** Whether the sums are those of a run that forward weights learn from. */
    boolean isShared() {
        return isShared;
    }

    /**
     * Learns from the run that was shared.
     *
     * @param used number of its slots in use
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

    private void runSlot(int slot) {
        slots.get(slot).begin();
        for (int t = slot; t < batch.tiles(); t += slotsUsed) {
            slots.get(slot).run(batch, t * Batch.TILE, batch.tileSamples(t), aim, source, recorder);
        }
        slots.get(slot).end();
    }

    int fallbackSamples() {
        return simulated;
    }

    double errorEstimate() {
        return estimate;
    }
}
