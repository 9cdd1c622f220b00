package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.plan.LayerProgram;

/**
 * Difference target propagation (Lee et al. 2015, as in arXiv 2006.14331): the target of a layer is
 * {@code t_(i-1) = f_i(t_i) + r_(i-1) - f_i(r_i)}, and each inverse {@code f_i} learns to find
 * corrupted rates again through one layer, {@code |f_i(phi_i(W_i (r + xi) + b_i)) - (r + xi)|^2}.
 */
public final class DifferenceTargetPropagation extends LayerwiseMethod {
    /** The method. */
    public DifferenceTargetPropagation() {
        super("dtp", "difference target propagation: targets through learned inverses", false);
    }

    /** Those published for MNIST. */
    @Override
    public TargetSettings defaults() {
        return new TargetSettings(
                ForwardSection.adam(2.8e-4, 0.999, 1e-8),
                new TargetSection(0.2195),
                FeedbackMapSection.learning(
                        "tanh", 0.08372, 1.958e-3, new Optimizer.Adam(0.9, 0.999, 7.54e-6)));
    }

    @Override
    LayerProgram reconstruction(TargetPropagation programs, double sigma) {
        return programs.reconstruction(sigma);
    }
}
