package io.dfc.algorithms.model;

import static io.dfc.api.network.Activations.TANH;

import io.dfc.api.network.Network;
import io.dfc.api.spi.Backends;

import java.util.SplittableRandom;

/** Three clouds of points in four columns of very different units, which a network tells apart. */
final class Blobs {
    private static final int WIDTH = 4;
    private static final double[] SCALES = {1000, 1, 0.001, 50};

    private Blobs() {}

    static float[][] x(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] x = new float[rows][WIDTH];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < WIDTH; j++) {
                double center = i % 3 == j ? 2 : 0;
                x[i][j] = (float) (SCALES[j] * (100 + center + 0.4 * random.nextGaussian()));
            }
        }
        return x;
    }

    static int[] classes(int rows) {
        int[] classes = new int[rows];
        for (int i = 0; i < rows; i++) {
            classes[i] = i % 3;
        }
        return classes;
    }

    static Network network() {
        return Network.of(TANH, WIDTH, 16, 3);
    }

    /** A model on the reference, which computes everywhere. */
    static Model model(Method method) {
        return Model.create(network(), method, Backends.named("reference"), 1);
    }

    /** A model that has learnt the clouds. */
    static Model fitted(Method method, int epochs) {
        Model model = model(method);
        model.fit(Data.of(x(90, 1), classes(90)), Fit.epochs(epochs).batch(15));
        return model;
    }

    static double share(int[] found, int[] right) {
        int same = 0;
        for (int i = 0; i < right.length; i++) {
            same += found[i] == right[i] ? 1 : 0;
        }
        return (double) same / right.length;
    }
}
