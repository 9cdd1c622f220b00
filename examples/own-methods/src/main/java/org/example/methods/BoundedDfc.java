package org.example.methods;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.LayerTile;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.plan.LoopPhase;

/** Deep Feedback Control with a rule of its own: no synapse sees more than a bounded difference. */
public final class BoundedDfc extends OwnMethod {
    @Override
    public String name() {
        return "bounded-dfc";
    }

    @Override
    public String summary() {
        return "DFC that learns from bounded voltage differences";
    }

    @Override
    public LearningPlan plan(Settings s, MethodContext context) {
        var builder = context.builder();
        var q = builder.feedbackWeights();
        var loop =
                new LoopPhase(
                        q,
                        new OutputTarget.Nudge(0.1),
                        new ProportionalIntegralController(2, 0.0014),
                        new Dynamics(0.02, 100, 0.2),
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.CONTINUOUS, BoundedDfc::bounded));
        return oneStep(
                builder,
                builder.loop("control", loop),
                s,
                () ->
                        ParameterInitializer.draw(
                                context.network(),
                                context.initialization(),
                                new FeedbackInitialization.WeightProduct(0),
                                context.seed()));
    }

    /** The difference of the rates, no larger than 0.01. */
    private static void bounded(Activation activation, LayerTile tile) {
        int end = tile.offset() + tile.samples() * tile.width();
        for (int n = tile.offset(); n < end; n++) {
            double slope = activation.derivative(tile.feedforwardVoltage()[n]);
            tile.postsynapticFactor()[n] = Math.clamp(slope * tile.difference()[n], -0.01, 0.01);
        }
    }
}
