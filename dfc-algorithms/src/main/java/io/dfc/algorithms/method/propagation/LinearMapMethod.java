package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;

import java.util.OptionalInt;

/** Direct difference target propagation through one linear map to each hidden layer. */
abstract class LinearMapMethod extends DirectMethod<TargetSettings> {
    LinearMapMethod(String name, String summary, boolean difference) {
        super(name, summary, TargetSettings.class, difference);
    }

    @Override
    public final TargetSettings check(TargetSettings settings, int depth) {
        settings.check(depth, DIRECT);
        return settings;
    }

    @Override
    public final LearningPlan plan(TargetSettings s, MethodContext context) {
        return plan(s.forward(), s.target(), s.feedback(), OptionalInt.empty(), context);
    }
}
