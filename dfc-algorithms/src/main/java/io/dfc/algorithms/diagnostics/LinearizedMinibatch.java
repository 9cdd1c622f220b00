package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Minibatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A minibatch, linearised at its feedforward pass, and the updates of the forward parameters that
 * theory compares with: those of backpropagation, Gauss-Newton and minimum-norm targets. All are
 * gradients in the sense of this project: an optimiser descends them.
 *
 * <p>Keeps a Jacobian of {@code n_L N} numbers per sample. Not thread-safe.
 */
public final class LinearizedMinibatch {
    private final NetworkMatrices matrices;
    private final NetworkState feedforward;
    private final List<Jacobian> jacobians = new ArrayList<>();
    private final double[] gradient;
    private final GramSolver[] ofVoltages;
    private final GramSolver[] ofParameters;

    private LinearizedMinibatch(
            NetworkMatrices matrices, NetworkState feedforward, double[] gradient) {
        this.matrices = matrices;
        this.feedforward = feedforward;
        this.gradient = gradient;
        for (int b = 0; b < feedforward.samples(); b++) {
            jacobians.add(Jacobian.at(matrices, feedforward, b));
        }
        ofVoltages = new GramSolver[feedforward.samples()];
        ofParameters = new GramSolver[feedforward.samples()];
    }

    /**
     * Linearises a minibatch.
     *
     * @param matrices the network
     * @param loss its loss
     * @param minibatch the samples
     * @return the minibatch at its feedforward pass
     */
    public static LinearizedMinibatch of(NetworkMatrices matrices, Loss loss, Minibatch minibatch) {
        NetworkState state = NetworkState.feedforward(matrices, minibatch.inputs());
        return new LinearizedMinibatch(
                matrices, state, LossGradient.of(loss, state, minibatch.targets()));
    }

    /**
     * The first samples alone, for what is measured on a few. Their loss gradient keeps the
     * denominator of the whole minibatch.
     *
     * @param count number of samples, from 1 to {@link #samples()}
     * @return the smaller minibatch
     */
    public LinearizedMinibatch first(int count) {
        return count == samples()
                ? this
                : new LinearizedMinibatch(
                        matrices,
                        feedforward.first(count),
                        Arrays.copyOf(gradient, count * network().outputs()));
    }

    Network network() {
        return matrices.network();
    }

    /** {@return the network} */
    public NetworkMatrices matrices() {
        return matrices;
    }

    /** {@return the number of samples {@code B}} */
    public int samples() {
        return feedforward.samples();
    }

    /** {@return the feedforward pass} */
    public NetworkState feedforward() {
        return feedforward;
    }

    /**
     * The Jacobian at the feedforward pass.
     *
     * @param sample sample, from 0
     * @return its Jacobian
     */
    public Jacobian jacobian(int sample) {
        return jacobians.get(sample);
    }

    /** Solves with {@code J J^T} of a sample. */
    GramSolver gram(int sample) {
        if (ofVoltages[sample] == null) {
            ofVoltages[sample] = new GramSolver(jacobians.get(sample).stacked());
        }
        return ofVoltages[sample];
    }

    /**
     * Solves with {@code K K^T} of a sample, {@code K} the Jacobian of the output with respect to
     * all weights and biases: {@code K K^T = sum_i (|r_(i-1)|^2 + 1) J_i J_i^T}.
     */
    private GramSolver parameterGram(int sample) {
        if (ofParameters[sample] == null) {
            double[] factors = new double[network().depth()];
            for (int i = 0; i < factors.length; i++) {
                int n = network().fanIn(i);
                factors[i] =
                        Math.hypot(
                                Vectors.norm(feedforward.presynaptic(i), sample * n, n),
                                network().bias() ? 1 : 0);
            }
            ofParameters[sample] = new GramSolver(jacobians.get(sample).stacked(factors));
        }
        return ofParameters[sample];
    }

    /**
     * Gradient of the mean loss with respect to the outputs of a sample.
     *
     * @param sample sample, from 0
     * @return {@code g_b}, [n_L], the denominator {@code B} included
     */
    public double[] lossGradient(int sample) {
        int n = network().outputs();
        return Arrays.copyOfRange(gradient, sample * n, (sample + 1) * n);
    }

    /** {@return the gradient of the mean loss with respect to weights and biases} */
    public Parameters backpropagation() {
        LayerGradients sums = new LayerGradients(network());
        for (int b = 0; b < samples(); b++) {
            double[] g = lossGradient(b);
            for (int i = 0; i < network().depth(); i++) {
                double[] delta = jacobians.get(b).layers().get(i).transposedTimes(g);
                sums.add(i, 1, delta, feedforward.presynaptic(i), b);
            }
        }
        return sums.parameters();
    }

    /**
     * The update of Gauss-Newton targets over parameters, one sample at a time: {@code 1/B sum_b
     * K_b^T (K_b K_b^T + gamma I)^-1 g_b}.
     *
     * @param damping {@code gamma}, at least 0; 0 is the pseudo-inverse
     * @return the update
     */
    public Parameters gaussNewton(double damping) {
        LayerGradients sums = new LayerGradients(network());
        for (int b = 0; b < samples(); b++) {
            double[] y = parameterGram(b).solve(lossGradient(b), damping);
            for (int i = 0; i < network().depth(); i++) {
                double[] s = jacobians.get(b).layers().get(i).transposedTimes(y);
                sums.add(i, 1.0 / samples(), s, feedforward.presynaptic(i), b);
            }
        }
        return sums.parameters();
    }

    /**
     * The update of minimum-norm targets of the voltages (arXiv 2106.07887, definition 1): with
     * {@code d = J^T (J J^T + gamma I)^-1 g}, {@code 1/B sum_b d_i r_(i-1)^T}.
     *
     * @param damping {@code gamma}, at least 0; 0 is the pseudo-inverse
     * @return the update
     */
    public Parameters minimumNorm(double damping) {
        return minimumNorm(damping, false, feedforward);
    }

    /**
     * A variant of the minimum-norm update.
     *
     * @param damping {@code gamma}, at least 0; 0 is the pseudo-inverse
     * @param nonlinear whether {@code d_i} is replaced by {@code phi_i(v_i^- + d_i) - phi_i(v_i^-)}
     * @param presynaptic state whose rates are presynaptic: the feedforward pass, or the steady
     *     state
     * @return the update
     */
    public Parameters minimumNorm(double damping, boolean nonlinear, NetworkState presynaptic) {
        LayerGradients sums = new LayerGradients(network());
        for (int b = 0; b < samples(); b++) {
            double[] target = gram(b).target(lossGradient(b), damping);
            int at = 0;
            for (int i = 0; i < network().depth(); i++) {
                int n = network().size(i);
                double[] d = Arrays.copyOfRange(target, at, at + n);
                for (int j = 0; nonlinear && j < n; j++) {
                    double v = feedforward.voltages().get(i)[b * n + j];
                    d[j] = network().activation(i).difference(v, d[j]);
                }
                sums.add(i, 1.0 / samples(), d, presynaptic.presynaptic(i), b);
                at += n;
            }
        }
        return sums.parameters();
    }
}
