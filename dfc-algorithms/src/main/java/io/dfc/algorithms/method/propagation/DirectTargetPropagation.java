package io.dfc.algorithms.method.propagation;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.Operation.OuterInto;
import io.dfc.api.plan.Operation.SumInto;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramBuilder;

import java.util.Optional;

/**
 * Direct difference target propagation (arXiv 2006.14331): a map {@code g_i} from the output's
 * voltage to every hidden layer. Linear, {@code g_i(a) = Q_i a + c_i}, or behind a fixed random
 * hidden layer that all but the last hidden layer share, {@code g_i(a) = Q_i tanh(R a + r) + c_i}.
 *
 * @param network the network, with a linear output
 * @param w weights
 * @param b biases
 * @param q matrices of the maps
 * @param c biases of the maps
 * @param shared matrix and biases of the shared hidden layer, if there is one
 * @param clipping bound of the gradient of weights and biases
 */
record DirectTargetPropagation(
        Network network,
        ParameterGroup w,
        ParameterGroup b,
        ParameterGroup q,
        ParameterGroup c,
        Optional<Shared> shared,
        Clipping clipping) {
    private static final Clipping NONE = new Clipping.None();

    /** The shared hidden layer. */
    record Shared(ParameterGroup matrix, ParameterGroup biases) {}

    private int last() {
        return network.depth() - 1;
    }

    /** What {@code Q_i} multiplies. */
    private Buffer features(ProgramBuilder p, String out, int layer, Buffer output) {
        if (shared.isEmpty() || layer == last() - 1) {
            return p.scale(out, 1, output);
        }
        Shared s = shared.get();
        Buffer voltage = p.addBias(out, p.product(out, s.matrix(), 0, output), s.biases(), 0);
        return p.activate(out, Form.RATE, new Activation.Tanh(), voltage);
    }

    private Buffer map(ProgramBuilder p, String out, int layer, Buffer features) {
        return p.addBias(out, p.product(out, q, layer, features), c, layer);
    }

    /** The gradient of weights and biases. */
    LayerProgram targets(double lambda) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(clipping, w, b);
        Buffer target = TargetPropagation.outputTarget(p, last(), lambda);
        TargetPropagation.learn(p, w, b, last(), target);
        for (int i = 0; i < last(); i++) {
            String at = "_" + (i + 1);
            Buffer there = map(p, "u" + at, i, features(p, "f" + at, i, target));
            Buffer here = map(p, "o" + at, i, features(p, "h" + at, i, p.voltage(last())));
            Buffer moved = p.combine("m" + at, 1, there, -1, here);
            TargetPropagation.learn(p, w, b, i, p.combine("t" + at, 1, p.rate(i), 1, moved));
        }
        return p.build();
    }

    /**
     * The gradient of the maps: {@code 1 / sigma^2 MSE(g_i(a~) + h_i - g_i(a), h_i + sigma xi)}, or
     * without the difference correction {@code MSE(g_i(a~), h_i + sigma xi)}.
     */
    LayerProgram reconstruction(double sigma, boolean difference) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(NONE, q, c);
        for (int i = 0; i < last(); i++) {
            String at = "_" + (i + 1);
            Buffer xi = p.noise("xi" + at, network.size(i), i, sigma);
            Buffer moved = p.combine("m" + at, 1, p.rate(i), 1, xi);
            Buffer x = moved;
            for (int j = i + 1; j <= last(); j++) {
                x = TargetPropagation.above(p, network, w, b, "y" + at + "_" + (j + 1), j, x);
            }
            Buffer there = features(p, "f" + at, i, x);
            Buffer found = map(p, "u" + at, i, there);
            double scale = 2.0 / network.size(i) / (difference ? sigma * sigma : 1);
            if (difference) {
                Buffer here = features(p, "h" + at, i, p.voltage(last()));
                Buffer correction =
                        p.combine("k" + at, 1, p.rate(i), -1, map(p, "o" + at, i, here));
                Buffer error =
                        p.combine(
                                "e" + at,
                                1,
                                p.combine("e" + at, 1, found, 1, correction),
                                -1,
                                moved);
                p.add(new OuterInto(new Held(q, i), scale, true, error, there));
                p.add(new OuterInto(new Held(q, i), -scale, true, error, here));
            } else {
                Buffer error = p.combine("e" + at, 1, found, -1, moved);
                p.add(new OuterInto(new Held(q, i), scale, true, error, there));
                p.add(new SumInto(new Held(c, i), scale, true, error));
            }
        }
        return p.build();
    }
}
