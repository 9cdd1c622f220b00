package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Small random networks. */
final class Fixtures {
    private Fixtures() {}

    static Tensor random(SplittableRandom random, double scale, int... shape) {
        int size = 1;
        for (int d : shape) {
            size *= d;
        }
        double[] data = new double[size];
        for (int i = 0; i < size; i++) {
            data[i] = scale * random.nextGaussian();
        }
        return Tensor.wrap(data, shape);
    }

    static Network network(Activation hidden, Activation output, int... sizes) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 1; i < sizes.length; i++) {
            layers.add(new Layer(sizes[i], i < sizes.length - 1 ? hidden : output));
        }
        return new Network(sizes[0], layers, true);
    }

    /** Weights of variance 1/n, biases and feedback weights. */
    static NetworkMatrices matrices(Network network, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Tensor> w = new ArrayList<>();
        List<Tensor> b = new ArrayList<>();
        List<Tensor> q = new ArrayList<>();
        for (int i = 0; i < network.depth(); i++) {
            double scale = 1 / Math.sqrt(network.fanIn(i));
            w.add(random(random, scale, network.size(i), network.fanIn(i)));
            b.add(random(random, 0.1, network.size(i)));
            q.add(random(random, 0.5, network.size(i), network.outputs()));
        }
        return NetworkMatrices.of(network, Parameters.of(w, b, q));
    }

    static NetworkMatrices withFeedback(NetworkMatrices matrices, Matrix stacked) {
        List<Matrix> q = new ArrayList<>();
        int row = 0;
        for (int i = 0; i < matrices.network().depth(); i++) {
            int n = matrices.network().size(i);
            q.add(
                    Matrix.wrap(
                            n,
                            stacked.columns(),
                            Arrays.copyOfRange(
                                    stacked.data(),
                                    row * stacked.columns(),
                                    (row + n) * stacked.columns())));
            row += n;
        }
        return new NetworkMatrices(matrices.network(), matrices.weights(), matrices.biases(), q);
    }

    static Minibatch regression(Network network, int samples, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Minibatch(
                random(random, 1, samples, network.inputs()),
                new Targets.Values(random(random, 1, samples, network.outputs())));
    }

    static Matrix square(int n, long seed) {
        return Matrix.of(random(new SplittableRandom(seed), 1, n, n));
    }
}
