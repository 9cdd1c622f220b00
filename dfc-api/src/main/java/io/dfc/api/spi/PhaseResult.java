package io.dfc.api.spi;

import io.dfc.api.network.Parameters;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.tensor.Tensor;

import java.util.List;

/**
 * What a phase gave: a view into the engine, valid until the phase runs again. Scalars are free;
 * every tensor and array is a fresh copy.
 */
public interface PhaseResult {
    /**
     * Norm of a layer's gradient, over all groups of the gradient, after clipping.
     *
     * @param gradient a gradient of the phase
     * @param layer layer, from 0
     * @return the Euclidean norm; NaN or infinite when the phase diverged
     * @throws IllegalArgumentException if another phase forms the gradient
     */
    default double gradientNorm(GradientHandle gradient, int layer) {
        double sum = 0;
        for (List<Tensor> group : gradient(gradient).groups().values()) {
            for (double x : layer < group.size() ? group.get(layer).toDoubles() : new double[0]) {
                sum += x * x;
            }
        }
        return Math.sqrt(sum);
    }

    /**
     * A gradient after clipping: what an optimiser descends.
     *
     * @param gradient a gradient of the phase
     * @return tensors by the names of the gradient's groups
     * @throws IllegalArgumentException if another phase forms the gradient
     */
    Parameters gradient(GradientHandle gradient);
}
