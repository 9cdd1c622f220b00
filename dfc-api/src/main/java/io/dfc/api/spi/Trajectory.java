package io.dfc.api.spi;

import io.dfc.api.tensor.Tensor;

import java.util.List;
import java.util.Map;

/**
 * A recorded trajectory, without any masking of samples.
 *
 * @param timePoints recorded time points, {@code S} of them
 * @param values per variable, one tensor per layer ([S, B, n_i]); one tensor in all for {@link
 *     Variable#CONTROL} ([S, B, n_L]) and {@link Variable#ERROR_NORM} ([S, B])
 */
public record Trajectory(List<Integer> timePoints, Map<Variable, List<Tensor>> values) {
    /** Copies the collections (not the tensors). */
    public Trajectory {
        timePoints = List.copyOf(timePoints);
        values = Map.copyOf(values);
    }
}
