package io.dfc.api.reference.loop;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.reference.model.Activity;
import io.dfc.api.reference.model.Buffers;
import io.dfc.api.reference.model.ControlError;
import io.dfc.api.reference.model.FeedbackGradient;
import io.dfc.api.reference.model.Jacobian;
import io.dfc.api.reference.model.ParameterArrays;

/**
 * The covariance of apical voltages and the next control signal over the noise, summed over time
 * points, in the loop linearised at the feedforward pass.
 *
 * <p>Noise of one step in layer {@code l} is seen by the controller through {@code J_l} alone. So
 * the responses to {@code n_L} unit impulses in output space tell those to all: {@code R_l(d)} is
 * what the controller's signal is {@code d} points after, {@code E_l(d)} what of it reaches the
 * apical compartments, {@code z_l(d)} what is left of the noise itself. With {@code K - 1 - d}
 * steps that leave {@code d} points and one more,
 *
 * <pre>{@code
 * M_l = sum_d (K-1-d) z_l(d) R_l(d+1)        P = sum_l sum_d (K-1-d) E_l(d) J_l J_l^T R_l(d+1)^T
 * sum_k E[apical_i[k] c[k+1]^T] = J_i^T M_i^T + Q_i P
 * }</pre>
 */
final class ExpectedFeedback {
    private final ParameterArrays parameters;
    private final Network network;
    private final Dynamics dynamics;
    private final ProportionalIntegralController controller;
    private final ApicalNoise noise;

    /** Share by which the low-passed control follows; 0 without a high-pass filter. */
    private final double lowPass;

    /** Share of the noise in an apical voltage that is left after a step. */
    private final double retention;

    private final int outputs;

    ExpectedFeedback(ParameterArrays parameters, LoopPhase phase) {
        this.parameters = parameters;
        network = parameters.network;
        dynamics = phase.dynamics();
        controller = (ProportionalIntegralController) phase.controller();
        noise = phase.noise().orElseThrow();
        FeedbackPlasticity plasticity = phase.feedbackPlasticity().orElseThrow();
        lowPass = plasticity.highPass().orElse(0);
        retention = noise.isFiltered() ? noise.retention(dynamics) : 1 - dynamics.apicalRate();
        outputs = network.outputs();
    }

    /**
     * Adds the covariance of a sample.
     *
     * @param error control error of the sample
     */
    void add(Activity sample, ControlError error, FeedbackGradient gradient) {
        Jacobian jacobian = new Jacobian(parameters, sample, Buffers.perLayer(network, 1));
        double[][] gains = jacobian.timesFeedbackPerLayer();
        double[] slope = error.slope(new double[outputs], outputs);
        double[] throughFeedback = new double[outputs * outputs];
        for (int layer = 0; layer < network.depth(); layer++) {
            double step = noise.step(layer, network.depth(), dynamics);
            if (step != 0) {
                double[] direct = new double[outputs * outputs];
                new Responses(gains, slope, layer, step)
                        .correlate(jacobian.gramOfVoltages(layer), direct, throughFeedback);
                gradient.addProduct(layer, jacobian.transposed(layer), transposed(direct));
            }
        }
        for (int layer = 0; layer < network.depth(); layer++) {
            gradient.addProduct(layer, parameters.feedback(layer), throughFeedback);
        }
    }

    private double[] transposed(double[] x) {
        double[] out = new double[x.length];
        for (int j = 0; j < outputs; j++) {
            for (int k = 0; k < outputs; k++) {
                out[j * outputs + k] = x[k * outputs + j];
            }
        }
        return out;
    }

    /** The loop after unit impulses in one layer, one column [n_L] for each. */
    private final class Responses {
        private final double[][] gains;
        private final double[] slope;
        private final int source;
        private double noiseLeft;
        private final double[] u = square();
        private final double[] integral = square();
        private final double[] low = square();
        private final double[] error = square();
        private final double[] applied = square();
        private final double[][] filtered;

        Responses(double[][] gains, double[] slope, int source, double step) {
            this.gains = gains;
            this.slope = slope;
            this.source = source;
            noiseLeft = step;
            filtered = new double[gains.length][outputs * outputs];
        }

        private double[] square() {
            return new double[outputs * outputs];
        }

        void correlate(double[] gram, double[] direct, double[] throughFeedback) {
            propagate();
            for (int d = 1; d < dynamics.steps(); d++) {
                double pairs = dynamics.steps() - d;
                double[] reached = applied.clone();
                double left = noiseLeft;
                advance();
                double[] signal = u.clone();
                Buffers.add(signal, -1, low);
                Buffers.add(direct, pairs * left, signal);
                double[] seen = product(gram, transposed(signal));
                Buffers.add(throughFeedback, pairs, product(reached, seen));
            }
        }

        private void advance() {
            boolean total = controller.leak() == ProportionalIntegralController.Leak.TOTAL;
            for (int at = 0; at < u.length; at++) {
                double before = u[at];
                double leaking = total ? before : integral[at];
                integral[at] +=
                        dynamics.timeStep() * (error[at] - controller.leakageRate() * leaking);
                u[at] = integral[at] + controller.proportionalGain() * error[at];
                low[at] += lowPass * (u[at] - low[at]);
                double drive = dynamics.proactive() ? u[at] : before;
                applied[at] += dynamics.apicalRate() * (drive - applied[at]);
            }
            noiseLeft *= retention;
            propagate();
        }

        private void propagate() {
            int depth = gains.length;
            for (int step = 0; step < depth; step++) {
                // Downwards, every layer still finds the old value of the one below.
                int i = dynamics.instantTransmission() ? step : depth - 1 - step;
                double[] in = product(gains[i], applied);
                if (i > 0) {
                    Buffers.add(in, 1, filtered[i - 1]);
                }
                if (i == source) {
                    for (int j = 0; j < outputs; j++) {
                        in[j * outputs + j] += noiseLeft;
                    }
                }
                for (int at = 0; at < in.length; at++) {
                    filtered[i][at] += dynamics.somaticRate() * (in[at] - filtered[i][at]);
                }
            }
            double[] lost = product(slope, filtered[depth - 1]);
            for (int at = 0; at < error.length; at++) {
                error[at] = -lost[at];
            }
        }

        private double[] product(double[] a, double[] b) {
            double[] out = square();
            for (int j = 0; j < outputs; j++) {
                for (int m = 0; m < outputs; m++) {
                    for (int k = 0; k < outputs; k++) {
                        out[j * outputs + k] += a[j * outputs + m] * b[m * outputs + k];
                    }
                }
            }
            return out;
        }
    }
}
