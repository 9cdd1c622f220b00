package io.dfc.bench.golden.compare;

import io.dfc.api.tensor.Tensor;

/**
 * One expected tensor of a case.
 *
 * @param path place inside {@code expected}, such as {@code updates[2].grad_W[0]}
 * @param measure how a computed tensor is compared with it
 * @param float32Error error of the published program in float32, by that measure; at least 0
 * @param values expected values; booleans as 0 and 1, a bare number as a tensor of rank 0
 */
public record Expectation(String path, Measure measure, double float32Error, Tensor values) {
    /**
     * {@return the quantity that the tensor belongs to: its path without list indices, such as
     * {@code updates.grad_W}}
     */
    public String quantity() {
        return quantityOf(path);
    }

    /**
     * The quantity of a path.
     *
     * @param path place inside {@code expected}
     * @return the path without list indices
     */
    public static String quantityOf(String path) {
        int bracket = path.indexOf('[');
        if (bracket < 0) {
            return path;
        }
        StringBuilder quantity = new StringBuilder(path.length());
        int from = 0;
        while (bracket >= 0) {
            quantity.append(path, from, bracket);
            from = path.indexOf(']', bracket) + 1;
            bracket = path.indexOf('[', from);
        }
        return quantity.append(path, from, path.length()).toString();
    }
}
