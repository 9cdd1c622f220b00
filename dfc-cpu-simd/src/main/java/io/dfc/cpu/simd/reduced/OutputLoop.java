package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.spi.reduced.OutputSpace;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import java.util.Arrays;

/**
 * The controlled loop in output space (see {@link OutputSpace}) for as many samples as a vector has
 * lanes, one sample to a lane: every array holds vectors, [..., lanes].
 *
 * <p>Filters and the constant gains commute, so the output is {@code p_L = sum_i J_i Q_i u^(L-i+1)}
 * with the control filtered {@code q} times, {@code u^(q)}: one product per step in place of a
 * chain of them.
 */
public final class OutputLoop {
    private static final int BLOCK = 4;

    private final int depth;
    private final int outputs;

    /** Length of a vector of {@code n_L} components. */
    private final int n;

    private final LoopController controller;
    private final boolean instantTransmission;
    private final float leakage;
    private final float kappa;

    /** {@code J_i Q_i}, [n_L, depth, n_L, lanes]: row of the output, then the layers downwards. */
    final float[] gains;

    /** Distance to the target, [n_L, lanes]. */
    public final float[] distance;

    /** Second-order part of the output at the last point of an earlier run. */
    public final float[] defect;

    /** Output of that run at its last point over its squared norm. */
    final float[] direction;

    public final float[] u;
    private final float[] integral;
    public final float[] error;

    /** Output deviation {@code p_L}. */
    private final float[] output;

    /**
     * Share of the noise in the output, filtered once for every layer on its path; [depth, n_L,
     * lanes].
     */
    private final float[] noisy;

    /**
     * The control after the apical filter, {@code u^(0)}, and its filtered forms; [depth + 1, n_L,
     * lanes].
     */
    public final float[] lagged;

    public final float[] sumApplied;

    /** Of the time points of the last run that was measured. */
    public final LoopMoments moments;

    /** Largest squared norm of the output, and of {@code e - alpha u}, over time; [lanes] each. */
    public final float[] largestOutput = new float[LANES];

    public final float[] largestResidual = new float[LANES];

    /** Of the probe: largest squared norms of the control in the second and the last quarter. */
    public final float[] early = new float[LANES];

    public final float[] late = new float[LANES];
    private final boolean[] stable = new boolean[LANES];

    public OutputLoop(
            ProportionalIntegralController controller, Dynamics dynamics, int depth, int outputs) {
        this.depth = depth;
        this.outputs = outputs;
        n = outputs * LANES;
        this.controller = new LoopController(controller, dynamics);
        instantTransmission = dynamics.instantTransmission();
        leakage = (float) controller.leakage();
        kappa = (float) dynamics.somaticRate();
        gains = new float[Math.multiplyExact(depth * outputs, n)];
        distance = new float[n];
        defect = new float[n];
        direction = new float[n];
        u = new float[n];
        integral = new float[n];
        error = new float[n];
        output = new float[n];
        noisy = new float[depth * n];
        lagged = new float[(depth + 1) * n];
        sumApplied = new float[n];
        moments = new LoopMoments(outputs);
    }

    /** Takes {@code J_i Q_i} of a lane, row-major with rows {@code stride} apart. */
    public void setGain(int layer, int lane, float[] product, int at, int stride) {
        for (int j = 0; j < outputs; j++) {
            int to = (j * depth + depth - 1 - layer) * n + lane;
            for (int k = 0; k < outputs; k++) {
                gains[to] = product[at + j * stride + k];
                to += LANES;
            }
        }
    }

    /** Takes {@code J_i Q_i} of a lane, row-major [n_L, n_L]. */
    public void setGain(int layer, int lane, double[] product) {
        for (int j = 0; j < outputs; j++) {
            int to = (j * depth + depth - 1 - layer) * n + lane;
            for (int k = 0; k < outputs; k++) {
                gains[to] = (float) product[j * outputs + k];
                to += LANES;
            }
        }
    }

    /** Switches a lane off. */
    public void clearGain(int lane) {
        for (int k = lane; k < gains.length; k += LANES) {
            gains[k] = 0f;
        }
    }

