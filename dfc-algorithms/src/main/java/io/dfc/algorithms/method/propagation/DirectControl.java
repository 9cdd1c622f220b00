package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.api.learn.Optimizer;

/**
 * DDTP-control (arXiv 2006.14331): the linear maps of DDTP-linear, learnt from the plain loss
 * {@code |g_i(a~) - (r_i + sigma xi)|^2} without the difference correction, to see what that is
 * worth.
 */
public final class DirectControl extends LinearMapMethod {
    /** The method. */
    public DirectControl() {
        super(
                "ddtp-control",
                "ddtp-linear whose maps learn without the difference correction, a control",
                false);
    }

    /** Those published for MNIST. */
    @Override
    public TargetSettings defaults() {
        return new TargetSettings(
                ForwardSection.adam(9.43e-4, 0.999, 5.55e-8),
                new TargetSection(0.09417),
                FeedbackMapSection.learning(
                                "linear",
                                0.00872,
                                1.871e-4,
                                new Optimizer.Adam(0.9, 0.999, 1.23e-8))
                        .withSweeps()
                        .withDecay(4.02e-4));
    }
}
