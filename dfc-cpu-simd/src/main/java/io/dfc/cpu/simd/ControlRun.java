package io.dfc.cpu.simd;

import io.dfc.api.control.Convergence;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * What weights and biases learn from a loop, and which samples converge: shares tiles out to slots,
 * and forms the updates from what they gathered.
 */
final class ControlRun {
    /**
     * Bound on the number of slots, each of which holds gradients of its own; fixed, so that sums
     * have one order.
     */
    private static final int MAX_SLOTS = 16;

    private final LoopPhase phase;
    private final List<ForwardPlasticity> updates;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final OuterProducts outer;
    private final List<ControlSlot> slots = new ArrayList<>();
    private final List<GradientArrays> gradients = new ArrayList<>();
    private final RunningUpdates running;

    /** Per update and layer, signals of all samples; null where they are not needed. */
    final List<float[][]> signals = new ArrayList<>();

    /** Controlled presynaptic rates of the last state; null for the first layer. */
    final float[][] rates;

    final double[] initialNorm;
    final int[] divergedPoints;
    private final double[] ratio;
    private final boolean[] converged;
    private final boolean[] diverged;
    private final AtomicInteger simulated = new AtomicInteger();
    final Recorder recorder;
    private final NoiseSource source;

    /** A field, for a method reference made anew in every call would be an object each time. */
    private final IntConsumer slotTask = this::runSlot;

    // What the slots in flight work on.
    private ControlError aim;
    private int used;

    private final OutputSpaceRun outputSpace;
    private double estimate;
    private int samples;

    ControlRun(
            LoopHandle loop,
            Model model,
            Batch batch,
            Workers workers,
            OuterProducts outer,
            int maxBatch) {
        this.phase = loop.phase();
        updates = phase.forwardPlasticities();
        this.network = model.network;
        this.batch = batch;
        this.workers = workers;
        this.outer = outer;
        int count = Math.min(MAX_SLOTS, batch.capacity / Batch.TILE);
        boolean teaches =
                phase.feedbackPlasticity().isPresent()
                        && !(phase.solver() instanceof Solver.Auto
                                && OutputSpace.coversFeedback(network, phase, batch.capacity));
        for (int i = 0; i < count; i++) {
            slots.add(new ControlSlot(phase, model, teaches));
        }
        boolean lastState = false;
        for (ForwardPlasticity update : updates) {
            gradients.add(new GradientArrays(network));
            float[][] perLayer = new float[network.depth()][];
            boolean last = update.mode() == ForwardPlasticity.Mode.LAST_STATE;
            lastState |= last;
            for (int i = 0; i < perLayer.length; i++) {
                if (last || i == 0) {
                    perLayer[i] = new float[batch.capacity * batch.layers[i].stride];
                }
            }
            signals.add(perLayer);
        }
        rates = new float[network.depth()][];
        for (int i = 1; i < rates.length && lastState; i++) {
            rates[i] = new float[batch.capacity * batch.layers[i - 1].stride];
        }
        recorder = new Recorder(network, batch);
        source = new NoiseSource(loop.noiseStream(), network, phase.dynamics().steps());
        initialNorm = new double[maxBatch];
        divergedPoints = new int[maxBatch];
        ratio = new double[maxBatch];
        converged = new boolean[maxBatch];
        diverged = new boolean[maxBatch];
        running = new RunningUpdates(phase, model, batch);
        outputSpace =
                phase.solver() instanceof Solver.Auto && OutputSpace.coversForward(network, phase)
                        ? new OutputSpaceRun(phase, model, batch, workers, outer, count)
                        : null;
    }

    void run(ControlError target, Noise noise, Recording recording) {
        samples = batch.samples;
        simulated.set(0);
        Arrays.fill(divergedPoints, 0);
        recorder.begin(recording);
        estimate = 0;
        if (outputSpace != null
                && phase.solver() instanceof Solver.Auto(double tolerance)
                && outputSpace.run(target, tolerance, gradients, this)) {
            estimate = outputSpace.estimate();
            for (int k = 0; k < gradients.size(); k++) {
                gradients.get(k).clip(updates.get(k).clipping());
            }
            return;
        }
        simulate(target, noise);
    }