    /**
     * Resets the loop to the feedforward pass, except for gains, distance, defect and direction.
     */
    void reset() {
        Arrays.fill(u, 0f);
        Arrays.fill(integral, 0f);
        Arrays.fill(output, 0f);
        Arrays.fill(noisy, 0f);
        Arrays.fill(lagged, 0f);
        Arrays.fill(sumApplied, 0f);
        moments.clear();
        Arrays.fill(largestOutput, 0f);
        Arrays.fill(largestResidual, 0f);
    }

    /** Output deviation of a lane. */
    public float output(int j, int lane) {
        return output[j * LANES + lane];
    }

    /** Runs from the feedforward pass to the horizon. */
    public void run(int steps, boolean correcting, boolean measuring) {
        reset();
        evaluate(correcting);
        for (int step = 0; step < steps; step++) {
            control();
            sumApplied();
            propagate();
            evaluate(correcting);
            if (measuring) {
                moments.add(u, output);
            }
        }
    }

    /**
     * Whether the loop of each lane, without a target, decays; see {@link OutputSpace#isStable}.
     * Overwritten by the next call.
     */
    public boolean[] decays() {
        reset();
        for (int j = 0; j < outputs; j++) {
            Arrays.fill(u, j * LANES, (j + 1) * LANES, (float) OutputSpace.probeStart(j));
        }
        decay();
        for (int lane = 0; lane < LANES; lane++) {
            stable[lane] = OutputSpace.isStable(early[lane], late[lane]);
        }
        return stable;
    }

    /** The loop of each lane, without a target, from the first component of the control alone. */
    public void decayOfFirst() {
        reset();
        Arrays.fill(u, 0, LANES, 1f);
        decay();
    }

    private void decay() {
        System.arraycopy(u, 0, integral, 0, n);
        Arrays.fill(distance, 0f);
        Arrays.fill(error, 0f);
        Arrays.fill(early, 0f);
        Arrays.fill(late, 0f);
        for (int step = 0; step < OutputSpace.PROBE_STEPS; step++) {
            control();
            propagate();
            evaluate(false);
            int quarter = 4 * step / OutputSpace.PROBE_STEPS;
            if (quarter == 1) {
                raise(early);
            } else if (quarter == 3) {
                raise(late);
            }
        }
    }

    private void raise(float[] largest) {
        FloatVector sum = FloatVector.zero(F);
        for (int at = 0; at < n; at += LANES) {
            FloatVector x = fromArray(F, u, at);
            sum = x.fma(x, sum);
        }
        fromArray(F, largest, 0).lanewise(VectorOperators.MAX, sum).intoArray(largest, 0);
    }

    /** Advances the control signal by the current error, and its filtered form. */
    void control() {
        controller.step(error, integral, u, lagged, n);
    }

    private void sumApplied() {
        for (int at = 0; at < n; at += LANES) {
            fromArray(F, sumApplied, at).add(fromArray(F, lagged, at)).intoArray(sumApplied, at);
        }
    }

    /** Advances the filters and brings the output up to date. */
    void propagate() {
        if (instantTransmission) {
            filter(n, lagged.length);
        } else {
            // Downwards, every filter but the first still finds the old value before it.
            for (int q = depth; q > 0; q--) {
                filter(q * n, (q + 1) * n);
            }
        }
        int j = 0;
        for (; j + BLOCK <= outputs; j += BLOCK) {
            fourRows(j);
        }
        if (j + 2 <= outputs) {
            twoRows(j);
            j += 2;
        }
        if (j < outputs) {
            oneRow(j);
        }
    }

    private void filter(int from, int to) {
        FloatVector k = FloatVector.broadcast(F, kappa);
        for (int at = from; at < to; at += LANES) {
            FloatVector y = fromArray(F, lagged, at);
            fromArray(F, lagged, at - n).sub(y).fma(k, y).intoArray(lagged, at);
        }
    }

