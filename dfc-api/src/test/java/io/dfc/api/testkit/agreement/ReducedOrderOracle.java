package io.dfc.api.testkit.agreement;

import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.scenario.LoopCase;
import io.dfc.api.testkit.scenario.Matrices;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What {@link ReducedOrderLoop} makes of a minibatch: the updates in their three forms with the
 * error that each is estimated to have, and the gradient of the feedback weights.
 */
public final class ReducedOrderOracle {
    /** Floor of the deviation by whose square feedback gradients are divided. */
    private static final double SMALLEST_SIGMA = 0.01;

    private final LoopCase c;
    private final int depth;
    private final int samples;

    /**
     * Begins with a case.
     *
     * @param c the case, whose output target is not used by {@link #feedback}
     */
    public ReducedOrderOracle(LoopCase c) {
        this.c = c;
        depth = c.network().depth();
        samples = c.minibatch().samples();
    }

    /**
     * An update in one form.
     *
     * @param layers per layer, weights row-major, then biases if there are any
     * @param estimates estimated relative error of the worst layer: first with norms of weights and
     *     biases, then of weights alone, which the description leaves open
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Form(double[][] layers, double[] estimates) {}

    /**
     * The update in all forms: linear, after a nonlinear pass, after repair and pass.
     *
     * @param mode which time points enter it
     * @return the forms, in this order
     */
    public List<Form> control(ForwardPlasticity.Mode mode) {
        boolean last = mode == ForwardPlasticity.Mode.LAST_STATE;
        double[][] linear = zeros();
        double[][] passed = zeros();
        double[][] repaired = zeros();
        double lag = 0;
        double[] moments = new double[4];
        for (int s = 0; s < samples; s++) {
            ReducedOrderLoop loop = loop(s);
            double[] distance = distance(loop, s);
            ReducedOrderLoop.Run first = loop.run(distance, null, null);
            ReducedOrderLoop.Recovered of = loop.recover(first);
            double[] defect = Matrices.minus(of.lastPass().rates()[depth - 1], first.output());
            ReducedOrderLoop.Run second = loop.run(distance, defect, first.output());
            ReducedOrderLoop.Recovered ofSecond = loop.recover(second);
            for (int i = 0; i < depth; i++) {
                double[] difference = (last ? of.last() : of.mean())[i];
                add(linear[i], scaled(difference, loop.slope[i]), loop.r[i]);
                add(passed[i], i, last ? of.lastPass() : of.meanPass(), loop);
                add(repaired[i], i, last ? ofSecond.lastPass() : ofSecond.meanPass(), loop);
            }
            lag = Math.max(lag, second.lag());
            moments[0] += second.controlVariance();
            moments[1] += second.controlMean();
            moments[2] += second.outputVariance();
            moments[3] += second.outputMean();
        }
        double variation = quotient(moments[0], moments[1]) + quotient(moments[2], moments[3]);
        return forms(linear, passed, repaired, last, last ? lag : variation);
    }

    private List<Form> forms(
            double[][] linear,
            double[][] passed,
            double[][] repaired,
            boolean last,
            double spread) {
        double[] all = estimates(linear, passed, repaired, last, spread);
        double[] ofWeights =
                estimates(weights(linear), weights(passed), weights(repaired), last, spread);
        return List.of(
                new Form(linear, new double[] {all[0], ofWeights[0]}),
                new Form(passed, new double[] {all[1], ofWeights[1]}),
                new Form(repaired, new double[] {all[2], ofWeights[2]}));
    }

    private double[][] weights(double[][] layers) {
        double[][] out = new double[depth][];
        for (int i = 0; i < depth; i++) {
            out[i] = Arrays.copyOf(layers[i], c.network().size(i) * c.network().fanIn(i));
        }
        return out;
    }

    private double[] estimates(
            double[][] linear,
            double[][] passed,
            double[][] repaired,
            boolean last,
            double spread) {
        double[] e1 = new double[depth];
        double[] e2 = new double[depth];
        double worst = 0;
        for (int i = 0; i < depth; i++) {
            double norm = Matrices.norm(repaired[i]);
            e1[i] = quotient(Matrices.norm(Matrices.minus(linear[i], repaired[i])), norm);
            e2[i] = quotient(Matrices.norm(Matrices.minus(passed[i], repaired[i])), norm);
            worst = Math.max(worst, e1[i]);
        }
        double[] estimates = new double[3];
        for (int i = 0; i < depth; i++) {
            double afterPass = 3 * (e2[i] + spread * e1[i]);
            double afterRepair = last ? afterPass : 3 * (e2[i] + (spread + worst) * e1[i]);
            estimates[0] = Math.max(estimates[0], 2 * (e1[i] + e2[i]));
            estimates[1] = Math.max(estimates[1], afterPass);
            estimates[2] = Math.max(estimates[2], afterRepair);
        }
        return estimates;
    }

