package io.dfc.api.testkit.agreement;

import io.dfc.api.control.ProportionalIntegralController.Leak;
import io.dfc.api.network.Activation;
import io.dfc.api.testkit.scenario.LoopCase;
import io.dfc.api.testkit.scenario.Matrices;

/**
 * The reduced-order loop of one sample of a {@link LoopCase} in float64: the network as a chain of
 * first-order filters between the control signal and the output. Written from the description of
 * the method for the test kit; it shares no code with a backend.
 *
 * <p>With deviations from the feedforward pass, {@code lag(x)} the filter {@code y += kappa (x -
 * y)}, {@code J_i} the derivative of the output with respect to the voltages of layer {@code i} and
 * {@code G_i = J_i Q_i}:
 *
 * <pre>{@code
 * e = d - p_L      u_int += dt (e - alpha u)      u = u_int + k_p e      a += kA (u - a)
 * p_i = lag(p_(i-1) + G_i a)
 * }</pre>
 */
final class ReducedOrderLoop {
    private final LoopCase c;
    private final int depth;
    private final int outputs;
    private final double kappa;
    private final double apicalRate;

    /** {@code v_i^-} and {@code r_i^-}; {@code r[0]} is the input. */
    final double[][] v;

    final double[][] r;

    /** {@code phi'_i(v_i^-)}. */
    final double[][] slope;

    /** {@code J_i}, [n_L, n_i]. */
    final double[][][] jacobian;

    /** {@code J_i Q_i}, [n_L, n_L]. */
    private final double[][][] gain;

    final double[][][] w;
    final double[][][] q;

    ReducedOrderLoop(LoopCase c, double[] input) {
        this.c = c;
        depth = c.network().depth();
        outputs = c.network().outputs();
        kappa =
                c.dynamics().instantSystem()
                        ? 1
                        : c.dynamics().timeStep() / c.dynamics().timeConstantRatio();
        apicalRate = c.dynamics().timeStep() / c.dynamics().apicalTimeConstant();
        w = new double[depth][][];
        q = new double[depth][][];
        v = new double[depth][];
        r = new double[depth + 1][];
        slope = new double[depth][];
        r[0] = input;
        for (int i = 0; i < depth; i++) {
            w[i] = Matrices.of(c.parameters().weights().get(i));
            q[i] = Matrices.of(c.parameters().feedback().get(i));
            v[i] = Matrices.times(w[i], r[i]);
            if (c.network().bias()) {
                v[i] = Matrices.plus(v[i], c.parameters().biases().get(i).toDoubles());
            }
            r[i + 1] = new double[v[i].length];
            slope[i] = new double[v[i].length];
            for (int n = 0; n < v[i].length; n++) {
                r[i + 1][n] = rate(i, v[i][n]);
                slope[i][n] = slope(i, v[i][n]);
            }
        }
        jacobian = new double[depth][][];
        gain = new double[depth][][];
        double[][] above = Matrices.identity(outputs);
        for (int i = depth - 1; i >= 0; i--) {
            jacobian[i] = Matrices.columnsScaled(above, slope[i]);
            gain[i] = Matrices.times(jacobian[i], q[i]);
            above = Matrices.times(jacobian[i], w[i]);
        }
    }

    private double rate(int layer, double x) {
        return switch (c.network().activation(layer)) {
            case Activation.Tanh t -> Math.tanh(x);
            case Activation.Sigmoid s -> 1 / (1 + Math.exp(-x));
            case Activation.Linear l -> x;
            case Activation.Relu l -> Math.max(x, 0);
            case Activation.LeakyRelu l -> x < 0 ? l.slope() * x : x;
        };
    }

    private double slope(int layer, double x) {
        double y = rate(layer, x);
        return switch (c.network().activation(layer)) {
            case Activation.Tanh t -> 1 - y * y;
            case Activation.Sigmoid s -> y * (1 - y);
            case Activation.Linear l -> 1;
            case Activation.Relu l -> x < 0 ? 0 : 1;
            case Activation.LeakyRelu l -> x < 0 ? l.slope() : 1;
        };
    }

    /** {@code phi_i(v + from + change) - phi_i(v + from)}. */
    private double[] change(int layer, double[] from, double[] change) {
        double[] out = new double[change.length];
        for (int n = 0; n < out.length; n++) {
            double start = v[layer][n] + from[n];
            out[n] = rate(layer, start + change[n]) - rate(layer, start);
        }
        return out;
    }

    /** The loop's state, advanced step by step. */
    final class State {
        final double[] u = new double[outputs];
        private final double[] integral = new double[outputs];

        /** What reaches the apical compartments. */
        final double[] a = new double[outputs];

        /** Output deviation through the layers up to each. */
        final double[][] p = new double[depth][outputs];

        double[] output() {
            return p[depth - 1];
        }

        void control(double[] error) {
            var controller = c.controller();
            for (int j = 0; j < outputs; j++) {
                double old = u[j];
                double leaking = controller.leak() == Leak.TOTAL ? old : integral[j];
                integral[j] +=
                        c.dynamics().timeStep() * (error[j] - controller.leakageRate() * leaking);
                u[j] = integral[j] + controller.proportionalGain() * error[j];
                a[j] += apicalRate * ((c.dynamics().proactive() ? u[j] : old) - a[j]);
            }
        }

