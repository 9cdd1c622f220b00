package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.LearningMethod;

/** A method whose only settings are how the forward weights are stepped. */
abstract sealed class ForwardMethod implements LearningMethod<ForwardSettings>
        permits Backpropagation, ShallowBackpropagation {
    private final String name;
    private final String summary;

    ForwardMethod(String name, String summary) {
        this.name = name;
        this.summary = summary;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String summary() {
        return summary;
    }

    @Override
    public final Class<ForwardSettings> settings() {
        return ForwardSettings.class;
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
