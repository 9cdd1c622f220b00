package io.dfc.api.reference;

import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.BackwardHandle;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.spi.BackwardResult;

/** Backpropagation of the mean loss over one minibatch, and its result. */
final class BackwardRun implements BackwardResult {
    private final BackwardHandle phase;
    private final GradientArrays gradient;

    BackwardRun(
            ParameterArrays parameters,
            Activity feedforward,
            double[] outputGradient,
            BackwardHandle phase) {
        this.phase = phase;
        Network network = parameters.network;
        int samples = feedforward.samples;
        gradient = new GradientArrays(network);
        double[] delta = outputGradient.clone();
        for (int i = network.depth() - 1; i >= 0; i--) {
            for (int at = 0; at < delta.length; at++) {
                delta[at] *= network.activation(i).derivative(feedforward.v[i][at]);
            }
            for (int s = 0; s < samples; s++) {
                gradient.addProduct(i, 1, delta, feedforward.presynaptic(i), s);
            }
            if (i > 0) {
                double[] below = new double[samples * network.fanIn(i)];
                parameters.multiplyTransposedWeights(i, delta, below, samples);
                delta = below;
            }
        }
        gradient.clip(phase.phase().clipping());
    }

    GradientArrays gradientArrays() {
        return gradient;
    }

    @Override
    public double gradientNorm(GradientHandle handle, int layer) {
        phase.indexOf(handle);
        return gradient.norm(layer);
    }

    @Override
    public Parameters gradient(GradientHandle handle) {
        phase.indexOf(handle);
        return gradient.toParameters();
    }
}
