package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.product.MatrixProduct;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * Responses of the reduced-order loop to unit impulses in the noise of the last layer, and the sums
 * over time from which feedback weights learn in expectation. As many samples as a vector has
 * lanes, one to a lane: matrices [n_L, n_L, lanes] with a row to an impulse and a column to an
 * output, filters after them [depth, n_L, n_L, lanes] from the last layer down.
 *
 * <p>To noise in a lower layer the loop responds as to noise in the last, filtered once more for
 * every layer between. Gains and responses commute (both are made of the gains and of filters of
 * numbers), so that a step multiplies responses by gains from the right.
 */
final class ImpulseResponses {
    private final LoopController controller;
    private final int depth;
    private final int outputs;

    /** Length of a matrix. */
    private final int n;

    private final int steps;
    private final boolean instantTransmission;
    private final float kappa;

    /** Share of the noise in an apical voltage that is left after a step. */
    private final double retention;

    /** Share by which the low-passed control follows; 0 without a high-pass filter. */
    private final float lowPass;

    private final MatrixProduct product;

    /** {@code -J_i Q_i}. */
    private final float[] gains;

    /** {@code c_i^2 J_i J_i^T} with what a normal number adds to the noise, {@code c_i}. */
    final float[] grams;

    /** 1 in lanes with a sample, else 0. */
    private final float[] present = new float[LANES];

    private final float[] integral;
    private final float[] u;
    private final float[] before;
    private final float[] low;
    private final float[] error;

    /** Control where it reaches the apical compartments, and its filtered forms; one more. */
    private final float[] lagged;

    /** {@code E_i}: how the apical compartments of a layer see an impulse in its own noise. */
    private final float[] reached;

    /** {@code R_i}: how the signal with which they are correlated does. */
    private final float[] signal;

    private final float[] seen;
    private final float[] step;

    /** {@code sum_d (K-1-d) z(d) R_i(d+1)} for noise of unit size. */
    final float[] direct;

    /** {@code sum_i sum_d (K-1-d) E_i(d) c_i^2 J_i J_i^T R_i(d+1)^T}, a row to a signal. */
    final float[] throughFeedback;

    ImpulseResponses(LoopPhase phase, int depth, int outputs) {
        this.depth = depth;
        this.outputs = outputs;
        Dynamics dynamics = phase.dynamics();
        ApicalNoise noise = phase.noise().orElseThrow();
        controller =
                new LoopController((ProportionalIntegralController) phase.controller(), dynamics);
        n = outputs * outputs * LANES;
        steps = dynamics.steps();
        instantTransmission = dynamics.instantTransmission();
        kappa = (float) dynamics.somaticRate();
        retention = noise.isFiltered() ? noise.retention(dynamics) : 1 - dynamics.apicalRate();
        lowPass = (float) phase.feedbackPlasticity().orElseThrow().highPass().orElse(0);
        product = MatrixProduct.ofColumns(outputs);
        int all = Math.multiplyExact(depth, n);
        gains = new float[all];
        grams = new float[all];
        integral = new float[n];
        before = new float[n];
        low = new float[n];
        error = new float[n];
        lagged = new float[Math.addExact(all, n)];
        reached = instantTransmission ? lagged : new float[all];
        signal = new float[all];
        u = lowPass > 0 ? new float[n] : signal;
        seen = new float[all];
        step = new float[n];
        direct = new float[all];
        throughFeedback = new float[n];
    }

    /** Place of a layer's matrix. */
    int at(int layer) {
        return (depth - 1 - layer) * n;
    }

    /** Takes {@code J_i Q_i} of a lane, row-major with rows {@code stride} apart. */
    void setGain(int layer, int lane, float[] from, int at, int stride) {
        int to = at(layer) + lane;
        for (int j = 0; j < outputs; j++) {
            for (int k = 0; k < outputs; k++) {
                gains[to] = -from[at + j * stride + k];
                to += LANES;
            }
        }
    }

