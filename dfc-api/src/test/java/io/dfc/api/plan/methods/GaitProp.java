package io.dfc.api.plan.methods;

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
 * GAIT-prop (arXiv 2006.06438) on square layers, of whose outputs the first are classes, and target
 * propagation by the same inverses. The published matrix is the transposed one, {@code M = W^T}.
 *
 * @param network the network, all layers as wide as the inputs
 * @param w weights
 * @param b biases
 * @param classes number of classes
 * @param gamma increment of the targets
 * @param rho strength of the bound to orthogonal matrices
 */
record GaitProp(
        Network network,
        ParameterGroup w,
        ParameterGroup b,
        int classes,
        double gamma,
        double rho) {
    private static final Clipping NONE = new Clipping.None();

    private int last() {
        return network.depth() - 1;
    }

    private static String at(String name, int layer) {
        return name + "_" + (layer + 1);
    }

    /** One-hot for the classes, the units' own rates elsewhere. */
    private Buffer target(ProgramBuilder p) {
        return p.select(at("t", last()), classes, p.targets(), p.rate(last()));
    }

    /**
     * {@code G += factor mean (h - t) * phi' h_(i-1)^T}, and the slopes under the name {@code s}.
     */
    private Buffer learn(ProgramBuilder p, int layer, double factor, Buffer target) {
        Buffer distance = p.combine(at("d", layer), 1, p.rate(layer), -1, target);
        Buffer slope = p.slope(at("s", layer), layer);
        Buffer error = p.hadamard(at("d", layer), distance, slope);
        p.add(new OuterInto(new Held(w, layer), factor, true, error, p.presynaptic(layer)));
        p.add(new SumInto(new Held(b, layer), factor, true, error));
        if (rho > 0) {
            p.add(new OrthogonalityInto(new Held(w, layer), rho));
        }
        return slope;
    }

    /** {@code W^-1 (phi^-1(rate) - b)}. */
    private Buffer inverse(ProgramBuilder p, int layer, Buffer rate) {
        Buffer voltage = p.activate(at("z", layer), Form.INVERSE, network.activation(layer), rate);
        Buffer negative = p.scale(at("z", layer), -1, voltage);
        Buffer shifted = p.addBias(at("z", layer), negative, b, layer);
        return p.solve(at("t", layer - 1), w, layer, p.scale(at("z", layer), -1, shifted));
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
        ProgramBuilder p = LayerProgram.builder(network).gradient(NONE, w, b);
        if (seen.length > 0) {
            p.gradient(NONE, seen);
        }
        Buffer target = target(p);
        double factor = 1;
        for (int i = last(); i >= 0; i--) {
            Buffer slope = learn(p, i, factor, target);
            if (seen.length > 0) {
                p.sumInto(seen[0], i, target);
            }
            if (i > 0) {
                Buffer asked = target;
                if (gait) {
                    // (1 - inc) h + inc t, inc = gamma phi'^2.
                    Buffer way = p.combine(at("m", i), 1, target, -1, p.rate(i));
                    way = p.hadamard(at("m", i), p.hadamard(at("m", i), way, slope), slope);
                    asked = p.combine(at("m", i), 1, p.rate(i), gamma, way);
                    factor /= gamma;
                }
                target = inverse(p, i, asked);
            }
        }
        return p.build();
    }
}
