package io.dfc.api.reference;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.spi.BackwardPass;
import io.dfc.api.spi.Gradients;

/** Backpropagation of the mean loss over one minibatch, and its result. */
final class BackwardRun implements BackwardPass {
    private final GradientArrays gradient;

    BackwardRun(
            ParameterArrays parameters,
            Activity feedforward,
            double[] outputGradient,
            Clipping clipping) {
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
        gradient.clip(clipping);
    }

    GradientArrays gradientArrays() {
        return gradient;
    }

    @Override
    public double gradientNorm(int layer) {
        return gradient.norm(layer);
    }

    @Override
    public Gradients gradients() {
        return gradient.toGradients();
    }
}
