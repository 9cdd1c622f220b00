package io.dfc.api.spi;

import io.dfc.api.tensor.Tensor;

import java.util.List;

/**
 * State of an optimiser. Its tensors are those of its groups, one group after the other: {@code
 * W_1..W_L, b_1..b_L} for weights and biases.
 *
 * @param steps number of steps taken
 * @param first first moments or momentum, one tensor per parameter tensor; empty before the first
 *     step
 * @param second second moments, likewise; empty for optimisers without them
 */
public record OptimizerState(long steps, List<Tensor> first, List<Tensor> second) {
    /** Copies the lists (not the tensors). */
    public OptimizerState {
        first = List.copyOf(first);
        second = List.copyOf(second);
    }

    /** {@return the state before the first step} */
    public static OptimizerState fresh() {
        return new OptimizerState(0, List.of(), List.of());
    }
}
