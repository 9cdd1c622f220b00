package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Minibatch;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

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
    private final double[] gradient;
    private List<Jacobian> jacobians = List.of();
    private List<GramSolver> ofVoltages = List.of();
    private List<GramSolver> ofParameters = List.of();

    private LinearizedMinibatch(
            NetworkMatrices matrices, NetworkState feedforward, double[] gradient) {
        this.matrices = matrices;
        this.feedforward = feedforward;
        this.gradient = gradient;
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
        if (jacobians.isEmpty()) {
            jacobians = forAll(b -> Jacobian.at(matrices, feedforward, b));
        }
        return jacobians.get(sample);
    }

    /** Solves with {@code J J^T} of a sample. */
    GramSolver gram(int sample) {
        if (ofVoltages.isEmpty()) {
            jacobian(0);
            ofVoltages = forAll(b -> new GramSolver(jacobian(b).stacked()));
        }
        return ofVoltages.get(sample);
    }

    /**
     * Solves with {@code K K^T} of a sample, {@code K} the Jacobian of the output with respect to
     * all weights and biases: {@code K K^T = sum_i (|r_(i-1)|^2 + 1) J_i J_i^T}.
     */
    private GramSolver parameterGram(int sample) {
        if (ofParameters.isEmpty()) {
            jacobian(0);
            ofParameters = forAll(b -> new GramSolver(jacobian(b).stacked(presynapticNorms(b))));
        }
        return ofParameters.get(sample);
    }

    private double[] presynapticNorms(int sample) {
        double[] norms = new double[network().depth()];
        for (int i = 0; i < norms.length; i++) {
            int n = network().fanIn(i);
            double norm = Vectors.norm(feedforward.presynaptic(i), sample * n, n);
            norms[i] = Math.hypot(norm, network().bias() ? 1 : 0);
        }
        return norms;
    }

    /** Samples are independent, and a minibatch of the published networks has 128 of them. */
    private <T> List<T> forAll(IntFunction<T> ofSample) {
        return IntStream.range(0, samples()).parallel().mapToObj(ofSample).toList();
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
            double[] error = lossGradient(b);
            for (int i = network().depth() - 1; i >= 0; i--) {
                double[] slopes = Jacobian.slopes(network(), feedforward, i, b);
                for (int j = 0; j < slopes.length; j++) {
                    error[j] *= slopes[j];
                }
                sums.add(i, 1, error, feedforward.presynaptic(i), b);
                error = matrices.weights().get(i).transposedTimes(error);
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
                double[] s = jacobian(b).layers().get(i).transposedTimes(y);
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
