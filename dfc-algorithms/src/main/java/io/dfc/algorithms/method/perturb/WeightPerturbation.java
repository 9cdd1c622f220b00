package io.dfc.algorithms.method.perturb;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.GradientLearning;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.NamedMethod;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.plan.Plan;

/**
 * Weight perturbation (textbook form): noise on all weights and biases, one draw for a minibatch,
 * and a step against it in proportion to what it did to the loss, {@code theta -= eta / sigma^2
 * (Loss(theta + xi) - Loss(theta)) xi}. Its mean over the noise is the gradient, for small {@code
 * sigma}; its variance grows with the number of weights.
 */
public final class WeightPerturbation extends NamedMethod<PerturbationSettings> {
    /** The method. */
    public WeightPerturbation() {
        super(
                "weight-perturbation",
                "weight perturbation: steps against noise in proportion to what it did to the loss",
                PerturbationSettings.class);
    }

    @Override
    public PerturbationSettings defaults() {
        return new PerturbationSettings(ForwardSection.descent(1e-4), 0.01);
    }

    @Override
    public PerturbationSettings check(PerturbationSettings settings, int depth) {
        settings.check(depth);
        return settings;
    }

    @Override
    public LearningPlan plan(PerturbationSettings s, MethodContext context) {
        Plan.Builder builder = context.builder();
        PerturbationProgram program =
                new PerturbationProgram(
                        context.network(),
                        builder.weights(),
                        builder.biases(),
                        s.noiseSigma(),
                        s.forward().clipping());
        return GradientLearning.plan(
                builder, "perturbation", program.plain(), s.forward(), context::parameters);
    }
}