    /**
     * Runs the loop over its horizon.
     *
     * @param count number of lanes with a sample
     */
    void run(int count) {
        Arrays.fill(integral, 0f);
        Arrays.fill(u, 0, n, 0f);
        Arrays.fill(low, 0f);
        Arrays.fill(error, 0f);
        Arrays.fill(lagged, 0f);
        Arrays.fill(reached, 0f);
        Arrays.fill(signal, 0f);
        Arrays.fill(direct, 0f);
        Arrays.fill(throughFeedback, 0f);
        Arrays.fill(present, 0, count, 1f);
        Arrays.fill(present, count, LANES, 0f);
        double left = 1;
        double noisy = kappa;
        subtractNoise((float) noisy);
        for (int d = 1; d < steps; d++) {
            int pairs = steps - d;
            advanceSignal();
            addDirect((float) (pairs * left));
            if (d > 1) {
                addThroughFeedback(pairs);
            }
            if (d + 1 < steps) {
                advanceNetwork();
                left *= retention;
                noisy += kappa * (left - noisy);
                subtractNoise((float) noisy);
            }
        }
    }

    private void advanceSignal() {
        if (!instantTransmission) {
            for (int q = depth - 1; q > 0; q--) {
                filter(kappa, signal, (q - 1) * n, q * n, (q + 1) * n);
            }
        }
        if (!controller.isProactive()) {
            System.arraycopy(u, 0, before, 0, n);
        }
        controller.control(error, integral, u, n);
        if (lowPass > 0) {
            passHigh();
        }
        if (instantTransmission) {
            filter(kappa, signal, 0, n, signal.length);
        }
    }

    private void passHigh() {
        FloatVector share = FloatVector.broadcast(F, lowPass);
        for (int at = 0; at < n; at += LANES) {
            FloatVector x = fromArray(F, u, at);
            FloatVector l = fromArray(F, low, at);
            FloatVector next = x.sub(l).fma(share, l);
            next.intoArray(low, at);
            x.sub(next).intoArray(signal, at);
        }
    }

    /** Lets elements follow those of the matrix before them, or of another place. */
    private static void filter(float rate, float[] x, int before, int from, int to) {
        FloatVector k = FloatVector.broadcast(F, rate);
        int back = from - before;
        for (int at = from; at < to; at += LANES) {
            FloatVector y = fromArray(F, x, at);
            fromArray(F, x, at - back).sub(y).fma(k, y).intoArray(x, at);
        }
    }

    private void addDirect(float weight) {
        if (weight != 0) {
            addTimes(weight, signal, direct, direct.length);
        }
    }

    private static void addTimes(float factor, float[] x, float[] sum, int length) {
        FloatVector k = FloatVector.broadcast(F, factor);
        for (int at = 0; at < length; at += LANES) {
            fromArray(F, x, at).fma(k, fromArray(F, sum, at)).intoArray(sum, at);
        }
    }

    private void addThroughFeedback(int pairs) {
        for (int at = 0; at < grams.length; at += n) {
            product.multiply(grams, at, signal, at, outputs, seen, at);
        }
        product.multiply(seen, 0, reached, 0, depth * outputs, step, 0);
        addTimes(pairs, step, throughFeedback, n);
    }

    private void advanceNetwork() {
        if (!instantTransmission) {
            System.arraycopy(lagged, n, reached, n, reached.length - n);
        }
        controller.filterApical(controller.isProactive() ? u : before, lagged, n);
        if (instantTransmission) {
            filter(kappa, lagged, 0, n, lagged.length);
        } else {
            System.arraycopy(lagged, 0, reached, 0, n);
            // Downwards, every filter but the first still finds the old value before it.
            for (int q = depth; q > 0; q--) {
                filter(kappa, lagged, (q - 1) * n, q * n, (q + 1) * n);
            }
        }
        product.multiply(gains, 0, lagged, n, depth * outputs, error, 0);
    }

    /** Every impulse enters through an output of its own. */
    private void subtractNoise(float noisy) {
        FloatVector k = FloatVector.broadcast(F, -noisy);
        int next = (outputs + 1) * LANES;
        for (int at = 0; at < n; at += next) {
            fromArray(F, present, 0).fma(k, fromArray(F, error, at)).intoArray(error, at);
        }
    }
}
