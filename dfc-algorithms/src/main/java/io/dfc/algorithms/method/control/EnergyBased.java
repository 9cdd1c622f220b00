package io.dfc.algorithms.method.control;

import io.dfc.algorithms.method.GradientLearning;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.plan.Plan;

/**
 * Energy-based least control (arXiv 2207.01332), the counterpart of equilibrium propagation with
 * strong nudging: gradient descent finds voltages of least energy in place of a controller.
 */
public final class EnergyBased extends LeastControlMethod<EnergySettings> {
    /** The method. */
    public EnergyBased() {
        super(
                "lcp-ebd",
                "energy-based least control: voltages of least energy by gradient descent",
                EnergySettings.class);
    }

    @Override
    public EnergySettings defaults() {
        return new EnergySettings(forward(), new EnergySettings.EnergySection(0.1, 800, 0.01));
    }

    @Override
    public EnergySettings check(EnergySettings settings, int depth) {
        settings.check(depth);
        return settings;
    }

    @Override
    public LearningPlan plan(EnergySettings s, MethodContext context) {
        Plan.Builder builder = context.builder();
        EnergyDescent descent =
                new EnergyDescent(
                        states(builder, context, s.forward()),
                        s.energy().leakage(),
                        s.energy().steps(),
                        s.energy().learningRate());
        return GradientLearning.plan(
                builder, "energy", descent.program(), s.forward(), context::parameters);
    }
}
