package io.dfc.cpu.simd.wide;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.DrivenStep;
import io.dfc.cpu.simd.loop.LayerStep;
import io.dfc.cpu.simd.loop.StoredVoltages;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.reduced.LoopController;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * The noisy loop of a tile that feedback weights learn from, in the coordinates of a {@link
 * ReadoutBasis}: nothing drives the controller from outside and no noise enters the output layer,
 * so that {@code u = W_L x} at all times, and the output deviation is {@code W_L} times numbers of
 * its own. A simulation like any other, of the nonlinear network with the same noise. Used by one
 * thread at a time.
 */
public final class ReadoutFeedback {
    private final ReadoutBasis basis;
    private final Tile tile;
    private final LayerStep[] steps;
    private final DrivenStep[] drivenSteps;
    private final PredictedDrive drive;
    private final LoopController controller;
    private final Dynamics dynamics;
    private final float[] noiseFactor;
    private final int hidden;
    private final int stride;
    private final float kappa;
    private final ReadoutCorrelation correlation;

    // Coordinates of the control signal, [rows, n_(L-1)].
    private final float[] u;
    private final float[] integral;
    private final float[] error;

    /** Coordinates of the apical voltages of the output layer over {@code q}, and of its rates. */
    private final float[] apical;

    private final float[] output;

    /**
     * A loop.
     *
     * @param rows most samples that are simulated at once
     */
    public ReadoutFeedback(LoopPhase phase, Model model, ReadoutBasis basis, int rows) {
        this.basis = basis;
        Network network = model.network;
        dynamics = phase.dynamics();
        hidden = network.depth() - 2;
        stride = Simd.stride(network.size(hidden));
        tile = new Tile(network, rows, stride);
        controller =
                new LoopController((ProportionalIntegralController) phase.controller(), dynamics);
        kappa = (float) dynamics.somaticRate();
        steps = new LayerStep[hidden + 1];
        drivenSteps = new DrivenStep[hidden + 1];
        drive = new PredictedDrive(basis, tile, hidden + 1);
        noiseFactor = new float[hidden + 1];
        ApicalNoise noise = phase.noise().orElseThrow();
        for (int i = 0; i <= hidden; i++) {
            noiseFactor[i] = (float) noise.step(i, network.depth(), dynamics);
            steps[i] = new LayerStep(model, i, dynamics, noiseFactor[i], basis.coupling[i]);
            drivenSteps[i] = new DrivenStep(model, i, dynamics, noiseFactor[i], tile);
        }
        int n = rows * stride;
        u = new float[n];
        integral = new float[n];
        error = new float[n];
        apical = new float[n];
        output = new float[n];
        correlation =
                new ReadoutCorrelation(phase.feedbackPlasticity().orElseThrow(), model, tile, u);
    }

    /** Whether it is for a network and a phase. */
    public static boolean covers(Network network, LoopPhase phase) {
        return ReadoutBasis.covers(network)
                && phase.target() instanceof OutputTarget.OwnOutput
                && phase.controller() instanceof ProportionalIntegralController
                && phase.feedbackPlasticity().filter(p -> !p.isExpected()).isPresent()
                && phase.noise().filter(n -> isOfHidden(n, network.depth())).isPresent();
    }

    private static boolean isOfHidden(ApicalNoise noise, int depth) {
        return !noise.isFiltered()
                && noise.sigma(depth - 1, depth) == 0
                && noise.sigma(0, depth) > 0;
    }

    /** Whether the control may be smooth enough to be predicted between products with it. */
    public static boolean mayPredict(Dynamics dynamics) {
        return dynamics.apicalRate() <= PredictedDrive.FASTEST;
    }

    /** Begins sums over samples. */
    public void begin() {
        correlation.begin();
        drive.clearErrors();
    }

    /** Completes the sums. */
    public void end() {
        correlation.end();
    }

    /**
     * Sums over the samples between {@link #begin} and {@link #end} of voltages times the
     * coordinates of the control that follows, by layer [n_i, n_(L-1)] with padded rows; of the
     * output layer the coordinates of its apical voltages over {@code q}.
     */
    public float[][] sums() {
        return correlation.sums();
    }

    /** Squared norm of what was predicted wrongly in a hidden layer since {@link #begin}. */
    public double squaredError(int layer) {
        return drive.squaredError(layer);
    }

    /** Squared norm of the apical voltages at the same steps. */
    public double squaredWhole(int layer) {
        return drive.squaredWhole(layer);
    }

    /**
     * Simulates the loop of some samples and adds to the sums.
     *
     * @param predicted whether what the control adds to the voltages is computed at some steps and
     *     predicted at the others; the sums then take the filtered noise alone as apical voltages
     *     of hidden layers, without {@code S_i} times the coordinates that those of the output
     *     layer have
     */
    public void run(Batch batch, int first, int count, NoiseSource noise, boolean predicted) {
        tile.reset(batch, first, count);
        drive.begin();
        for (int i = 0; i <= hidden; i++) {
            // Numbers are drawn for samples and neurons alone, not for padding.
            Arrays.fill(tile.scratch[i], 0f);
        }
        Arrays.fill(u, 0f);
        Arrays.fill(integral, 0f);
        Arrays.fill(error, 0f);
        Arrays.fill(apical, 0f);
        Arrays.fill(output, 0f);
        correlation.gather(0, apical);
        int n = tile.rows * stride;
        for (int step = 0; step < dynamics.steps(); step++) {
            if (!dynamics.proactive()) {
                System.arraycopy(u, 0, tile.applied, 0, n);
            }
            controller.control(error, integral, u, n);
            if (dynamics.proactive()) {
                System.arraycopy(u, 0, tile.applied, 0, n);
            }
            controller.filterApical(tile.applied, apical, n);
            if (predicted && PredictedDrive.place(step) == 0) {
                drive.take(apical);
            }
            if (dynamics.instantTransmission()) {
                for (int i = 0; i <= hidden; i++) {
                    advance(batch, i, step, noise, predicted);
                }
                advanceOutput(n);
            } else {
                // Downwards, every layer still finds the old rates of the layer below.
                advanceOutput(n);
                for (int i = hidden; i >= 0; i--) {
                    advance(batch, i, step, noise, predicted);
                }
            }
            correlation.gather(step + 1, apical);
        }
        correlation.flush();
    }

    private void advance(Batch batch, int i, int step, NoiseSource noise, boolean predicted) {
        for (int s = 0; s < tile.count; s++) {
            int at = s * tile.strides[i];
            noise.fill(step, i, tile.first + s, tile.scratch[i], at, tile.normals);
        }
        if (predicted) {
            float place = PredictedDrive.place(step);
            drivenSteps[i].run(
                    tile, batch.layers[i], drive.value[i], drive.first[i], drive.second[i], place);
        } else {
            steps[i].run(tile, batch.layers[i], true, StoredVoltages.NONE);
        }
    }

    /** The output layer, and the error, which is the negative of its deviation. */
    private void advanceOutput(int n) {
        FloatVector k = FloatVector.broadcast(F, kappa);
        FloatVector q = FloatVector.broadcast(F, basis.gain());
        float[] below = tile.dr[hidden];
        for (int at = 0; at < n; at += LANES) {
            FloatVector old = fromArray(F, output, at);
            FloatVector now =
                    fromArray(F, apical, at).fma(q, fromArray(F, below, at)).sub(old).fma(k, old);
            now.intoArray(output, at);
            now.neg().intoArray(error, at);
        }
    }
}
