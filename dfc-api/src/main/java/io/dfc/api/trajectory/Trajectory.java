package io.dfc.api.trajectory;

import io.dfc.api.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A recorded trajectory, without any masking of samples.
 *
 * @param timePoints recorded time points, {@code S} of them
 * @param values per variable, one tensor per layer ([S, B, n_i]); one tensor in all for {@link
 *     Variable#CONTROL} ([S, B, n_L]) and {@link Variable#ERROR_NORM} ([S, B])
 * @param source where it comes from
 */
public record Trajectory(
        List<Integer> timePoints, Map<Variable, List<Tensor>> values, Recording.Source source) {
    /** Copies the collections (not the tensors). */
    public Trajectory {
        timePoints = List.copyOf(timePoints);
        values = Map.copyOf(values);
        Objects.requireNonNull(source, "source");
    }
}
