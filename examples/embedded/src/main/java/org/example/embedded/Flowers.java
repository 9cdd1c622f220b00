package org.example.embedded;

import static io.dfc.api.network.Activations.TANH;

import io.dfc.algorithms.model.Data;
import io.dfc.algorithms.model.Dfc;
import io.dfc.algorithms.model.Fit;
import io.dfc.algorithms.model.Model;
import io.dfc.api.network.Network;
import io.dfc.api.spi.Backends;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Learns to tell three kinds of flowers apart by four measures, and saves what it has learnt. */
public final class Flowers {
    public static void main(String[] arguments) {
        Random random = new Random(1);
        float[][] x = new float[150][4];
        int[] kinds = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            kinds[i] = i % 3;
            for (int j = 0; j < 4; j++) {
                x[i][j] = (float) (5 - j + (j > 1 ? kinds[i] : 0) + 0.3 * random.nextGaussian());
            }
        }
        Path file = Path.of(arguments.length > 0 ? arguments[0] : "flowers.dfc");
        Network network = Network.of(TANH, 4, 64, 64, 3);
        try (Model model = Model.create(network, Dfc.analytic(), Backends.auto(), 1)) {
            System.out.println(model.backend());
            Data data = Data.of(x, kinds).classNames("small", "middle", "large");
            System.out.println(model.fit(data, Fit.epochs(20).batch(32).validation(0.1)));
            model.save(file);
        }
        try (Model model = Model.load(file)) {
            int[] found = model.classify(new float[][] {{5, 4, 3, 2}, {5, 4, 5, 4}});
            System.out.println(Arrays.stream(found).mapToObj(model.classNames()::get).toList());
        }
    }
}
