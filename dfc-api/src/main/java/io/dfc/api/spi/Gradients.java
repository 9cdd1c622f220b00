package io.dfc.api.spi;

import io.dfc.api.tensor.Tensor;

import java.util.List;

/**
 * A gradient of the forward parameters: what an optimiser descends.
 *
 * @param weights {@code G_W(i)}, shape [n_i, n_(i-1)]
 * @param biases {@code G_b(i)}, shape [n_i]; empty if the network has no biases
 */
public record Gradients(List<Tensor> weights, List<Tensor> biases) {
    /** Copies the lists (not the tensors). */
    public Gradients {
        weights = List.copyOf(weights);
        biases = List.copyOf(biases);
    }
}
