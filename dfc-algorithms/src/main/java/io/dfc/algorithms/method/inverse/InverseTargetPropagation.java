package io.dfc.algorithms.method.inverse;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.plan.Plan;

/**
 * Target propagation through exact inverses, as the program of GAIT-prop (arXiv 2006.06438) has it
 * beside that: the target of a layer is the plain inverse of that of the layer above.
 */
public final class InverseTargetPropagation extends InverseMethod<InverseSettings> {
    /** The method. */
    public InverseTargetPropagation() {
        super(
                "tp",
                "target propagation: whole targets through exact inverses of the layers",
                InverseSettings.class);
    }

    /** Those published for MNIST. */
    @Override
    public InverseSettings defaults() {
        return new InverseSettings(forward(1e-5), new OrthogonalitySection(1000, true));
    }

    @Override
    public InverseSettings check(InverseSettings settings, int depth) {
        settings.check(depth);
        return settings;
    }

    @Override
    public LearningPlan plan(InverseSettings s, MethodContext context) {
        Plan.Builder builder = context.builder();
        return learning(
                builder,
                programs(builder, context, s.forward(), s.orthogonality(), 1).targetPropagation(),
                s.forward(),
                s.orthogonality(),
                context);
    }
}
