package io.dfc.api.testkit.agreement;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.ProportionalIntegralController.Leak;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.testkit.scenario.Matrices;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Second moments of the noisy loop of one sample, linearised at its feedforward pass, by the
 * recursion of mean and covariance of its whole state: {@code m' = A m + f}, {@code C' = A C A^T +
 * B B^T}, with every voltage of every neuron in the state. Written for the test kit, from the
 * definition of the dynamics; what is expected of {@link FeedbackPlasticity.Estimator#EXPECTED}.
 */
public final class NoisyLoopCovariance {
    private final Network network;
    private final double[][][] w;
    private final double[][][] q;
    private final double[][] slopes;
    private final Dynamics dynamics;
    private final ProportionalIntegralController controller;
    private final ApicalNoise noise;
    private final double lowPass;
    private final double[] distance;
    private final int neurons;
    private final int outputs;

    /**
     * The loop of a sample.
     *
     * @param slopes {@code phi_i'(v_i^-)}
     * @param distance output target less output of the feedforward pass
     */
    public NoisyLoopCovariance(
            Network network,
            Parameters parameters,
            LoopPhase phase,
            double[][] slopes,
            double[] distance) {
        this.network = network;
        this.slopes = slopes;
        this.distance = distance;
        w = matrices(network, i -> Matrices.of(parameters.weights().get(i)));
        q = matrices(network, i -> Matrices.of(parameters.feedback().get(i)));
        dynamics = phase.dynamics();
        controller = (ProportionalIntegralController) phase.controller();
        noise = phase.noise().orElseThrow();
        lowPass = phase.feedbackPlasticity().orElseThrow().highPass().orElse(0);
        neurons = network.neurons();
        outputs = network.outputs();
    }

    private static double[][][] matrices(Network network, IntFunction<double[][]> layer) {
        double[][][] all = new double[network.depth()][][];
        for (int i = 0; i < all.length; i++) {
            all[i] = layer.apply(i);
        }
        return all;
    }

    /**
     * The loop's variables, all deviations from the feedforward pass, in one array: somatic
     * voltages, apical voltages, filtered noise, then control, its integral and what is low-passed
     * of it.
     */
    private int size() {
        return 3 * neurons + 3 * outputs;
    }

    /** One time step of the linearised loop. */
    private double[] step(double[] x, double[] xi, double[] towards) {
        double[] next = x.clone();
        int u = 3 * neurons;
        int last = network.depth() - 1;
        int top = neurons - outputs;
        double[] drive = new double[outputs];
        for (int j = 0; j < outputs; j++) {
            double error = towards[j] - slopes[last][j] * x[top + j];
            double leaking = controller.leak() == Leak.TOTAL ? x[u + j] : x[u + outputs + j];
            double integral =
                    x[u + outputs + j]
                            + dynamics.timeStep() * (error - controller.leakageRate() * leaking);
            double control = integral + controller.proportionalGain() * error;
            next[u + j] = control;
            next[u + outputs + j] = integral;
            next[u + 2 * outputs + j] += lowPass * (control - x[u + 2 * outputs + j]);
            drive[j] = dynamics.proactive() ? control : x[u + j];
        }
        int first = 0;
        for (int i = 0; i <= last; i++) {
            for (int n = 0; n < network.size(i); n++) {
                int at = first + n;
                double fed = 0;
                for (int j = 0; j < outputs; j++) {
                    fed += q[i][n][j] * drive[j];
                }
                double added = noise.step(i, network.depth(), dynamics) * xi[at];
                double apicalRate = dynamics.timeStep() / dynamics.apicalTimeConstant();
                next[neurons + at] += apicalRate * (fed - x[neurons + at]);
                if (noise.isFiltered()) {
                    double kept = 1 - dynamics.timeStep() / noise.timeConstant().getAsDouble();
                    next[2 * neurons + at] = kept * x[2 * neurons + at] + added;
                } else {
                    next[neurons + at] += added;
                }
                double basal = 0;
                if (i > 0) {
                    int below = first - network.size(i - 1);
                    double[] seen = dynamics.instantTransmission() ? next : x;
                    for (int m = 0; m < network.size(i - 1); m++) {
                        basal += w[i][n][m] * slopes[i - 1][m] * seen[below + m];
                    }
                }
                double input = basal + next[neurons + at] + next[2 * neurons + at];
                double rate =
                        dynamics.instantSystem()
                                ? 1
                                : dynamics.timeStep() / dynamics.timeConstantRatio();
                next[at] = x[at] + rate * (input - x[at]);
            }
            first += network.size(i);
        }
        return next;
    }

    private static double[] unit(int size, int at) {
        double[] x = new double[size];
        x[at] = 1;
        return x;
    }

    /**
     * The sum over time points of apical voltages times the next control signal, high-passed if the
     * plasticity says so, in expectation.
     *
     * @return per layer, [n_i, n_L]
     */
    public double[][][] correlation() {
        int size = size();
        double[] still = new double[outputs];
        double[][] a = new double[size][size];
        for (int c = 0; c < size; c++) {
            double[] column = step(unit(size, c), new double[neurons], still);
            for (int r = 0; r < size; r++) {
                a[r][c] = column[r];
            }
        }
        double[][] b = new double[size][neurons];
        for (int c = 0; c < neurons; c++) {
            double[] column = step(new double[size], unit(neurons, c), still);
            for (int r = 0; r < size; r++) {
                b[r][c] = column[r];
            }
        }
        double[][] entering = Matrices.times(b, Matrices.transposed(b));
        double[][] transition = Matrices.transposed(a);
        double[][] covariance = new double[size][size];
        double[] mean = new double[size];
        double[][] sum = new double[neurons][outputs];
        for (int k = 0; k < dynamics.steps(); k++) {
            // The noise of a step does not reach the control signal of the same step.
            double[][] next = Matrices.times(covariance, transition);
            double[] later = step(mean, new double[neurons], distance);
            startFilter(k, later);
            for (int n = 0; n < neurons; n++) {
                for (int j = 0; j < outputs; j++) {
                    int u = 3 * neurons + j;
                    int low = u + 2 * outputs;
                    int at = neurons + n;
                    int z = 2 * neurons + n;
                    sum[n][j] += next[at][u] - next[at][low] + next[z][u] - next[z][low];
                    sum[n][j] += (mean[at] + mean[z]) * (later[u] - later[low]);
                }
            }
            covariance = Matrices.plus(Matrices.times(a, next), entering);
            mean = later;
        }
        return parted(sum);
    }

    /** The filter begins at the first control signal. */
    private void startFilter(int step, double[] x) {
        if (step == 0 && lowPass > 0) {
            System.arraycopy(x, 3 * neurons, x, 3 * neurons + 2 * outputs, outputs);
        }
    }

    private double[][][] parted(double[][] rows) {
        double[][][] layers = new double[network.depth()][][];
        int first = 0;
        for (int i = 0; i < layers.length; i++) {
            layers[i] = Arrays.copyOfRange(rows, first, first + network.size(i));
            first += network.size(i);
        }
        return layers;
    }
}