    private void simulate(ControlError target, Noise noise) {
        simulated.set(phase.solver() instanceof Solver.Auto ? samples : 0);
        source.take(noise, samples);
        aim = target;
        used = Math.min(slots.size(), batch.tiles());
        workers.run(used, slotTask);
        for (int k = 0; k < gradients.size(); k++) {
            switch (updates.get(k).mode()) {
                case CONTINUOUS -> averageOverTime(k);
                case LAST_STATE -> fromLastState(k);
                case CONTINUOUS_RUNNING -> gradients.get(k).clear();
            }
        }
        running.run(target, source, gradients);
    }

    private void runSlot(int slot) {
        slots.get(slot).begin();
        for (int t = slot; t < batch.tiles(); t += used) {
            slots.get(slot).run(t, batch, aim, source, this);
        }
        slots.get(slot).end();
    }

    private void averageOverTime(int k) {
        GradientArrays gradient = gradients.get(k);
        float factor = (float) (-2.0 / samples / phase.dynamics().timePoints());
        gradient.clear();
        outer.write(1, factor, signals.get(k), null, gradient);
        for (int i = 1; i < network.depth(); i++) {
            for (int slot = 0; slot < used; slot++) {
                TimeSum sum = slots.get(slot).sums[k];
                gradient.addWeights(i, factor, sum.total[i], batch.layers[i - 1].stride);
                gradient.addBias(i, factor, sum.biasTotal[i], 0, 1);
            }
        }
        gradient.clip(updates.get(k).clipping());
    }

    private void fromLastState(int k) {
        ForwardPlasticity update = updates.get(k);
        GradientArrays gradient = gradients.get(k);
        float factor = (float) (-2.0 / samples);
        boolean controlled = update.presynaptic() == ForwardPlasticity.Presynaptic.CONTROLLED;
        outer.write(network.depth(), factor, signals.get(k), controlled ? rates : null, gradient);
        gradient.clip(update.clipping());
    }

    /** What feedback weights learn from, slot by slot; empty if they learn from another run. */
    List<float[][]> feedbackSums() {
        return slots.stream().flatMap(slot -> slot.feedbackSums().stream()).toList();
    }

    /** Number of slots of the last simulation. */
    int slotsUsed() {
        return used;
    }

    /** Judges a sample of a tile that has reached its last state. */
    void judge(Tile tile, int s, LoopPhase of) {
        int sample = tile.first + s;
        ratio[sample] = tile.distanceRatio(s, of.controller().leakage());
        converged[sample] =
                of.convergence().converged(ratio[sample], tile.errorNorm(s), initialNorm[sample]);
        diverged[sample] = ratio[sample] > Convergence.RATIO_DIVERGED;
    }

    /** Takes the judgement of the small loops. */
    void takeRatios(double[] ratios, double[] errorNorms, double[] initialNorms) {
        for (int s = 0; s < samples; s++) {
            ratio[s] = ratios[s];
            converged[s] = phase.convergence().converged(ratios[s], errorNorms[s], initialNorms[s]);
            diverged[s] = false;
        }
    }

    void markConverged(int sample) {
        converged[sample] = true;
        diverged[sample] = false;
    }

    void countDivergedState(int sample) {
        divergedPoints[sample] = diverged[sample] ? 1 : 0;
    }

    void markSimulated() {
        simulated.incrementAndGet();
    }

    boolean isIncluded(int sample, LoopPhase of) {
        return of.convergence().includeAll()
                || converged[sample]
                || of.solver() instanceof Solver.Linearized;
    }

    GradientArrays gradientArrays(int update) {
        return gradients.get(update);
    }

    int converged() {
        return count(converged);
    }

    int diverged() {
        return count(diverged);
    }

    private int count(boolean[] mask) {
        int n = 0;
        for (int s = 0; s < samples; s++) {
            n += mask[s] ? 1 : 0;
        }
        return n;
    }

    int fallbackSamples() {
        return simulated.get();
    }

    double errorEstimate() {
        return estimate;
    }

    Tensor distanceRatio() {
        return Tensor.wrap(Arrays.copyOf(ratio, samples), samples);
    }

    boolean[] convergedSamples() {
        return Arrays.copyOf(converged, samples);
    }

    boolean[] divergedSamples() {
        return Arrays.copyOf(diverged, samples);
    }

    int[] divergedTimePoints() {
        return Arrays.copyOf(divergedPoints, samples);
    }
}
