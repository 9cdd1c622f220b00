package io.dfc.api.noise;

import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.List;

/**
 * Where the noise of one phase of one minibatch comes from. Every backend takes all three forms,
 * but a program draws its own noise and takes none that is recorded.
 */
public sealed interface Noise {
    /** No noise, whatever standard deviation the plan states. */
    record None() implements Noise {}

    /**
     * Numbers from {@link Philox}.
     *
     * @param seed key
     * @param minibatch number of the minibatch in the run; two phases with equal seed and number
     *     see equal noise
     */
    record Generated(long seed, int minibatch) implements Noise {}

    /**
     * Standard normal numbers given by the caller.
     *
     * @param layers one tensor per layer, shape [K-1, B, n_i] (for a rule without a loop [1, B,
     *     n_i]); entry {@code k} enters time point {@code k + 1}
     */
    record Recorded(List<Tensor> layers) implements Noise {
        /**
         * Copies the list (not the tensors) and checks that the numbers are finite.
         *
         * @throws io.dfc.api.error.BadDataException if one is NaN or infinite
         */
        public Recorded {
            layers = List.copyOf(layers);
            for (int i = 0; i < layers.size(); i++) {
                layers.get(i).requireFit("recorded noise of layer " + i, ElementType.F64);
            }
        }
    }

    /** {@return no noise} */
    static Noise none() {
        return new None();
    }
}
