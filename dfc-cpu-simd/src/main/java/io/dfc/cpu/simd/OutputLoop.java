package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;
import static io.dfc.cpu.simd.Simd.load;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.spi.OutputSpace;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import java.util.Arrays;

/**
 * The controlled loop in output space (see {@link OutputSpace}) for as many samples as a vector has
 * lanes, one sample to a lane: every array holds vectors, [..., lanes].
 */
final class OutputLoop {
    private static final int BLOCK = 4;

    private final int depth;
    private final int outputs;
    private final int n;
    private final boolean total;
    private final boolean proactive;
    private final boolean instantApical;
    private final float timeStep;
    private final float gain;
    private final float alpha;
    private final float leakage;
    private final float apicalRate;
    private final float kappa;

    /** {@code J_i Q_i}, [depth, n_L, n_L, lanes]. */
    final float[] gains;

    /** Distance to the target, [n_L, lanes]. */
    final float[] distance;

    /** Second-order part of the output at the last point of an earlier run. */
    final float[] defect;

    /** Output of that run at its last point over its squared norm. */
    final float[] direction;

    final float[] u;
    private final float[] integral;
    final float[] error;

    /** What drives the apical compartments. */
    final float[] applied;

    /** {@code p_i}, [depth, n_L, lanes]. */
    private final float[] p;

    final float[] sumApplied;

    /** {@code applied}, filtered once, twice ... at the current point; [depth + 1, n_L, lanes]. */
    final float[] lagged;

    private final float[] moments;

    /** Largest squared norm of the output, and of {@code e - alpha u}, over time; [lanes] each. */
    final float[] largestOutput = new float[LANES];

    final float[] largestResidual = new float[LANES];

    OutputLoop(
            ProportionalIntegralController controller, Dynamics dynamics, int depth, int outputs) {
        this.depth = depth;
        this.outputs = outputs;
        n = outputs * LANES;
        total = controller.leak() == ProportionalIntegralController.Leak.TOTAL;
        proactive = dynamics.proactive();
        instantApical = dynamics.apicalRate() == 1;
        timeStep = (float) dynamics.timeStep();
        gain = (float) controller.proportionalGain();
        alpha = (float) controller.leakageRate();
        leakage = (float) controller.leakage();
        apicalRate = (float) dynamics.apicalRate();
        kappa = (float) dynamics.somaticRate();
        gains = new float[Math.multiplyExact(depth * outputs, n)];
        distance = new float[n];
        defect = new float[n];
        direction = new float[n];
        u = new float[n];
        integral = new float[n];
        error = new float[n];
        applied = new float[n];
        p = new float[depth * n];
        sumApplied = new float[n];
        lagged = new float[(depth + 1) * n];
        moments = new float[4 * n];
    }

    /** Goes back to the feedforward pass; gains, distance, defect and direction stay. */
    void reset() {
        for (float[] x : new float[][] {u, integral, applied, p, sumApplied, lagged, moments}) {
            Arrays.fill(x, 0f);
        }
        Arrays.fill(largestOutput, 0f);
        Arrays.fill(largestResidual, 0f);
    }

    /** First element of the output in {@link #p}. */
    private int top() {
        return (depth - 1) * n;
    }

    /** Output deviation of a lane. */
    float output(int j, int lane) {
        return p[top() + j * LANES + lane];
    }

    /** Runs from the feedforward pass to the horizon. */
    void run(int steps, boolean repairing, boolean measuring) {
        reset();
        evaluate(repairing);
        for (int step = 0; step < steps; step++) {
            control();
            filter();
            propagate(null, 0);
            evaluate(repairing);
            bound();
            if (measuring) {
                measure();
            }
        }
    }

    /** Advances the control signal by the current error. */
    void control() {
        FloatVector dt = FloatVector.broadcast(F, timeStep);
        FloatVector kp = FloatVector.broadcast(F, gain);
        FloatVector leak = FloatVector.broadcast(F, -alpha);
        for (int at = 0; at < n; at += LANES) {
            FloatVector e = load(error, at);
            FloatVector before = load(u, at);
            FloatVector in = load(integral, at);
            in = leak.fma(total ? before : in, e).fma(dt, in);
            FloatVector now = kp.fma(e, in);
            in.intoArray(integral, at);
            now.intoArray(u, at);
            FloatVector drive = proactive ? now : before;
            if (!instantApical) {
                FloatVector a = load(applied, at);
                drive = drive.sub(a).fma(FloatVector.broadcast(F, apicalRate), a);
            }
            drive.intoArray(applied, at);
        }
    }

    /** Sums what is applied over time and keeps its filtered forms. */
    private void filter() {
        FloatVector k = FloatVector.broadcast(F, kappa);
        for (int at = 0; at < n; at += LANES) {
            FloatVector x = load(applied, at);
            load(sumApplied, at).add(x).intoArray(sumApplied, at);
            x.intoArray(lagged, at);
            for (int q = at + n; q < lagged.length; q += n) {
                FloatVector y = load(lagged, q);
                x = x.sub(y).fma(k, y);
                x.intoArray(lagged, q);
            }
        }
    }

