package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.NamedMethod;

/** A method whose only settings are how the forward weights are stepped. */
abstract sealed class ForwardMethod extends NamedMethod<ForwardSettings>
        permits Backpropagation, ShallowBackpropagation {
    ForwardMethod(String name, String summary) {
        super(name, summary, ForwardSettings.class);
    }

    @Override
    public final ForwardSettings defaults() {
        return new ForwardSettings(ForwardSection.defaults());
    }

    @Override
    public final ForwardSettings check(ForwardSettings settings, int depth) {
        settings.forward().check(depth);
        return settings;
    }
}
