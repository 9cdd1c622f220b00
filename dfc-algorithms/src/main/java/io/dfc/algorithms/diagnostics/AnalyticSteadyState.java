package io.dfc.algorithms.diagnostics;

import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.LayerTile;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;

import java.util.Arrays;
import java.util.List;

/**
 * The steady state of a minibatch, linearised at its feedforward pass (DFC-SSA): {@code (J Q +
 * alpha I) u = r* - r_L^-}, {@code dv = Q u}, then one nonlinear pass.
 *
 * @param minibatch the samples
 * @param control {@code u}, [B, n_L]
 * @param apical {@code dv_i = Q_i u}, [B, n_i] each
 * @param state the state after the nonlinear pass
 */
@SuppressWarnings("ArrayRecordComponent")
public record AnalyticSteadyState(
        LinearizedMinibatch minibatch,
        double[] control,
        List<double[]> apical,
        NetworkState state) {
    /**
     * Finds the steady state.
     *
     * @param minibatch the samples
     * @param error {@code r* - r_L^-}, [B, n_L]
     * @param leakage {@code alpha}, at least 0
     * @return the steady state; not finite where {@code J Q + alpha I} is singular
     */
    public static AnalyticSteadyState of(
            LinearizedMinibatch minibatch, double[] error, double leakage) {
        NetworkMatrices matrices = minibatch.matrices();
        int outputs = matrices.network().outputs();
        Matrix q = matrices.stackedFeedback();
        double[] control = new double[error.length];
        for (int b = 0; b < minibatch.samples(); b++) {
            double[] e = Arrays.copyOfRange(error, b * outputs, (b + 1) * outputs);
            double[] u = minibatch.jacobian(b).stacked().times(q).plusDiagonal(leakage).solve(e);
            System.arraycopy(u, 0, control, b * outputs, outputs);
        }
        List<double[]> apical = NetworkState.apical(matrices, control);
        return new AnalyticSteadyState(
                minibatch,
                control,
                apical,
                NetworkState.driven(matrices, minibatch.feedforward().presynaptic(0), apical));
    }

    /**
     * The update of DFC-SSA.
     *
     * @param rule learning rule
     * @param presynaptic state whose rates are presynaptic, and drive the basal voltages: this one,
     *     or that of a simulation
     * @return {@code -2/B sum_b s_i p_i^T}
     */
    public Parameters update(DfcRule rule, NetworkState presynaptic) {
        NetworkMatrices matrices = minibatch.matrices();
        Network network = matrices.network();
        int samples = minibatch.samples();
        LayerGradients sums = new LayerGradients(network);
        for (int i = 0; i < network.depth(); i++) {
            int n = network.size(i);
            double[] feedforward = minibatch.feedforward().voltages().get(i);
            double[] deviation =
                    NetworkState.basal(matrices, i, presynaptic.presynaptic(i), samples);
            for (int k = 0; k < deviation.length; k++) {
                deviation[k] -= feedforward[k];
            }
            double[] factors = new double[samples * n];
            rule.postsynapticFactor(
                    network.activation(i),
                    new LayerTile(
                            0,
                            samples,
                            n,
                            feedforward,
                            deviation,
                            apical.get(i),
                            factors,
                            new double[0]));
            for (int b = 0; b < samples; b++) {
                double[] s = Arrays.copyOfRange(factors, b * n, (b + 1) * n);
                sums.add(i, -2.0 / samples, s, presynaptic.presynaptic(i), b);
            }
        }
        return sums.parameters();
    }

    /**
     * Distance of the output of a simulation from this one.
     *
     * @param simulated the last state of the simulation
     * @return {@code ||r_L - r_L^NDI|| / ||r_L^- - r_L^NDI||}, the mean over the samples; 0 at the
     *     analytic steady state, 1 at the feedforward pass
     */
    public double distance(NetworkState simulated) {
        int n = minibatch.network().outputs();
        double sum = 0;
        for (int b = 0; b < minibatch.samples(); b++) {
            int at = b * n;
            sum +=
                    Vectors.distance(simulated.output(), at, state.output(), at, n)
                            / Vectors.distance(
                                    minibatch.feedforward().output(), at, state.output(), at, n);
        }
        return sum / minibatch.samples();
    }
}
