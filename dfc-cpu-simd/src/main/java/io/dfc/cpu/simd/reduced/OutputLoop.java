package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.kernel.Simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import java.util.Arrays;

/**
 * The controlled loop in output space (see {@link OutputSpace}) for some samples side by side, one
 * to a lane of one or more vectors: every array holds such lanes, [..., lanes].
 *
 * <p>Filters and the constant gains commute, so the output is {@code p_L = sum_i J_i Q_i u^(L-i+1)}
 * with the control filtered {@code q} times, {@code u^(q)}: one product per step in place of a
 * chain of them.
 */
public final class OutputLoop {
    /** Bytes of gains that leave the first-level cache room for the rest. */
    private static final int GAIN_BYTES = 1 << 14;

    /** Number of samples side by side, a multiple of the vector's length. */
    public final int lanes;

    private final int depth;
    private final int outputs;

    /** {@code n_L} numbers of every lane. */
    private final int n;

    private final LoopController controller;
    private final boolean instantTransmission;
    private final float leakage;
    private final float kappa;

    private final LoopGains gains;

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
    public final float[] largestOutput;

    public final float[] largestResidual;

    // Of the probe: largest squared norms of the control in two quarters, and whether the loop is
    // stable.
    private final float[] early;
    private final float[] late;
    private final boolean[] stable;

    /** A loop of as many samples as a vector has lanes. */
    public OutputLoop(
            ProportionalIntegralController controller, Dynamics dynamics, int depth, int outputs) {
        this(controller, dynamics, depth, outputs, LANES);
    }

    /**
     * A loop.
     *
     * @param lanes number of samples, a multiple of the vector's length
     */
    public OutputLoop(
            ProportionalIntegralController controller,
            Dynamics dynamics,
            int depth,
            int outputs,
            int lanes) {
        this.lanes = lanes;
        this.depth = depth;
        this.outputs = outputs;
        n = Math.multiplyExact(outputs, lanes);
        largestOutput = new float[lanes];
        largestResidual = new float[lanes];
        early = new float[lanes];
        late = new float[lanes];
        stable = new boolean[lanes];
        this.controller = new LoopController(controller, dynamics);
        instantTransmission = dynamics.instantTransmission();
        leakage = (float) controller.leakage();
        kappa = (float) dynamics.somaticRate();
        gains = new LoopGains(depth, outputs, lanes);
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
        moments = new LoopMoments(outputs, lanes);
    }

    /**
     * The loops of a tile, whose samples go one after the other into the lanes of a loop and then
     * of the next. A step is a chain of short operations that wait for each other, so that a loop
     * has as many vectors as keep its gains in the first-level cache.
     */
    public static OutputLoop[] ofTile(
            ProportionalIntegralController controller, Dynamics dynamics, int depth, int outputs) {
        int lanes = LANES;
        while (2 * lanes <= Simd.TILE
                && (long) 2 * lanes * depth * outputs * outputs * Float.BYTES <= GAIN_BYTES) {
            lanes *= 2;
        }
        OutputLoop[] loops = new OutputLoop[Simd.TILE / lanes];
        for (int b = 0; b < loops.length; b++) {
            loops[b] = new OutputLoop(controller, dynamics, depth, outputs, lanes);
        }
        return loops;
    }

    /** Takes {@code J_i Q_i} of a lane, row-major with rows {@code stride} apart. */
    public void setGain(int layer, int lane, float[] product, int at, int stride) {
        gains.set(layer, lane, product, at, stride);
    }

    /** Takes {@code J_i Q_i} of a lane, row-major [n_L, n_L]. */
    public void setGain(int layer, int lane, double[] product) {
        gains.set(layer, lane, product);
    }

