package io.dfc.algorithms.method.inverse;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.plan.Plan;

/**
 * GAIT-prop (Ahmad et al. 2020, arXiv 2006.06438): a layer's target is the inverse of a small step
 * {@code gamma phi'^2} of the layer above towards its own, and what the steps have made small the
 * update makes large again. With orthogonal matrices it is backpropagation of half the squared
 * distance of the first outputs from the classes, one-hot. Factors grow as {@code gamma^-L}, so it
 * takes float64.
 */
public final class GaitProp extends InverseMethod<GaitSettings> {
    /** The method. */
    public GaitProp() {
        super(
                "gait-prop",
                "GAIT-prop: small steps of targets through exact inverses; like bp where matrices are orthogonal",
                GaitSettings.class);
    }

    /** Those published for MNIST. */
    @Override
    public GaitSettings defaults() {
        return new GaitSettings(forward(1e-4), new OrthogonalitySection(0.1, true), 1e-3);
    }

    @Override
    public GaitSettings check(GaitSettings settings, int depth) {
        settings.check(depth);
        return settings;
    }

    @Override
    public LearningPlan plan(GaitSettings s, MethodContext context) {
        Plan.Builder builder = context.builder();
        return learning(
                builder,
                programs(builder, context, s.forward(), s.orthogonality(), s.increment()).gait(),
                s.forward(),
                s.orthogonality(),
                context);
    }
}
