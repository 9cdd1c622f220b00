package org.example.methods;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchUpdate;
import io.dfc.algorithms.train.Sweep;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;

import java.util.function.Supplier;

/** What both methods share: one phase forms the gradient of the forward weights. */
abstract class OwnMethod implements LearningMethod<Settings> {
    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Settings defaults() {
        return new Settings(ForwardSection.defaults());
    }

    @Override
    public Settings check(Settings settings, int depth) {
        settings.forward().check(depth);
        return settings;
    }

    static LearningPlan oneStep(
            Plan.Builder builder, PhaseHandle phase, Settings s, Supplier<Parameters> initial) {
        var optimizer =
                builder.optimizer(
                        "forward", s.forward().optimization(), builder.forwardGroups());
        var step = builder.step(phase.gradients().getFirst(), optimizer);
        return new LearningPlan(
                builder.build(), initial, new Sweep("forward", MinibatchUpdate.of(step)));
    }
}
