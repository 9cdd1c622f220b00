package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.SettingChecks;
import io.dfc.algorithms.method.SettingChoices;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;

/**
 * Feedback matrices that never learn.
 *
 * @param initialization how they are drawn: {@code xavier-normal}, {@code xavier} or {@code
 *     orthogonal}
 */
public record RandomFeedbackSection(String initialization) {
    void check() {
        SettingChecks.oneOf(
                "feedback.initialization", initialization, SettingChoices.INITIALIZATIONS);
    }

    /** The forward parameters, and the matrices of a group. */
    Parameters drawn(MethodContext context, ParameterGroup group) {
        return context.parametersWith(group, SettingChoices.initialization(initialization));
    }
}