        /**
         * Lets the layers follow.
         *
         * @param noise what noise adds to the input of each filter
         */
        void follow(double[][] noise) {
            for (int i = 0; i < depth; i++) {
                double[] drive = Matrices.plus(Matrices.times(gain[i], a), noise[i]);
                if (i > 0) {
                    drive = Matrices.plus(drive, p[i - 1]);
                }
                for (int j = 0; j < outputs; j++) {
                    p[i][j] = (1 - kappa) * p[i][j] + kappa * drive[j];
                }
            }
        }
    }

    /**
     * A run from the feedforward pass to the horizon.
     *
     * @param output {@code p_L} at the last point
     * @param applied sum of {@code a} over time
     * @param lagged {@code a} at the last point, filtered 0 to L times
     * @param controlVariance variance of {@code u} over time, and below its squared mean, both
     *     summed over components; then the same of {@code p_L}
     */
    record Run(
            double[] output,
            double[] applied,
            double[][] lagged,
            double controlVariance,
            double controlMean,
            double outputVariance,
            double outputMean) {
        /** {@code ||u^(L) - u^(0)|| / ||u^(0)||} at the last point. */
        double lag() {
            double[] last = lagged[lagged.length - 1];
            double difference = Matrices.norm(Matrices.minus(last, lagged[0]));
            return difference == 0 ? 0 : difference / Matrices.norm(lagged[0]);
        }
    }

    /**
     * Runs the loop.
     *
     * @param distance {@code d}
     * @param defect the output's second-order part at the last point of an earlier run; null in a
     *     first run
     * @param before {@code p_L} at the last point of that run
     */
    Run run(double[] distance, double[] defect, double[] before) {
        int points = c.dynamics().timePoints();
        State state = new State();
        double[] applied = new double[outputs];
        double[][] lagged = new double[depth + 1][outputs];
        double[][] controls = new double[points][outputs];
        double[][] deviations = new double[points][outputs];
        double[][] silence = new double[depth][outputs];
        for (int t = 1; t < points; t++) {
            double[] error = Matrices.minus(distance, state.output());
            if (before != null && Matrices.dot(before, before) > 0) {
                double share = Matrices.dot(state.output(), before) / Matrices.dot(before, before);
                for (int j = 0; j < outputs; j++) {
                    error[j] -= defect[j] * share * share;
                }
            }
            state.control(error);
            state.follow(silence);
            applied = Matrices.plus(applied, state.a);
            lagged[0] = state.a.clone();
            for (int k = 1; k <= depth; k++) {
                for (int j = 0; j < outputs; j++) {
                    lagged[k][j] = (1 - kappa) * lagged[k][j] + kappa * lagged[k - 1][j];
                }
            }
            controls[t] = state.u.clone();
            deviations[t] = state.output().clone();
        }
        return new Run(
                state.output().clone(),
                applied,
                lagged,
                Matrices.variance(controls),
                Matrices.squaredMean(controls),
                Matrices.variance(deviations),
                Matrices.squaredMean(deviations));
    }

    /**
     * Somatic minus basal voltages that follow from a run, and the nonlinear passes with them.
     *
     * @param mean per layer, the mean over the time points
     * @param last per layer, the last point
     * @param meanPass nonlinear pass at the means
     * @param lastPass nonlinear pass at the last point
     */
    record Recovered(double[][] mean, double[][] last, Pass meanPass, Pass lastPass) {}

    /**
     * A nonlinear pass.
     *
     * @param signal postsynaptic factor of each layer
     * @param rates deviation of the rates of each layer
     */
    record Pass(double[][] signal, double[][] rates) {}

    Recovered recover(Run run) {
        double[][] mean = new double[depth][];
        double[][] last = new double[depth][];
        int points = c.dynamics().timePoints();
        for (int i = 0; i < depth; i++) {
            double[] atEnd = voltage(run, i, 0);
            last[i] =
                    i == 0
                            ? atEnd
                            : Matrices.minus(atEnd, throughWeights(i, voltage(run, i - 1, 0)));
            double[] drive = Matrices.times(q[i], run.applied());
            mean[i] = new double[drive.length];
            for (int n = 0; n < drive.length; n++) {
                mean[i][n] = (drive[n] - (1 - kappa) / kappa * atEnd[n]) / points;
            }
        }
        return new Recovered(mean, last, pass(mean), pass(last));
    }

    /** Linear deviation of a voltage at the last point, filtered some times more. */
    private double[] voltage(Run run, int layer, int more) {
        double[] driven = Matrices.times(q[layer], run.lagged()[more + 1]);
        return layer == 0
                ? driven
                : Matrices.plus(driven, throughWeights(layer, voltage(run, layer - 1, more + 1)));
    }

    private double[] throughWeights(int layer, double[] below) {
        double[] scaled = below.clone();
        for (int n = 0; n < scaled.length; n++) {
            scaled[n] *= slope[layer - 1][n];
        }
        return Matrices.times(w[layer], scaled);
    }

    private Pass pass(double[][] difference) {
        double[][] signal = new double[depth][];
        double[][] rates = new double[depth][];
        for (int i = 0; i < depth; i++) {
            double[] basal = i == 0 ? new double[v[0].length] : Matrices.times(w[i], rates[i - 1]);
            signal[i] = change(i, basal, difference[i]);
            rates[i] = change(i, new double[basal.length], Matrices.plus(basal, difference[i]));
        }
        return new Pass(signal, rates);
    }
}
