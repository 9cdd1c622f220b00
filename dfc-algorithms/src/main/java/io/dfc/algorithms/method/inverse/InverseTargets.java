package io.dfc.algorithms.method.inverse;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.Operation.OrthogonalityInto;
import io.dfc.api.plan.Operation.OuterInto;
import io.dfc.api.plan.Operation.SumInto;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramBuilder;

/**
 * Programs of GAIT-prop (arXiv 2006.06438) on layers whose matrices are square but for the first,
 * which no target passes, and of target propagation by the same inverses. The first outputs are
 * classes. The published matrix is the transposed one, {@code M = W^T}.
 *
 * @param network the network, all layers of one width
 * @param w weights
 * @param b biases
 * @param classes number of classes
 * @param gamma increment of the targets
 * @param rho strength of the bound to orthogonal matrices, on those that are square
 * @param clipping bound of the gradient
 */
record InverseTargets(
        Network network,
        ParameterGroup w,
        ParameterGroup b,
        int classes,
        double gamma,
        double rho,
        Clipping clipping) {
    private static final Clipping NONE = new Clipping.None();

    /** Way that a rate function is linear over, but leaves half of the digits of. */
    private static final double SHORTEST = 1e-6;

    private int last() {
        return network.depth() - 1;
    }

    private static String at(String name, int layer) {
        return name + "_" + (layer + 1);
    }

    /** One-hot for the classes, the units' own rates elsewhere, less the rates. */
    private Buffer outputWay(ProgramBuilder p) {
        Buffer target = p.select(at("t", last()), classes, p.targets(), p.rate(last()));
        return p.combine(at("d", last()), 1, target, -1, p.rate(last()));
    }

    /**
     * {@code G -= factor mean d * phi' h_(i-1)^T} with the way {@code d = t - h} to a target.
     *
     * @return the slopes
     */
    private Buffer learn(ProgramBuilder p, int layer, double factor, Buffer way) {
        Buffer slope = p.slope(at("s", layer), layer);
        Buffer error = p.hadamard(at("g", layer), way, slope);
        p.add(new OuterInto(new Held(w, layer), -factor, true, error, p.presynaptic(layer)));
        if (b.tensors() > 0) {
            p.add(new SumInto(new Held(b, layer), -factor, true, error));
        }
        return slope;
    }

    /**
     * {@code W^-1 (phi^-1(h + way) - phi^-1(h))}: the difference of the inverses of two rates, in
     * which biases cancel.
     *
     * @param longer factor on the way before the inverse of the rate function and divisor after it,
     *     so that rounding spares a way that is as short as {@code gamma^L}
     */
    private Buffer below(ProgramBuilder p, int layer, Buffer way, double longer) {
        Buffer rate = p.rate(layer);
        Buffer asked = p.combine(at("z", layer), 1, rate, longer, way);
        Buffer there = inverse(p, "z", layer, asked);
        Buffer here = inverse(p, "q", layer, rate);
        Buffer moved = p.combine(at("z", layer), 1 / longer, there, -1 / longer, here);
        return p.solve(at("d", layer - 1), w, layer, moved);
    }

    private Buffer inverse(ProgramBuilder p, String name, int layer, Buffer rate) {
        return p.activate(at(name, layer), Form.INVERSE, network.activation(layer), rate);
    }

    /** The gradient of GAIT-prop; the targets are added to the gradient of a group. */
    LayerProgram gait(ParameterGroup... seen) {
        return write(true, seen);
    }

    /** The gradient of target propagation. */
    LayerProgram targetPropagation(ParameterGroup... seen) {
        return write(false, seen);
    }

    private LayerProgram write(boolean gait, ParameterGroup... seen) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(clipping, w, b);
        if (seen.length > 0) {
            p.gradient(NONE, seen);
        }
        Buffer way = outputWay(p);
        double factor = 1;
        double longer = 1;
        for (int i = last(); i >= 0; i--) {
            Buffer slope = learn(p, i, factor, way);
            if (seen.length > 0) {
                p.sumInto(seen[0], i, p.combine(at("t", i), 1, p.rate(i), 1, way));
            }
            if (i > 0) {
                if (gait) {
                    Buffer part = p.hadamard(at("m", i), way, slope);
                    part = p.hadamard(at("m", i), part, slope);
                    way = p.scale(at("m", i), gamma, part);
                    factor /= gamma;
                    longer = Math.max(1, SHORTEST * factor);
                }
                way = below(p, i, way, longer);
            }
        }
        for (int i = 0; i <= last(); i++) {
            if (rho > 0 && network.fanIn(i) == network.size(i)) {
                p.add(new OrthogonalityInto(new Held(w, i), rho));
            }
        }
        return p.build();
    }
}
