package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.learn.Optimizer;

import java.util.OptionalInt;

/**
 * DDTP-RHL (arXiv 2006.14331): direct difference target propagation whose maps, but for that of the
 * last hidden layer, start from a random layer that never learns, {@code g_i(a) = Q_i tanh(R a + r)
 * + c_i}.
 */
public final class DirectRandomHidden extends DirectMethod<RandomHiddenSettings> {
    /** The method. */
    public DirectRandomHidden() {
        super(
                "ddtp-rhl",
                "ddtp behind a fixed random hidden layer that the maps share",
                RandomHiddenSettings.class,
                true);
    }

    /** Those published for MNIST. */
    @Override
    public RandomHiddenSettings defaults() {
        return new RandomHiddenSettings(
                ForwardSection.adam(6.45e-4, 0.99, 3.98e-8),
                new TargetSection(0.04352),
                FeedbackMapSection.learning(
                                "linear", 0.04162, 3.024e-4, new Optimizer.Adam(0.9, 0.999, 3.4e-6))
                        .withSweeps()
                        .withDecay(1.62e-3),
                1024);
    }

    @Override
    public RandomHiddenSettings check(RandomHiddenSettings settings, int depth) {
        settings.check(depth, DIRECT);
        return settings;
    }

    @Override
    public LearningPlan plan(RandomHiddenSettings s, MethodContext context) {
        return plan(
                s.forward(), s.target(), s.feedback(), OptionalInt.of(s.hiddenUnits()), context);
    }
}