    /**
     * The gradient of the feedback weights from recorded noise: per layer, row-major.
     *
     * @param noise per layer, [steps, samples, n_i]
     * @param hidden standard deviation in hidden layers
     * @param output the same in the output layer
     * @return the gradient before clipping
     */
    public double[][] feedback(List<Tensor> noise, double hidden, double output) {
        int steps = c.dynamics().timePoints() - 1;
        double scale = 1 / Math.pow(Math.max(hidden, SMALLEST_SIGMA), 2);
        double factor = scale / ((double) steps * samples);
        double keep = 1 - c.dynamics().timeStep() / c.dynamics().apicalTimeConstant();
        double drive = Math.sqrt(c.dynamics().timeStep()) / c.dynamics().apicalTimeConstant();
        double[][] gradient = new double[depth][];
        for (int i = 0; i < depth; i++) {
            gradient[i] = new double[c.network().size(i) * c.network().outputs()];
        }
        for (int s = 0; s < samples; s++) {
            ReducedOrderLoop loop = loop(s);
            ReducedOrderLoop.State state = loop.new State();
            double[][] apical = new double[depth][];
            for (int i = 0; i < depth; i++) {
                apical[i] = new double[c.network().size(i)];
            }
            for (int t = 0; t < steps; t++) {
                double[] before = state.a.clone();
                double[] error = Matrices.minus(new double[before.length], state.output());
                state.control(error);
                double[][] seen = new double[depth][];
                for (int i = 0; i < depth; i++) {
                    // The apical voltage of the point before is paired with the control of this
                    // one.
                    addOuter(
                            gradient[i],
                            factor,
                            Matrices.plus(apical[i], Matrices.times(loop.q[i], before)),
                            state.u);
                    double sigma = i == depth - 1 ? output : hidden;
                    int width = apical[i].length;
                    for (int n = 0; n < width; n++) {
                        double xi = noise.get(i).get((t * samples + s) * width + n);
                        apical[i][n] = keep * apical[i][n] + sigma * drive * xi;
                    }
                    seen[i] = Matrices.times(loop.jacobian[i], apical[i]);
                }
                state.follow(seen);
            }
        }
        return gradient;
    }

    private ReducedOrderLoop loop(int s) {
        int inputs = c.network().inputs();
        double[] x = new double[inputs];
        for (int j = 0; j < inputs; j++) {
            x[j] = c.minibatch().inputs().get(s * inputs + j);
        }
        return new ReducedOrderLoop(c, x);
    }

    /** A step down the sample's own mean squared error. */
    private double[] distance(ReducedOrderLoop loop, int s) {
        Tensor targets = ((Targets.Values) c.minibatch().targets()).values();
        double[] output = loop.r[depth];
        double[] d = new double[output.length];
        for (int j = 0; j < d.length; j++) {
            double gradient = 2 * (output[j] - targets.get(s * d.length + j)) / d.length;
            d[j] = -c.nudge() * gradient;
        }
        return d;
    }

    private void add(double[] total, int i, ReducedOrderLoop.Pass pass, ReducedOrderLoop loop) {
        double[] presynaptic = i == 0 ? loop.r[0] : Matrices.plus(loop.r[i], pass.rates()[i - 1]);
        add(total, pass.signal()[i], presynaptic);
    }

    /** Adds a sample's share of an update: {@code -2 / B} times signal and presynaptic rates. */
    private void add(double[] total, double[] signal, double[] presynaptic) {
        double factor = -2.0 / samples;
        addOuter(total, factor, signal, presynaptic);
        if (c.network().bias()) {
            for (int n = 0; n < signal.length; n++) {
                total[signal.length * presynaptic.length + n] += factor * signal[n];
            }
        }
    }

    private static void addOuter(double[] total, double factor, double[] rows, double[] columns) {
        for (int n = 0; n < rows.length; n++) {
            for (int m = 0; m < columns.length; m++) {
                total[n * columns.length + m] += factor * rows[n] * columns[m];
            }
        }
    }

    private double[][] zeros() {
        List<double[]> layers = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            int size = c.network().size(i);
            layers.add(new double[size * (c.network().fanIn(i) + (c.network().bias() ? 1 : 0))]);
        }
        return layers.toArray(double[][]::new);
    }

    private static double[] scaled(double[] x, double[] factors) {
        double[] out = x.clone();
        for (int n = 0; n < out.length; n++) {
            out[n] *= factors[n];
        }
        return out;
    }

    private static double quotient(double a, double b) {
        return a == 0 ? 0 : a / b;
    }
}
