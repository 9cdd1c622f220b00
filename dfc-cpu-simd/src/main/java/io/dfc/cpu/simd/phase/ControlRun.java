package io.dfc.cpu.simd.phase;

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
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.learn.GradientArrays;
import io.dfc.cpu.simd.learn.OuterProducts;
import io.dfc.cpu.simd.learn.TimeSum;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Recorder;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.runtime.Workers;
import io.dfc.cpu.simd.wide.ReadoutBasis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Gradients of weights and biases from a loop, and which samples converge. Distributes the tiles of
 * the minibatch over workspaces, one to a task, and forms the gradients from their sums.
 */
final class ControlRun {
    /**
     * Bound on the number of workspaces, each of which holds sums of its own; fixed, so that sums
     * have one order.
     */
    private static final int MAX_WORKSPACES = 16;

    private final LoopPhase phase;
    private final List<ForwardPlasticity> updates;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final OuterProducts outer;
    private final List<ControlWorkspace> workspaces = new ArrayList<>();
    private final List<GradientArrays> gradients = new ArrayList<>();
    private final RunningUpdates running;

    /** Of control signals, for steady states; null where there is none. */
    private final ReadoutBasis basis;

    /**
     * Per update and layer, postsynaptic factors of all samples; null where they are not needed.
     */
    final List<float[][]> postsynaptic = new ArrayList<>();

    /** Controlled presynaptic rates of the last state; null for the first layer. */
    final float[][] rates;

    final double[] initialNorm;
    final int[] divergedPoints;
    private final double[] ratio;
    private final boolean[] converged;
    private final boolean[] diverged;
    private final AtomicInteger fallbacks = new AtomicInteger();
    final Recorder recorder;
    private final NoiseSource source;

    /** A field, since a method reference in a call would be a new object each time. */
    private final IntConsumer shareTask = this::runShare;

    // Read by the tasks of the current call.
    private ControlError controlError;
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
        int count = Math.min(MAX_WORKSPACES, batch.capacity / Simd.TILE);
        boolean learnsFeedback =
                phase.feedbackPlasticity().filter(p -> !p.isExpected()).isPresent()
                        && !(phase.solver() instanceof Solver.Auto
                                && OutputSpace.coversFeedback(network, phase, batch.capacity));
        basis =
                ReadoutBasis.covers(network) && findsSteadyStates(phase)
                        ? new ReadoutBasis(model, workers)
                        : null;
        for (int i = 0; i < count; i++) {
            workspaces.add(
                    new ControlWorkspace(phase, model, learnsFeedback, Optional.ofNullable(basis)));
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
            postsynaptic.add(perLayer);
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

    private static boolean findsSteadyStates(LoopPhase phase) {
        return phase.solver() instanceof Solver.Linearized
                || phase.solver() instanceof Solver.SteadyState;
    }

    void run(ControlError target, Noise noise, Recording recording) {
        samples = batch.samples;
        fallbacks.set(0);
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
        fallbacks.set(phase.solver() instanceof Solver.Auto ? samples : 0);
        source.take(noise, samples);
        controlError = target;
        if (basis != null) {
            basis.refresh();
        }
        used = Math.min(workspaces.size(), batch.tiles());
        workers.run(used, shareTask);
        for (int k = 0; k < gradients.size(); k++) {
            switch (updates.get(k).mode()) {
                case CONTINUOUS -> averageOverTime(k);
                case LAST_STATE -> fromLastState(k);
                case CONTINUOUS_RUNNING -> gradients.get(k).clear();
            }
        }
        running.run(target, source, gradients);
    }

    private void runShare(int share) {
        workspaces.get(share).begin();
        for (int t = share; t < batch.tiles(); t += used) {
            workspaces.get(share).run(t, batch, controlError, source, this);
        }
        workspaces.get(share).end();
    }

    private void averageOverTime(int k) {
        GradientArrays gradient = gradients.get(k);
        float factor = (float) (-2.0 / samples / phase.dynamics().timePoints());
        gradient.clear();
        outer.write(1, factor, postsynaptic.get(k), null, gradient);
        for (int i = 1; i < network.depth(); i++) {
            for (int share = 0; share < used; share++) {
                TimeSum sum = workspaces.get(share).sums[k];
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
        outer.write(
                network.depth(), factor, postsynaptic.get(k), controlled ? rates : null, gradient);
        gradient.clip(update.clipping());
    }

    /**
     * Sums that feedback weights learn from, of each workspace; empty if they learn from another
     * run.
     */
    List<float[][]> feedbackSums() {
        return workspaces.stream().flatMap(workspace -> workspace.feedbackSums().stream()).toList();
    }

    /** Number of workspaces that the last simulation used. */
    int workspacesUsed() {
        return used;
    }

    /** Records whether a sample of a tile, which is at its last state, converged or diverged. */
    void recordConvergence(Tile tile, int s, LoopPhase of) {
        int sample = tile.first + s;
        ratio[sample] = tile.distanceRatio(s, of.controller().leakage());
        converged[sample] =
                of.convergence().converged(ratio[sample], tile.errorNorm(s), initialNorm[sample]);
        diverged[sample] = ratio[sample] > Convergence.RATIO_DIVERGED;
    }

    /** Records which samples converged in the reduced-order loops, none of which diverged. */
    void recordConvergence(double[] ratios, double[] errorNorms, double[] initialNorms) {
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

    void countFallback() {
        fallbacks.incrementAndGet();
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
        return fallbacks.get();
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
