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
 * The mean over the noise of what {@link FeedbackPlasticity} correlates, summed over time points,
 * for the loop linearised at the feedforward pass.
 *
 * <p>Noise of one step in layer {@code l} is seen by the controller through {@code J_l} alone. So
 * the responses to {@code n_L} unit impulses in output space tell those to all: {@code R_l(d)} is
 * what the controller's signal is {@code d} points after, {@code E_l(d)} what of it reaches the
 * apical compartments, {@code z_l(d)} what is left of the noise itself. With {@code K - 1 - d}
 * steps that leave {@code d} points and one more, and the control signal {@code u} of the loop
 * without noise, {@code a} where it reaches the apical compartments,
 *
 * <pre>{@code
 * M_l = sum_d (K-1-d) z_l(d) R_l(d+1)
 * P   = sum_l sum_d (K-1-d) E_l(d) J_l J_l^T R_l(d+1)^T + sum_k a[k] u[k+1]^T
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
     * Adds the mean of a sample.
     *
     * @param error control error of the sample
     */
    void add(Activity sample, ControlError error, FeedbackGradient gradient) {
        Jacobian jacobian = new Jacobian(parameters, sample, Buffers.perLayer(network, 1));
        double[][] gains = jacobian.timesFeedbackPerLayer();
        double[] slope = error.slope(new double[outputs], outputs);
        double[] throughFeedback = withoutNoise(gains, slope, error);
        for (int layer = 0; layer < network.depth(); layer++) {
            double step = noise.step(layer, network.depth(), dynamics);
            if (step != 0) {
                double[] direct = new double[outputs * outputs];
                correlate(
                        new Responses(gains, slope, outputs),
                        layer,
                        step,
                        jacobian.gramOfVoltages(layer),
                        direct,
                        throughFeedback);
                gradient.addProduct(layer, jacobian.transposed(layer), transposed(direct, outputs));
            }
        }
        for (int layer = 0; layer < network.depth(); layer++) {
            gradient.addProduct(layer, parameters.feedback(layer), throughFeedback);
        }
    }

    /** {@code sum_k a[k] c[k+1]^T} of the loop without noise. */
    private double[] withoutNoise(double[][] gains, double[] slope, ControlError error) {
        Responses loop = new Responses(gains, slope, 1);
        error.evaluate(new double[outputs], outputs, loop.target);
        System.arraycopy(loop.target, 0, loop.error, 0, outputs);
        double[] sum = new double[outputs * outputs];
        for (int step = 0; step < dynamics.steps(); step++) {
            double[] reached = loop.applied.clone();
            loop.control();
            if (step == 0 && lowPass > 0) {
                // The filter begins at the first control signal.
                System.arraycopy(loop.u, 0, loop.low, 0, outputs);
            }
            loop.propagate(-1, 0);
            Buffers.add(sum, 1, product(reached, transposed(loop.signal(), 1), 1));
        }
        return sum;
    }

    private void correlate(
            Responses loop,
            int source,
            double step,
            double[] gram,
            double[] direct,
            double[] throughFeedback) {
        double left = step;
        loop.propagate(source, left);
        for (int d = 1; d < dynamics.steps(); d++) {
            double pairs = dynamics.steps() - d;
            double[] reached = loop.applied.clone();
            loop.control();
            loop.propagate(source, retention * left);
            double[] signal = loop.signal();
            Buffers.add(direct, pairs * left, signal);
            double[] seen = product(gram, transposed(signal, outputs), outputs);
            Buffers.add(throughFeedback, pairs, product(reached, seen, outputs));
            left *= retention;
        }
    }

    /** {@code x^T} of [n_L, columns]. */
    private double[] transposed(double[] x, int columns) {
        double[] out = new double[x.length];
        for (int j = 0; j < outputs; j++) {
            for (int k = 0; k < columns; k++) {
                out[k * outputs + j] = x[j * columns + k];
            }
        }
        return out;
    }

    /** The product of [n_L, inner] and whatever has {@code inner} rows. */
    private double[] product(double[] a, double[] b, int inner) {
        int columns = b.length / inner;
        double[] out = new double[outputs * columns];
        for (int j = 0; j < outputs; j++) {
            for (int m = 0; m < inner; m++) {
                for (int k = 0; k < columns; k++) {
                    out[j * columns + k] += a[j * inner + m] * b[m * columns + k];
                }
            }
        }
        return out;
    }

    /** The linearised loop in output space, some of them side by side: [n_L, columns]. */
    private final class Responses {
        private final double[][] gains;
        private final double[] slope;
        private final int columns;

        /** Control error of the feedforward pass. */
        final double[] target;

        final double[] u;
        final double[] low;
        final double[] error;

        /** Control where it reaches the apical compartments. */
        final double[] applied;

        private final double[] integral;
        private final double[][] filtered;

        Responses(double[][] gains, double[] slope, int columns) {
            this.gains = gains;
            this.slope = slope;
            this.columns = columns;
            int size = outputs * columns;
            target = new double[size];
            u = new double[size];
            low = new double[size];
            error = new double[size];
            applied = new double[size];
            integral = new double[size];
            filtered = new double[gains.length][size];
        }

        /** What the plasticity correlates with. */
        double[] signal() {
            double[] signal = u.clone();
            Buffers.add(signal, -1, low);
            return signal;
        }

        void control() {
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
        }

        /**
         * Lets the layers follow.
         *
         * @param source layer whose column {@code j} is driven through output {@code j}; -1 for
         *     none
         * @param noise by how much
         */
        void propagate(int source, double noise) {
            int depth = gains.length;
            for (int step = 0; step < depth; step++) {
                // Downwards, every layer still finds the old value of the one below.
                int i = dynamics.instantTransmission() ? step : depth - 1 - step;
                double[] in = product(gains[i], applied, outputs);
                if (i > 0) {
                    Buffers.add(in, 1, filtered[i - 1]);
                }
                if (i == source) {
                    for (int j = 0; j < outputs; j++) {
                        in[j * columns + j] += noise;
                    }
                }
                for (int at = 0; at < in.length; at++) {
                    filtered[i][at] += dynamics.somaticRate() * (in[at] - filtered[i][at]);
                }
            }
            double[] lost = product(slope, filtered[depth - 1], outputs);
            for (int at = 0; at < error.length; at++) {
                error[at] = target[at] - lost[at];
            }
        }
    }
}
