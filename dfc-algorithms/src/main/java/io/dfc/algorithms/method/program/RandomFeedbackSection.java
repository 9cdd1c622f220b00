package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.SettingChecks;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Feedback matrices that never learn.
 *
 * @param initialization how they are drawn: {@code xavier-normal}, {@code xavier} or {@code
 *     orthogonal}
 */
public record RandomFeedbackSection(String initialization) {
    void check() {
        SettingChecks.oneOf(
                "feedback.initialization",
                initialization,
                List.of("xavier-normal", "xavier", "orthogonal"));
    }

    /** The forward parameters, and the matrices of a group. */
    Parameters drawn(MethodContext context, ParameterGroup group) {
        Initialization from =
                Arrays.stream(Initialization.values())
                        .filter(i -> i.label().equals(initialization))
                        .findFirst()
                        .orElseThrow();
        Parameters forward = context.parameters();
        Map<String, List<Tensor>> groups = new HashMap<>(forward.groups());
        List<Tensor> drawn = new ArrayList<>();
        for (int i = 0; i < group.tensors(); i++) {
            int[] shape = group.shape(i);
            // Beyond the numbers that forward weights are drawn with.
            int tag = context.network().depth() + i;
            drawn.add(from.draw(shape[0], shape[1], context.seed(), tag));
        }
        groups.put(group.name(), drawn);
        return new Parameters(groups);
    }
}
