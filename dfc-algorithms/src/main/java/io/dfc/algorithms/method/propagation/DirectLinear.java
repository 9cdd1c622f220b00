package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.api.learn.Optimizer;

/**
 * Direct difference target propagation through linear maps (DDTP-linear, arXiv 2006.14331): {@code
 * t_i = g_i(t_L) + r_i - g_i(v_L)} with {@code g_i(a) = Q_i a + c_i}, learnt from {@code 1/sigma^2
 * |g_i(a~) + r_i - g_i(a) - (r_i + sigma xi)|^2}, {@code a~} the output of corrupted rates.
 */
public final class DirectLinear extends LinearMapMethod {
    /** The method. */
    public DirectLinear() {
        super(
                "ddtp-linear",
                "direct difference target propagation: a linear map from the output to each layer",
                true);
    }

    /** Those published for MNIST. */
    @Override
    public TargetSettings defaults() {
        return new TargetSettings(
                ForwardSection.adam(3.34e-4, 0.999, 1.26e-8),
                new TargetSection(0.06097),
                FeedbackMapSection.learning(
                                "linear",
                                0.09075,
                                1.638e-4,
                                new Optimizer.Adam(0.999, 0.999, 2.84e-4))
                        .withSweeps()
                        .withDecay(5.84e-7));
    }
}
