package io.dfc.algorithms.exchange;

import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Feedback weights that begin as products of the forward weights, {@code Q_i = W_(i+1)^T ... W_L^T}
 * and {@code Q_L = I}: those of weights that were read are products of these, not of weights that
 * were drawn.
 */
final class WeightProduct {
    private static final double ROUNDING = 1e-12;

    private WeightProduct() {}

    /**
     * Feedback weights for weights.
     *
     * @param initial parameters with which a new run would begin
     * @param weights the weights that take the place of its own
     * @return products of these weights if the run's feedback weights are products of its own, else
     *     the run's
     */
    static List<Tensor> like(Parameters initial, List<Tensor> weights) {
        return areEqual(initial.feedback(), of(initial.weights()))
                ? of(weights)
                : initial.feedback();
    }

    private static List<Tensor> of(List<Tensor> weights) {
        int n = weights.getLast().dim(0);
        double[] last = new double[n * n];
        for (int i = 0; i < n; i++) {
            last[i * n + i] = 1;
        }
        List<Tensor> products = new ArrayList<>();
        products.add(Tensor.wrap(last, n, n));
        for (int layer = weights.size() - 1; layer > 0; layer--) {
            products.addFirst(transposedTimes(weights.get(layer), products.getFirst()));
        }
        return products;
    }

    private static Tensor transposedTimes(Tensor w, Tensor q) {
        int rows = w.dim(1);
        int columns = q.dim(1);
        double[] out = new double[rows * columns];
        for (int k = 0; k < w.dim(0); k++) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    out[i * columns + j] += w.get(k * rows + i) * q.get(k * columns + j);
                }
            }
        }
        return Tensor.wrap(out, rows, columns);
    }

    private static boolean areEqual(List<Tensor> some, List<Tensor> others) {
        for (int layer = 0; layer < some.size(); layer++) {
            for (int i = 0; i < some.get(layer).size(); i++) {
                double a = some.get(layer).get(i);
                if (Math.abs(a - others.get(layer).get(i)) > ROUNDING * Math.max(1, Math.abs(a))) {
                    return false;
                }
            }
        }
        return true;
    }
}
