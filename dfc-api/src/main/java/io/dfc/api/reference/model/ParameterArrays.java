package io.dfc.api.reference.model;

import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Parameters of a plan as plain arrays, and the products with them. A loop multiplies by the
 * weights and by the feedback weights that it names, both of the plan's precision.
 */
public final class ParameterArrays {
    public final Network network;

    /** All groups in the plan's order, among them {@link #w}, {@link #b} and {@link #q}. */
    private final Map<ParameterGroup, double[][]> groups;

    final double[][] w;
    final double[][] b;

    /** Feedback weights; empty where none are named. */
    final double[][] q;

    /** Transposed weights: with them the inner loop of a product runs over independent sums. */
    private final double[][] transposed;

    public ParameterArrays(Plan plan) {
        network = plan.network();
        groups = new LinkedHashMap<>();
        for (ParameterGroup group : plan.groups()) {
            double[][] arrays = new double[group.tensors()][];
            for (int i = 0; i < arrays.length; i++) {
                arrays[i] =
                        new double[Arrays.stream(group.shape(i)).reduce(1, Math::multiplyExact)];
            }
            groups.put(group, arrays);
        }
        w = named(Parameters.WEIGHTS);
        b = named(Parameters.BIASES);
        q = new double[0][];
        transposed = Arrays.stream(w).map(x -> new double[x.length]).toArray(double[][]::new);
    }

    private ParameterArrays(ParameterArrays held, double[][] w, double[][] q) {
        network = held.network;
        groups = held.groups;
        this.w = w;
        this.q = q;
        b = held.b;
        transposed = Arrays.stream(w).map(x -> new double[x.length]).toArray(double[][]::new);
        weightsChanged();
    }

    private double[][] named(String name) {
        return groups.entrySet().stream()
                .filter(e -> e.getKey().name().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    /** The arrays of a group, one per layer. */
    public double[][] of(ParameterGroup group) {
        return Objects.requireNonNull(groups.get(group));
    }

    public void load(Parameters parameters) {
        groups.forEach(
                (group, arrays) -> {
                    for (int i = 0; i < arrays.length; i++) {
                        parameters.group(group.name()).get(i).copyTo(arrays[i], 0);
                    }
                });
        weightsChanged();
    }

    /** What a loop of a precision multiplies by, with feedback weights of its own. */
    public ParameterArrays carrying(ParameterGroup feedback, Precision precision) {
        return new ParameterArrays(this, rounded(w, precision), rounded(of(feedback), precision));
    }

    private static double[][] rounded(double[][] weights, Precision precision) {
        return precision == Precision.FULL
                ? weights
                : Arrays.stream(weights)
                        .map(x -> Arrays.stream(x).map(precision::round).toArray())
                        .toArray(double[][]::new);
    }

    /** To be called after any change of {@link #w}. */
    public void weightsChanged() {
        for (int i = 0; i < w.length; i++) {
            int rows = network.size(i);
            int columns = network.fanIn(i);
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    transposed[i][c * rows + r] = w[i][r * columns + c];
                }
            }
        }
    }

    public Parameters toParameters() {
        Map<String, List<Tensor>> tensors = new TreeMap<>();
        groups.forEach(
                (group, arrays) -> {
                    List<Tensor> list = new ArrayList<>();
                    for (int i = 0; i < arrays.length; i++) {
                        list.add(Tensor.of(arrays[i], group.shape(i)));
                    }
                    tensors.put(group.name(), list);
                });
        return new Parameters(tensors);
    }

    /** Largest magnitude among the parameters of a layer; NaN if one is NaN. */
    public double largest(int layer) {
        double largest = 0;
        for (double[][] arrays : groups.values()) {
            for (double value : layer < arrays.length ? arrays[layer] : new double[0]) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }

    /** {@code out = W_i in} for each sample. */
    public void multiplyWeights(int layer, double[] in, double[] out, int samples) {
        int rows = network.size(layer);
        int columns = network.fanIn(layer);
        double[] wt = transposed[layer];
        Arrays.fill(out, 0, samples * rows, 0);
        for (int s = 0; s < samples; s++) {
            for (int c = 0; c < columns; c++) {
                double x = in[s * columns + c];
                int from = c * rows;
                int to = s * rows;
                for (int r = 0; r < rows; r++) {
                    out[to + r] += wt[from + r] * x;
                }
            }
        }
    }

    /** {@code out = W_i^T in} for each sample. */
    void multiplyTransposedWeights(int layer, double[] in, double[] out, int samples) {
        int rows = network.size(layer);
        int columns = network.fanIn(layer);
        Arrays.fill(out, 0, samples * columns, 0);
        for (int s = 0; s < samples; s++) {
            for (int r = 0; r < rows; r++) {
                double x = in[s * rows + r];
                int from = r * columns;
                int to = s * columns;
                for (int c = 0; c < columns; c++) {
                    out[to + c] += w[layer][from + c] * x;
                }
            }
        }
    }

    /** {@code out = Q_i u} for each sample. */
    public void multiplyFeedback(int layer, double[] u, double[] out, int samples) {
        int rows = network.size(layer);
        int columns = network.outputs();
        for (int s = 0; s < samples; s++) {
            for (int r = 0; r < rows; r++) {
                double sum = 0;
                for (int c = 0; c < columns; c++) {
                    sum += q[layer][r * columns + c] * u[s * columns + c];
                }
                out[s * rows + r] = sum;
            }
        }
    }

    /**
     * Feedback weights {@code Q_i} that the loop multiplies by, row-major [n_i, n_L]; not a copy.
     */
    public double[] feedback(int layer) {
        return q[layer];
    }
}
