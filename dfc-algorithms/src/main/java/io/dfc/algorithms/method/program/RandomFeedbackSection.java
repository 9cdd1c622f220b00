package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.SettingChecks;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;

import java.util.Arrays;
import java.util.List;

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
        return context.parametersWith(group, from);
    }
}