    /**
     * Advances the filters.
     *
     * @param noise {@code J_i} times the noise of the apical voltages, [depth, n_L, lanes] from
     *     {@code noiseAt} on; null for none
     */
    void propagate(float[] noise, int noiseAt) {
        FloatVector k = FloatVector.broadcast(F, kappa);
        for (int i = 0; i < depth; i++) {
            int row = i * n;
            int j = 0;
            for (; j + BLOCK <= outputs; j += BLOCK) {
                fourRows(i, j, k, noise, noiseAt);
            }
            for (; j < outputs; j++) {
                int at = row + j * LANES;
                int from = at * outputs;
                FloatVector sum = i == 0 ? FloatVector.zero(F) : load(p, at - n);
                for (int c = 0; c < n; c += LANES) {
                    sum = load(gains, from + c).fma(load(applied, c), sum);
                }
                advance(at, sum, k, noise, noiseAt);
            }
        }
    }

    private void fourRows(int i, int j, FloatVector k, float[] noise, int noiseAt) {
        int at = i * n + j * LANES;
        int g0 = at * outputs;
        int g1 = g0 + n;
        int g2 = g1 + n;
        int g3 = g2 + n;
        FloatVector zero = FloatVector.zero(F);
        FloatVector s0 = i == 0 ? zero : load(p, at - n);
        FloatVector s1 = i == 0 ? zero : load(p, at - n + LANES);
        FloatVector s2 = i == 0 ? zero : load(p, at - n + 2 * LANES);
        FloatVector s3 = i == 0 ? zero : load(p, at - n + 3 * LANES);
        for (int c = 0; c < n; c += LANES) {
            FloatVector a = load(applied, c);
            s0 = load(gains, g0 + c).fma(a, s0);
            s1 = load(gains, g1 + c).fma(a, s1);
            s2 = load(gains, g2 + c).fma(a, s2);
            s3 = load(gains, g3 + c).fma(a, s3);
        }
        advance(at, s0, k, noise, noiseAt);
        advance(at + LANES, s1, k, noise, noiseAt);
        advance(at + 2 * LANES, s2, k, noise, noiseAt);
        advance(at + 3 * LANES, s3, k, noise, noiseAt);
    }

    private void advance(int at, FloatVector input, FloatVector k, float[] noise, int noiseAt) {
        FloatVector in = noise == null ? input : input.add(load(noise, noiseAt + at));
        FloatVector old = load(p, at);
        in.sub(old).fma(k, old).intoArray(p, at);
    }

    /** Brings the error up to date with the output. */
    void evaluate(boolean repairing) {
        int top = top();
        FloatVector c = FloatVector.zero(F);
        if (repairing) {
            for (int at = 0; at < n; at += LANES) {
                c = load(direction, at).fma(load(p, top + at), c);
            }
            c = c.mul(c).neg();
        }
        for (int at = 0; at < n; at += LANES) {
            FloatVector e = load(distance, at).sub(load(p, top + at));
            (repairing ? load(defect, at).fma(c, e) : e).intoArray(error, at);
        }
    }

    private void bound() {
        int top = top();
        FloatVector output = FloatVector.zero(F);
        FloatVector residual = output;
        FloatVector leak = FloatVector.broadcast(F, -leakage);
        for (int at = 0; at < n; at += LANES) {
            FloatVector x = load(p, top + at);
            output = x.fma(x, output);
            FloatVector g = leak.fma(load(u, at), load(error, at));
            residual = g.fma(g, residual);
        }
        // Unlike a comparison, the operator keeps an undefined number.
        output.lanewise(VectorOperators.MAX, load(largestOutput, 0)).intoArray(largestOutput, 0);
        residual.lanewise(VectorOperators.MAX, load(largestResidual, 0))
                .intoArray(largestResidual, 0);
    }

    private void measure() {
        int top = top();
        for (int at = 0; at < n; at += LANES) {
            FloatVector x = load(u, at);
            FloatVector y = load(p, top + at);
            load(moments, at).add(x).intoArray(moments, at);
            x.fma(x, load(moments, at + n)).intoArray(moments, at + n);
            load(moments, at + 2 * n).add(y).intoArray(moments, at + 2 * n);
            y.fma(y, load(moments, at + 3 * n)).intoArray(moments, at + 3 * n);
        }
    }

    /** Squared mean over the time points of the control (0) or the output (1) of a lane. */
    double squaredMean(int which, int lane, int points) {
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            double mean = moments[2 * which * n + j * LANES + lane] / points;
            sum += mean * mean;
        }
        return sum;
    }

    /** Variance over the time points of the control (0) or the output (1) of a lane. */
    double variance(int which, int lane, int points) {
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            sum += moments[(2 * which + 1) * n + j * LANES + lane] / (double) points;
        }
        return Math.max(0, sum - squaredMean(which, lane, points));
    }

    /** {@code ||u^(L) - u^(0)|| / ||u^(0)||} of a lane at the current point. */
    double lag(int lane) {
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

    /** Takes the run's output at its last point as the direction of the next run's repair. */
    void aim() {
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