    private void fourRows(int j) {
        int length = depth * n;
        int first = j * length;
        int second = first + length;
        int third = second + length;
        int fourth = third + length;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int c = 0; c < length; c += LANES) {
            FloatVector a = fromArray(F, lagged, n + c);
            s0 = fromArray(F, gains, first + c).fma(a, s0);
            s1 = fromArray(F, gains, second + c).fma(a, s1);
            s2 = fromArray(F, gains, third + c).fma(a, s2);
            s3 = fromArray(F, gains, fourth + c).fma(a, s3);
        }
        s0.intoArray(output, j * LANES);
        s1.intoArray(output, (j + 1) * LANES);
        s2.intoArray(output, (j + 2) * LANES);
        s3.intoArray(output, (j + 3) * LANES);
    }

    private void twoRows(int j) {
        int length = depth * n;
        int first = j * length;
        int second = first + length;
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        for (int c = 0; c < length; c += LANES) {
            FloatVector a = fromArray(F, lagged, n + c);
            s0 = fromArray(F, gains, first + c).fma(a, s0);
            s1 = fromArray(F, gains, second + c).fma(a, s1);
        }
        s0.intoArray(output, j * LANES);
        s1.intoArray(output, (j + 1) * LANES);
    }

    private void oneRow(int j) {
        int length = depth * n;
        int first = j * length;
        FloatVector sum = FloatVector.zero(F);
        for (int c = 0; c < length; c += LANES) {
            sum = fromArray(F, gains, first + c).fma(fromArray(F, lagged, n + c), sum);
        }
        sum.intoArray(output, j * LANES);
    }

    /**
     * Advances the noise in the output and adds it; after {@link #propagate()}.
     *
     * @param seen {@code J_i} times the noise of the apical voltages, [depth, n_L, lanes] from
     *     {@code seenAt} on
     */
    void addNoise(float[] seen, int seenAt) {
        FloatVector k = FloatVector.broadcast(F, kappa);
        for (int at = 0; at < n; at += LANES) {
            FloatVector y = fromArray(F, noisy, at);
            fromArray(F, seen, seenAt + at).sub(y).fma(k, y).intoArray(noisy, at);
        }
        for (int at = n; at < noisy.length; at += LANES) {
            FloatVector y = fromArray(F, noisy, at);
            fromArray(F, seen, seenAt + at)
                    .add(fromArray(F, noisy, at - n))
                    .sub(y)
                    .fma(k, y)
                    .intoArray(noisy, at);
        }
        int top = (depth - 1) * n;
        for (int at = 0; at < n; at += LANES) {
            fromArray(F, output, at).add(fromArray(F, noisy, top + at)).intoArray(output, at);
        }
    }

    /** Brings the error up to date with the output, and the bounds with both. */
    void evaluate(boolean correcting) {
        FloatVector c = FloatVector.zero(F);
        if (correcting) {
            for (int at = 0; at < n; at += LANES) {
                c = fromArray(F, direction, at).fma(fromArray(F, output, at), c);
            }
        }
        FloatVector share = FloatVector.broadcast(F, -1f).mul(c).mul(c);
        FloatVector leak = FloatVector.broadcast(F, -leakage);
        FloatVector squared = FloatVector.zero(F);
        FloatVector residual = squared;
        for (int at = 0; at < n; at += LANES) {
            FloatVector x = fromArray(F, output, at);
            squared = x.fma(x, squared);
            // Without defect correction the share is zero.
            FloatVector e = fromArray(F, defect, at).fma(share, fromArray(F, distance, at).sub(x));
            e.intoArray(error, at);
            FloatVector g = fromArray(F, u, at).fma(leak, e);
            residual = g.fma(g, residual);
        }
        // Unlike a comparison, the operator keeps an undefined number.
        fromArray(F, largestOutput, 0)
                .lanewise(VectorOperators.MAX, squared)
                .intoArray(largestOutput, 0);
        fromArray(F, largestResidual, 0)
                .lanewise(VectorOperators.MAX, residual)
                .intoArray(largestResidual, 0);
    }

    /** {@code ||u^(L) - u^(0)|| / ||u^(0)||} of a lane at the current point. */
    public double lag(int lane) {
        double difference = 0;
        double norm = 0;
        for (int j = 0; j < outputs; j++) {
            double first = lagged[j * LANES + lane];
            double d = lagged[depth * n + j * LANES + lane] - first;
            difference += d * d;
            norm += first * first;
        }
        return difference == 0 ? 0 : Math.sqrt(difference / norm);
    }

    /**
     * Takes the run's output at its last point as the direction of the next run's defect
     * correction.
     */
    public void setDefectDirection() {
        for (int lane = 0; lane < LANES; lane++) {
            double squared = 0;
            for (int j = 0; j < outputs; j++) {
                squared += (double) output(j, lane) * output(j, lane);
            }
            for (int j = 0; j < outputs; j++) {
                direction[j * LANES + lane] =
                        squared == 0 ? 0 : (float) (output(j, lane) / squared);
            }
        }
    }
}
