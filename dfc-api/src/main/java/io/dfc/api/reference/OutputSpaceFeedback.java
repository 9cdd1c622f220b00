package io.dfc.api.reference;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.network.Network;
import io.dfc.api.spi.OutputSpace;

/**
 * The noisy feedback loop in output space: the controller sees the noise only as {@code J_i
 * noise_i}. The sums {@code sum_k vfb_i[k] u[k+1]^T} are exact for the control signal that the
 * small loop gives.
 */
final class OutputSpaceFeedback {
    private final ParameterArrays parameters;
    private final Network network;
    private final FeedbackRule.NormalController rule;
    private final Dynamics dynamics;
    private final NoiseSource noise;
    private final int outputs;

    /** {@code sum_k vfb_i[k] u[k+1]^T} per layer, [n_i, n_L], over the samples added so far. */
    final double[][] sums;

    private boolean tame = true;

    OutputSpaceFeedback(
            ParameterArrays parameters, FeedbackRule.NormalController rule, NoiseSource noise) {
        this.parameters = parameters;
        this.network = parameters.network;
        this.rule = rule;
        this.dynamics = rule.dynamics();
        this.noise = noise;
        outputs = network.outputs();
        sums = Buffers.perLayer(network, outputs);
    }

    /** Adds a sample. */
    void add(int s, Activity sample, ControlError.Distance target) {
        int depth = network.depth();
        Jacobian jacobian = new Jacobian(parameters, sample, Buffers.perLayer(network, 1));
        OutputLoop loop =
                new OutputLoop(
                        (ProportionalIntegralController) rule.controller(),
                        dynamics,
                        jacobian.timesFeedbackPerLayer());
        double[][] apical = Buffers.perLayer(network, 1);
        double[][] seen = new double[depth][outputs];
        double[] products = new double[outputs * outputs];
        double[] before = new double[outputs];
        double outputNorm = Buffers.norm(sample.output(), 0, outputs);
        evaluate(loop, target);
        for (int step = 0; step < dynamics.steps(); step++) {
            System.arraycopy(loop.applied, 0, before, 0, outputs);
            loop.control();
            for (int i = 0; i < depth; i++) {
                int size = network.size(i);
                Buffers.addOuter(sums[i], 1, apical[i], 0, size, loop.u, 0, outputs);
                addNoise(apical[i], i, step, s);
                multiply(jacobian.blocks[i], apical[i], seen[i]);
            }
            Buffers.addOuter(products, 1, before, 0, outputs, loop.u, 0, outputs);
            loop.propagate(seen);
            evaluate(loop, target);
            tame &= Buffers.norm(loop.output(), 0, outputs) <= outputNorm;
        }
        for (int i = 0; i < depth; i++) {
            addFeedback(i, products);
        }
    }

    /** Whether no output strayed further than its own size. */
    boolean isTame() {
        return tame;
    }

    private void evaluate(OutputLoop loop, ControlError.Distance target) {
        target.evaluate(loop.output(), outputs, loop.error);
    }

    private void addNoise(double[] apical, int i, int step, int s) {
        double sigma = rule.noise().sigma(i, network.depth());
        double[] xi = new double[apical.length];
        noise.fill(step, i, s, xi, 0);
        double factor = sigma * Math.sqrt(dynamics.timeStep()) / dynamics.apicalTimeConstant();
        double keep = 1 - dynamics.apicalRate();
        for (int n = 0; n < apical.length; n++) {
            apical[n] = keep * apical[n] + factor * xi[n];
        }
    }

    private void multiply(double[] block, double[] x, double[] out) {
        for (int j = 0; j < outputs; j++) {
            double sum = 0;
            for (int n = 0; n < x.length; n++) {
                sum += block[j * x.length + n] * x[n];
            }
            out[j] = sum;
        }
    }

    /** Adds {@code Q_i sum_k a[k] u[k+1]^T}. */
    private void addFeedback(int i, double[] products) {
        for (int n = 0; n < network.size(i); n++) {
            for (int j = 0; j < outputs; j++) {
                double q = parameters.q[i][n * outputs + j];
                for (int k = 0; k < outputs; k++) {
                    sums[i][n * outputs + k] += q * products[j * outputs + k];
                }
            }
        }
    }

    /**
     * Estimated relative error of the worst layer.
     *
     * @param exact the sums over the same samples from simulation
     */
    double estimate(double[][] exact) {
        double worst = 0;
        for (int i = 0; i < sums.length; i++) {
            double difference = 0;
            for (int k = 0; k < sums[i].length; k++) {
                double d = sums[i][k] - exact[i][k];
                difference += d * d;
            }
            double norm = Buffers.norm(exact[i], 0, exact[i].length);
            double error = difference == 0 ? 0 : Math.sqrt(difference) / norm;
            // Written so that an undefined error counts as unbounded.
            if (!(error <= worst)) {
                worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
            }
        }
        return OutputSpace.CHECK_MARGIN * worst;
    }
}
