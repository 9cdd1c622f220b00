package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.plan.LayerProgram;

/**
 * Difference target propagation whose inverses learn from the difference reconstruction loss (arXiv
 * 2006.14331): corrupted rates go up to the output and, with the difference correction, down again
 * through all inverses, of which the last one learns.
 */
public final class DifferenceReconstruction extends LayerwiseMethod {
    /** The method. */
    public DifferenceReconstruction() {
        super(
                "dtpdrl",
                "dtp whose inverses learn from the difference reconstruction loss, up to the output and back",
                false);
    }

    /** Those published for MNIST. */
    @Override
    public TargetSettings defaults() {
        return new TargetSettings(
                ForwardSection.adam(4.33e-4, 0.99, 1e-8),
                new TargetSection(0.06859),
                FeedbackMapSection.learning(
                                "tanh", 0.05688, 2.012e-5, new Optimizer.Adam(0.99, 0.999, 5.08e-8))
                        .withSweeps()
                        .withDecay(5.385e-6));
    }

    @Override
    LayerProgram reconstruction(TargetPropagation programs, double sigma) {
        return programs.differenceReconstruction(sigma);
    }
}
