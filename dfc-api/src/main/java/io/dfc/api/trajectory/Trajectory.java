package io.dfc.api.trajectory;

import io.dfc.api.error.MisuseException;
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

    /**
     * What was recorded of a variable.
     *
     * @param variable a variable that was asked for
     * @return its tensors, as in {@link #values}
     * @throws MisuseException if it was not asked for
     */
    public List<Tensor> recorded(Variable variable) {
        List<Tensor> tensors = values.get(variable);
        if (tensors == null) {
            throw new MisuseException(
                    "the trajectory has no "
                            + variable
                            + ", only "
                            + values.keySet()
                            + "; ask for it in the recording");
        }
        return tensors;
    }
}
