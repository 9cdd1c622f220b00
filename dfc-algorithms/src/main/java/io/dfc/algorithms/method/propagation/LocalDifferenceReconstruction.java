package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.plan.LayerProgram;

/**
 * Local difference reconstruction (Ernoult et al. 2022, arXiv 2201.13415) on dense layers: each
 * inverse {@code G} of a layer {@code F} descends {@code -2 <eps, G(F(r + eps)) - G(F(r))> +
 * |G(F(r) + eta) - G(F(r))|^2}, here divided by {@code 2 sigma^2}, whose minimum has the transposed
 * Jacobian of {@code F}. It takes several steps on every minibatch, each with new noise, before
 * targets are led through it.
 */
public final class LocalDifferenceReconstruction extends LayerwiseMethod {
    /** The method. */
    public LocalDifferenceReconstruction() {
        super(
                "ldrl",
                "local difference reconstruction: inverses learn transposed Jacobians, several steps on a minibatch",
                true);
    }

    /** Nothing is published for dense networks; tried on the built-in digits. */
    @Override
    public TargetSettings defaults() {
        return new TargetSettings(
                ForwardSection.adam(1e-3, 0.999, 1e-8),
                new TargetSection(0.1),
                FeedbackMapSection.learning(
                                "linear", 0.1, 1e-3, new Optimizer.Adam(0.9, 0.999, 1e-8))
                        .withSteps(5));
    }

    @Override
    LayerProgram reconstruction(TargetPropagation programs, double sigma) {
        return programs.localDifferenceReconstruction(sigma);
    }
}
