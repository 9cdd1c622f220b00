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

/**
 * Difference target propagation through the inverses {@code f_i(x) = psi(V_i x + c_i)} of layers
 * (DTP, and arXiv 2006.14331). {@code V_i} leads from the layer {@code i + 1} to the layer {@code
 * i}, layers from 0.
 *
 * @param network the network
 * @param w weights
 * @param b biases
 * @param v matrices of the inverses, shapes [n_i, n_(i+1)]
 * @param c biases of the inverses
 * @param psi rate function of the inverses
 * @param clipping bound of the gradient of weights and biases
 */
record TargetPropagation(
        Network network,
        ParameterGroup w,
        ParameterGroup b,
        ParameterGroup v,
        ParameterGroup c,
        Activation psi,
        Clipping clipping) {
    private static final Clipping NONE = new Clipping.None();

    private int last() {
        return network.depth() - 1;
    }

    /** {@code dW_i += 2 mean (h_i - t_i) * phi_i' h_(i-1)^T}, and the biases. */
    static void learn(
            ProgramBuilder p, ParameterGroup w, ParameterGroup b, int layer, Buffer target) {
        String at = "_" + (layer + 1);
        Buffer distance = p.combine("d" + at, 1, p.rate(layer), -1, target);
        Buffer delta = p.throughSlope("delta" + at, distance, layer);
        p.add(new OuterInto(new Held(w, layer), 2, true, delta, p.presynaptic(layer)));
        if (b.tensors() > 0) {
            p.add(new SumInto(new Held(b, layer), 2, true, delta));
        }
    }

    /** {@code h_L - lambda dLoss/dh_L}. */
    static Buffer outputTarget(ProgramBuilder p, int last, double lambda) {
        Buffer output = p.rate(last);
        return p.combine("t_" + (last + 1), 1, output, -lambda, p.lossGradient("g", output));
    }

    /** {@code out = f_i(x)}, and its voltage under the name {@code a}. */
    private Buffer inverse(ProgramBuilder p, String out, String a, int layer, Buffer x) {
        Buffer voltage = p.addBias(a, p.product(a, v, layer, x), c, layer);
        return p.activate(out, Form.RATE, psi, voltage);
    }

    /** The target of a layer from that of the layer above it, which may be any vector. */
    private Buffer below(ProgramBuilder p, String out, int layer, Buffer above) {
        String at = "_" + (layer + 1);
        Buffer there = inverse(p, "f" + at, "a" + at, layer, above);
        Buffer here = inverse(p, "h" + at, "a" + at, layer, p.rate(layer + 1));
        return p.combine(out, 1, p.combine(out, 1, there, 1, p.rate(layer)), -1, here);
    }

    /** The gradient of weights and biases; the targets are added to the gradient of a group. */
    LayerProgram targets(double lambda, ParameterGroup... seen) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(clipping, w, b);
        if (seen.length > 0) {
            p.gradient(NONE, seen);
        }
        Buffer target = outputTarget(p, last(), lambda);
        for (int i = last(); i >= 0; i--) {
            learn(p, w, b, i, target);
            if (seen.length > 0) {
                p.sumInto(seen[0], i, target);
            }
            if (i > 0) {
                target = below(p, "t_" + i, i - 1, target);
            }
        }
        return p.build();
    }

    /** {@code out = phi_i(W_i x + b_i)}. */
    static Buffer above(
            ProgramBuilder p,
            Network network,
            ParameterGroup w,
            ParameterGroup b,
            String out,
            int layer,
            Buffer x) {
        Buffer voltage = p.addBias(out, p.product(out, w, layer, x), b, layer);
        return p.activate(out, Form.RATE, network.activation(layer), voltage);
    }

    private Buffer above(ProgramBuilder p, String out, int layer, Buffer x) {
        return above(p, network, w, b, out, layer, x);
    }

    private Buffer corrupted(ProgramBuilder p, int layer, double sigma) {
        Buffer xi = p.noise("xi_" + (layer + 1), network.size(layer), layer, sigma);
        return p.combine("m_" + (layer + 1), 1, p.rate(layer), 1, xi);
    }

    /** Adds the gradient of {@code factor / n mean ||f_i(x) - ...||^2} through one {@code f_i}. */
    private void into(ProgramBuilder p, int layer, double factor, Buffer error, Buffer x) {
        String at = "_" + (layer + 1);
        Buffer voltage = p.addBias("a" + at, p.product("a" + at, v, layer, x), c, layer);
        Buffer slope = p.activate("s" + at, Form.SLOPE, psi, voltage);
        Buffer delta = p.hadamard("k" + at, error, slope);
        double scale = 2 * factor / network.size(layer);
        p.add(new OuterInto(new Held(v, layer), scale, true, delta, x));
        p.add(new SumInto(new Held(c, layer), scale, true, delta));
    }

    /** The gradient of the inverses: {@code 1 / max(sigma, 0.02)^2 MSE(f_i(F_i(h~)), h~)}. */
    LayerProgram reconstruction(double sigma) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(NONE, v, c);
        double factor = 1 / Math.pow(Math.max(sigma, 0.02), 2);
        for (int i = 0; i < last(); i++) {
            String at = "_" + (i + 1);
            Buffer moved = corrupted(p, i, sigma);
            Buffer rate = above(p, "y" + at, i + 1, moved);
            Buffer found = inverse(p, "f" + at, "a" + at, i, rate);
            into(p, i, factor, p.combine("e" + at, 1, found, -1, moved), rate);
        }
        return p.build();
    }

    /**
     * The gradient of the inverses from the difference reconstruction loss {@code 1 / sigma^2
     * MSE(h_i^rec, h~_i)}: up to the output and, with the difference correction, down again.
     */
    LayerProgram differenceReconstruction(double sigma) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(NONE, v, c);
        for (int i = 0; i < last(); i++) {
            String at = "_" + (i + 1);
            Buffer moved = corrupted(p, i, sigma);
            Buffer x = moved;
            for (int j = i + 1; j <= last(); j++) {
                x = above(p, "y" + at + "_" + (j + 1), j, x);
            }
            for (int j = last() - 1; j > i; j--) {
                x = below(p, "rec" + at + "_" + (j + 1), j, x);
            }
            Buffer found = below(p, "rec" + at, i, x);
            Buffer error = p.combine("e" + at, 1, found, -1, moved);
            double factor = 1 / (sigma * sigma);
            into(p, i, factor, error, x);
            into(p, i, -factor, error, p.rate(i + 1));
        }
        return p.build();
    }

    /**
     * The gradient of the inverses from the local difference reconstruction loss {@code mean( -xi^T
     * (f(F(h + sigma xi)) - f(F(h))) / sigma + ||f(F(h) + sigma eta) - f(F(h))||^2 / (2 sigma^2)
     * )}, summed over the units, whose minimum is the transposed Jacobian (arXiv 2201.13415).
     */
    LayerProgram localDifferenceReconstruction(double sigma) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(NONE, v, c);
        for (int i = 0; i < last(); i++) {
            String at = "_" + (i + 1);
            Buffer xi = p.noise("xi" + at, network.size(i), i, 1);
            Buffer moved = p.combine("m" + at, 1, p.rate(i), sigma, xi);
            Buffer up = above(p, "y" + at, i + 1, moved);
            double half = network.size(i) / 2.0;
            into(p, i, -half / sigma, xi, up);
            into(p, i, half / sigma, xi, p.rate(i + 1));
            Buffer eta = p.noise("eta" + at, network.size(i + 1), last() + i, sigma);
            Buffer shaken = p.combine("z" + at, 1, p.rate(i + 1), 1, eta);
            Buffer there = inverse(p, "f" + at, "a" + at, i, shaken);
            Buffer here = inverse(p, "h" + at, "a" + at, i, p.rate(i + 1));
            Buffer response = p.combine("e" + at, 1, there, -1, here);
            into(p, i, half / (sigma * sigma), response, shaken);
            into(p, i, -half / (sigma * sigma), response, p.rate(i + 1));
        }
        return p.build();
    }
}
