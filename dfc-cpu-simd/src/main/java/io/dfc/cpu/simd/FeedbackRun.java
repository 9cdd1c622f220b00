package io.dfc.cpu.simd;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.FeedbackPhase;
import io.dfc.api.spi.OutputSpace;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** The feedback learning phase of an engine. */
final class FeedbackRun implements FeedbackPass {
    private static final int MAX_SLOTS = 16;

    private final FeedbackPhase phase;
    private final Model model;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final List<FeedbackSlot> slots = new ArrayList<>();
    private final float[][] gradient;
    private final float[][] clipped;
    private final OutputSpaceFeedbackRun outputSpace;
    private final Recorder recorder;
    private final NoiseSource source;
    private final int steps;

    /** A field, for a method reference made anew in every call would be an object each time. */
    private final IntConsumer slotTask = this::runSlot;

    private ControlError aim;
    private int slotsUsed;
    private int simulated;
    private double estimate;

    FeedbackRun(FeedbackPhase phase, Model model, Batch batch, Workers workers) {
        this.phase = phase;
        this.model = model;
        this.network = model.network;
        this.batch = batch;
        this.workers = workers;
        int count = Math.min(MAX_SLOTS, batch.capacity / Batch.TILE);
        for (int i = 0; i < count; i++) {
            slots.add(new FeedbackSlot(phase.rule(), model, Batch.TILE));
        }
        recorder = new Recorder(network, phase.recording(), batch);
        steps = phase.rule() instanceof FeedbackRule.NormalController n ? n.dynamics().steps() : 1;
        source = new NoiseSource(Philox.PHASE_FEEDBACK, network, steps);
        outputSpace =
                phase.rule() instanceof FeedbackRule.NormalController rule
                                && rule.solver() instanceof Solver.Auto(double tolerance)
                                && OutputSpace.covers(network, phase, rule, batch.capacity)
                        ? new OutputSpaceFeedbackRun(rule, tolerance, model, batch, workers)
                        : null;
        gradient = new float[network.depth()][];
        clipped = new float[network.depth()][];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = new float[model.q[i].length];
            clipped[i] = new float[model.q[i].length];
        }
    }

    /**
     * Runs the phase.
     *
     * @param target control error of a rule with a loop; not used by others
     */
    void run(ControlError target, Noise noise) {
        recorder.begin();
        int samples = batch.samples;
        source.take(noise, samples);
        double factor = factor(steps, samples);
        estimate = 0;
        simulated = 0;
        if (outputSpace != null
                && OutputSpace.covers(
                        network, phase, (FeedbackRule.NormalController) phase.rule(), samples)
                && outputSpace.run(target, source, recorder)) {
            estimate = outputSpace.estimate();
            outputSpace.collect(gradient, (float) factor);
        } else {
            simulate(target);
            collect((float) factor);
        }
        addHomeostaticDecay();
        for (int i = 0; i < gradient.length; i++) {
            System.arraycopy(gradient[i], 0, clipped[i], 0, clipped[i].length);
        }
        clip();
    }

    private void simulate(ControlError target) {
        if (phase.rule() instanceof FeedbackRule.NormalController rule
                && rule.solver() instanceof Solver.Auto) {
            simulated = batch.samples;
        }
        aim = target;
        slotsUsed = Math.min(slots.size(), batch.tiles());
        workers.run(slotsUsed, slotTask);
    }

    private void runSlot(int slot) {
        slots.get(slot).begin();
        for (int t = slot; t < batch.tiles(); t += slotsUsed) {
            slots.get(slot).run(t, batch, aim, source, recorder);
        }
    }

    private double factor(int steps, int samples) {
        return switch (phase.rule()) {
            case FeedbackRule.NormalController r ->
                    FeedbackRule.scale(r.noise().hidden()) / ((double) steps * samples);
            case FeedbackRule.ForwardPerturbation(double sigma) ->
                    -FeedbackRule.scale(sigma) / samples;
            case FeedbackRule.LinearizedReconstruction(double sigma, double leakage) ->
                    FeedbackRule.scale(sigma) / samples;
        };
    }

    private void collect(float factor) {
        int outputs = network.outputs();
        int stride = Simd.stride(outputs);
        for (int i = 0; i < gradient.length; i++) {
            float[] to = gradient[i];
            for (int k = 0; k < to.length; k++) {
                float sum = 0;
                for (int slot = 0; slot < slotsUsed; slot++) {
                    sum += slots.get(slot).sums[i][k / outputs * stride + k % outputs];
                }
                to[k] = factor * sum;
            }
        }
    }

    private void addHomeostaticDecay() {
        if (phase.homeostaticDecay().isEmpty()) {
            return;
        }
        HomeostaticDecay decay = phase.homeostaticDecay().get();
        double norm = 0;
        for (float[] q : model.q) {
            norm += GradientArrays.sumOfSquares(q);
        }
        float beta = (float) (decay.rate() * (norm - decay.constant()));
        for (int i = 0; i < gradient.length; i++) {
            for (int k = 0; k < gradient[i].length; k++) {
                gradient[i][k] += beta * model.q[i][k];
            }
        }
    }

    private void clip() {
        switch (phase.clipping()) {
            case Clipping.None none -> {}
            case Clipping.PerTensor(double max) -> GradientArrays.clipEach(max, clipped);
            case Clipping.PerLayer(double max) -> GradientArrays.clipEach(max, clipped);
            case Clipping.Joint(double max) -> GradientArrays.clipJointly(max, clipped);
        }
    }

    float[][] clippedArrays() {
        return clipped;
    }

    @Override
    public double gradientNorm(int layer) {
        return Math.sqrt(GradientArrays.sumOfSquares(clipped[layer]));
    }

    @Override
    public List<Tensor> gradients() {
        return tensors(gradient);
    }

    @Override
    public List<Tensor> clippedGradients() {
        return tensors(clipped);
    }

    private List<Tensor> tensors(float[][] arrays) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < arrays.length; i++) {
            out.add(Tensor.wrap(arrays[i].clone(), network.size(i), network.outputs()));
        }
        return out;
    }

    @Override
    public int simulated() {
        return simulated;
    }

    @Override
    public double errorEstimate() {
        return estimate;
    }

    @Override
    public Trajectory trajectory() {
        return recorder.trajectory();
    }
}