    /** Switches a lane off. */
    public void clearGain(int lane) {
        gains.clear(lane);
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
        return output[j * lanes + lane];
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
        Arrays.fill(distance, 0f);
        Arrays.fill(error, 0f);
        for (int j = 0; j < outputs; j++) {
            float start = (float) OutputSpace.probeStart(j);
            Arrays.fill(integral, j * lanes, (j + 1) * lanes, start);
            Arrays.fill(u, j * lanes, (j + 1) * lanes, start);
        }
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
        for (int lane = 0; lane < lanes; lane++) {
            stable[lane] = OutputSpace.isStable(early[lane], late[lane]);
        }
        return stable;
    }

    private void raise(float[] largest) {
        for (int v = 0; v < lanes; v += LANES) {
            FloatVector sum = FloatVector.zero(F);
            for (int at = v; at < n; at += lanes) {
                FloatVector x = fromArray(F, u, at);
                sum = x.fma(x, sum);
            }
            fromArray(F, largest, v).lanewise(VectorOperators.MAX, sum).intoArray(largest, v);
        }
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
            filterAll();
        } else {
            // Downwards, every filter but the first still finds the old value before it.
            for (int q = depth; q > 0; q--) {
                filter(q * n, (q + 1) * n);
            }
        }
        gains.multiply(lagged, n, output);
    }

    /** All filters, each of which takes what the one before it has just given. */
    private void filterAll() {
        FloatVector k = FloatVector.broadcast(F, kappa);
        int end = lagged.length;
        for (int first = 0; first < n; first += LANES) {
            FloatVector x = fromArray(F, lagged, first);
            for (int at = first + n; at < end; at += n) {
                // What comes from around a loop is no receiver: its class is not known at once.
                FloatVector y = fromArray(F, lagged, at);
                x = y.neg().add(x).fma(k, y);
                x.intoArray(lagged, at);
            }
        }
    }

    private void filter(int from, int to) {
        FloatVector k = FloatVector.broadcast(F, kappa);
        for (int at = from; at < to; at += LANES) {
            FloatVector y = fromArray(F, lagged, at);
            fromArray(F, lagged, at - n).sub(y).fma(k, y).intoArray(lagged, at);
        }
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
        for (int v = 0; v < lanes; v += LANES) {
            evaluate(v, correcting);
        }
    }

    private void evaluate(int v, boolean correcting) {
        FloatVector c = FloatVector.zero(F);
        if (correcting) {
            for (int at = v; at < n; at += lanes) {
                c = fromArray(F, direction, at).fma(fromArray(F, output, at), c);
            }
        }
        FloatVector share = FloatVector.broadcast(F, -1f).mul(c).mul(c);
        FloatVector leak = FloatVector.broadcast(F, -leakage);
        FloatVector squared = FloatVector.zero(F);
        FloatVector residual = squared;
        for (int at = v; at < n; at += lanes) {
            FloatVector x = fromArray(F, output, at);
            squared = x.fma(x, squared);
            // Without defect correction the share is zero.
            FloatVector e = fromArray(F, defect, at).fma(share, fromArray(F, distance, at).sub(x));
            e.intoArray(error, at);
            FloatVector g = fromArray(F, u, at).fma(leak, e);
            residual = g.fma(g, residual);
        }
        // Unlike a comparison, the operator keeps an undefined number.
        fromArray(F, largestOutput, v)
                .lanewise(VectorOperators.MAX, squared)
                .intoArray(largestOutput, v);
        fromArray(F, largestResidual, v)
                .lanewise(VectorOperators.MAX, residual)
                .intoArray(largestResidual, v);
    }

    /** {@code ||u^(L) - u^(0)|| / ||u^(0)||} of a lane at the current point. */
    public double lag(int lane) {
        double difference = 0;
        double norm = 0;
        for (int j = 0; j < outputs; j++) {
            double first = lagged[j * lanes + lane];
            double d = lagged[depth * n + j * lanes + lane] - first;
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
        for (int lane = 0; lane < lanes; lane++) {
            double squared = 0;
            for (int j = 0; j < outputs; j++) {
                squared += (double) output(j, lane) * output(j, lane);
            }
            for (int j = 0; j < outputs; j++) {
                direction[j * lanes + lane] =
                        squared == 0 ? 0 : (float) (output(j, lane) / squared);
            }
        }
    }
}
