package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Network;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Voltages and rates of all layers for the samples of a minibatch.
 *
 * @param network the network
 * @param samples number of samples {@code B}
 * @param voltages {@code v_1..v_L}, [B, n_i] each, row-major
 * @param rates {@code r_0..r_L}: the inputs, then the rates of every layer, [B, n_i] each
 */
public record NetworkState(
        Network network, int samples, List<double[]> voltages, List<double[]> rates) {
    /** Copies the lists (not the arrays). */
    public NetworkState {
        voltages = List.copyOf(voltages);
        rates = List.copyOf(rates);
    }

    /**
     * The feedforward pass.
     *
     * @param matrices the network
     * @param inputs shape [B, n_0]
     * @return the state {@code v^-, r^-}
     */
    public static NetworkState feedforward(NetworkMatrices matrices, Tensor inputs) {
        return driven(matrices, inputs.toDoubles(), List.of());
    }

    /**
     * A nonlinear pass with something added to every voltage, {@code v_i = W_i r_(i-1) + b_i +
     * dv_i}.
     *
     * @param matrices the network
     * @param inputs {@code r_0}, [B, n_0]
     * @param added {@code dv_i}, [B, n_i] each; an empty list for none
     * @return the state
     */
    static NetworkState driven(NetworkMatrices matrices, double[] inputs, List<double[]> added) {
        Network network = matrices.network();
        int samples = inputs.length / network.inputs();
        List<double[]> voltages = new ArrayList<>();
        List<double[]> rates = new ArrayList<>(List.of(inputs));
        for (int i = 0; i < network.depth(); i++) {
            double[] v = basal(matrices, i, rates.getLast(), samples);
            for (int k = 0; !added.isEmpty() && k < v.length; k++) {
                v[k] += added.get(i)[k];
            }
            voltages.add(v);
            rates.add(rates(network, i, v));
        }
        return new NetworkState(network, samples, voltages, rates);
    }

    /**
     * A nonlinear pass with the control signal added to every voltage, {@code v_i = W_i r_(i-1) +
     * b_i + Q_i u}: where the network comes to rest under a constant control signal.
     *
     * @param matrices the network, with feedback weights
     * @param inputs shape [B, n_0]
     * @param control {@code u}, [B, n_L]
     * @return the state
     */
    public static NetworkState controlled(
            NetworkMatrices matrices, Tensor inputs, double[] control) {
        return driven(matrices, inputs.toDoubles(), apical(matrices, control));
    }

    /** {@code Q_i u}, [B, n_i] each. */
    static List<double[]> apical(NetworkMatrices matrices, double[] control) {
        int outputs = matrices.network().outputs();
        int samples = control.length / outputs;
        List<double[]> apical = new ArrayList<>();
        for (Matrix q : matrices.feedback()) {
            double[] rows = new double[samples * q.rows()];
            for (int b = 0; b < samples; b++) {
                double[] row = q.times(control, b * outputs);
                System.arraycopy(row, 0, rows, b * q.rows(), q.rows());
            }
            apical.add(rows);
        }
        return apical;
    }

    /**
     * The state whose voltages are known.
     *
     * @param network the network
     * @param inputs shape [B, n_0]
     * @param voltages {@code v_i}, any shape of B n_i elements
     * @return the state, {@code r_i = phi_i(v_i)}
     */
    public static NetworkState of(Network network, Tensor inputs, List<Tensor> voltages) {
        List<double[]> v = voltages.stream().map(Tensor::toDoubles).toList();
        List<double[]> rates = new ArrayList<>(List.of(inputs.toDoubles()));
        for (int i = 0; i < network.depth(); i++) {
            rates.add(rates(network, i, v.get(i)));
        }
        return new NetworkState(network, inputs.dim(0), v, rates);
    }

    /** Basal voltages {@code W_i p + b_i} of a layer. */
    static double[] basal(NetworkMatrices matrices, int layer, double[] presynaptic, int samples) {
        Network network = matrices.network();
        int n = network.size(layer);
        double[] v = new double[samples * n];
        for (int b = 0; b < samples; b++) {
            double[] sum =
                    matrices.weights().get(layer).times(presynaptic, b * network.fanIn(layer));
            for (int j = 0; j < n; j++) {
                v[b * n + j] = sum[j] + (network.bias() ? matrices.biases().get(layer)[j] : 0);
            }
        }
        return v;
    }

    private static double[] rates(Network network, int layer, double[] voltages) {
        double[] r = new double[voltages.length];
        for (int k = 0; k < r.length; k++) {
            r[k] = network.activation(layer).value(voltages[k]);
        }
        return r;
    }

    /**
     * Presynaptic rates of a layer.
     *
     * @param layer layer, from 0
     * @return {@code r_(i-1)}, [B, n_(i-1)]; not to be written
     */
    double[] presynaptic(int layer) {
        return rates.get(layer);
    }

    /** {@return {@code r_L}, [B, n_L]; not to be written} */
    double[] output() {
        return rates.getLast();
    }

    /**
     * Some of the samples.
     *
     * @param count number of samples, from the first on
     * @return their state
     */
    public NetworkState first(int count) {
        return new NetworkState(
                network,
                count,
                voltages.stream().map(v -> head(v, count)).toList(),
                rates.stream().map(r -> head(r, count)).toList());
    }

    private double[] head(double[] rows, int count) {
        return Arrays.copyOf(rows, rows.length / samples * count);
    }

    /**
     * This state with the samples of another where they are chosen.
     *
     * @param chosen one flag per sample
     * @param other where chosen samples come from
     * @return the mixed state
     */
    public NetworkState replacing(boolean[] chosen, NetworkState other) {
        return new NetworkState(
                network,
                samples,
                mixed(voltages, other.voltages, chosen),
                mixed(rates, other.rates, chosen));
    }

    private static List<double[]> mixed(
            List<double[]> own, List<double[]> others, boolean[] chosen) {
        List<double[]> mixed = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            double[] rows = own.get(i).clone();
            int width = rows.length / chosen.length;
            for (int b = 0; b < chosen.length; b++) {
                if (chosen[b]) {
                    System.arraycopy(others.get(i), b * width, rows, b * width, width);
                }
            }
            mixed.add(rows);
        }
        return mixed;
    }
}
