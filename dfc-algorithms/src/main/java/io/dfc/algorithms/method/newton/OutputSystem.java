package io.dfc.algorithms.method.newton;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramBuilder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Programs of the minimum-norm and the Gauss-Newton update. With the Jacobians {@code J_i =
 * dr_L/dv_i} of a sample both solve {@code (sum_i c_i J_i J_i^T + gamma I) x = g} in the outputs,
 * {@code g = dLoss/dr_L}, and form {@code dW_i = sum_b (J_i^T x) r_(i-1)^T}. In the minimum-norm
 * update {@code c_i} is 1; in the Gauss-Newton update it is {@code |r_(i-1)|^2 + 1} (without biases
 * {@code |r_(i-1)|^2}), for then the matrix is {@code K K^T} with the Jacobian {@code K} by all
 * parameters.
 *
 * <p>The matrix is formed column by column, each by a pass down and a pass up, and the system is
 * solved by elimination without pivoting, which a positive definite one does not need. A pivot's
 * reciprocal comes from Newton's iteration {@code y = y (2 - pivot y)}, for no operation divides.
 *
 * @param network the network
 * @param w weights
 * @param b biases
 * @param units {@code n_L} matrices [n_L, n_L] whose column {@code k} is of ones, others 0, which
 *     spread the number {@code k} of a vector; then {@code n_L} vectors with a one at {@code k}
 * @param norms for Gauss-Newton, to each layer a row [1, n_(i-1)] and a column [n_i, 1] of ones
 * @param damping {@code gamma}, above 0
 * @param clipping bound of the gradient
 */
record OutputSystem(
        Network network,
        ParameterGroup w,
        ParameterGroup b,
        ParameterGroup units,
        Optional<ParameterGroup> norms,
        double damping,
        Clipping clipping) {
    /** Half of the largest pivot whose reciprocal is found. */
    private static final double LARGEST_PIVOT = 1e8;

    /** Rounds after which a reciprocal whose first digit is right is right to the last. */
    private static final int POLISH = 6;

    private int last() {
        return network.depth() - 1;
    }

    private static String at(String name, int number) {
        return name + "_" + (number + 1);
    }

    /** The gradient of weights and biases. */
    LayerProgram program() {
        ProgramBuilder p = LayerProgram.builder(network).gradient(clipping, w, b);
        for (int i = 0; i <= last(); i++) {
            if (!isLinear(i)) {
                p.slope(at("s", i), i);
            }
            scale(p, i);
        }
        List<Buffer> columns = new ArrayList<>();
        for (int k = 0; k < network.outputs(); k++) {
            columns.add(column(p, k));
        }
        Buffer g = p.lossGradient("x", p.rate(last()));
        Buffer x = eliminate(p, columns, g);
        down(p, x);
        for (int i = 0; i <= last(); i++) {
            Buffer delta = layer("k", i);
            p.outerInto(w, i, delta, p.presynaptic(i)).sumInto(b, i, delta);
        }
        return p.build();
    }

    private Buffer layer(String name, int layer) {
        return new Buffer(at(name, layer), network.size(layer));
    }

    private boolean isLinear(int layer) {
        return network.activation(layer) instanceof Activation.Linear;
    }

    /** {@code x * phi_i'}. */
    private Buffer throughSlope(ProgramBuilder p, String out, Buffer x, int layer) {
        return isLinear(layer) ? p.scale(out, 1, x) : p.hadamard(out, x, layer("s", layer));
    }

    /** {@code c_i}, spread over the layer under the name {@code c}, if it is not 1. */
    private void scale(ProgramBuilder p, int layer) {
        norms.ifPresent(
                ones -> {
                    Buffer below = p.presynaptic(layer);
                    Buffer squares = p.hadamard(at("h", layer), below, below);
                    Buffer norm = p.product("norm", ones, 2 * layer, squares);
                    Buffer spread = p.product(at("c", layer), ones, 2 * layer + 1, norm);
                    if (network.bias()) {
                        Buffer one = p.fill(at("o", layer), network.size(layer), 1);
                        p.combine(at("c", layer), 1, spread, 1, one);
                    }
                });
    }

    /** {@code J_i^T x} of all layers under the name {@code k}. */
    private void down(ProgramBuilder p, Buffer x) {
        Buffer delta = throughSlope(p, at("k", last()), x, last());
        for (int i = last() - 1; i >= 0; i--) {
            Buffer e = p.transposedProduct(at("e", i), w, i + 1, delta);
            delta = throughSlope(p, at("k", i), e, i);
        }
    }

    /** Column {@code k} of the matrix: down from a unit vector, scaled, and up again. */
    private Buffer column(ProgramBuilder p, int k) {
        Buffer unit = unit(p, k);
        down(p, unit);
        Buffer moved = scaled(p, 0);
        for (int i = 1; i <= last(); i++) {
            Buffer rate = throughSlope(p, at("a", i - 1), moved, i - 1);
            Buffer passed = p.product(at("u", i), w, i, rate);
            moved = p.combine(at("u", i), 1, passed, 1, scaled(p, i));
        }
        Buffer out = throughSlope(p, at("A", k), moved, last());
        return p.combine(at("A", k), 1, out, damping, unit);
    }

    private Buffer scaled(ProgramBuilder p, int layer) {
        Buffer delta = layer("k", layer);
        return norms.isEmpty() ? delta : p.hadamard(at("d", layer), delta, layer("c", layer));
    }

    private Buffer unit(ProgramBuilder p, int k) {
        Buffer zero = p.fill("unit", network.outputs(), 0);
        return p.addBias("unit", zero, new Held(units, network.outputs() + k));
    }

    /** Gauss-Jordan: what is right of a column, and the right-hand side, loses its share of it. */
    private Buffer eliminate(ProgramBuilder p, List<Buffer> columns, Buffer right) {
        int n = columns.size();
        for (int k = 0; k < n; k++) {
            Buffer column = columns.get(k);
            Buffer pivot = p.product("pivot", units, k, column);
            p.fill("inv", n, 1 / LARGEST_PIVOT);
            p.repeat(
                    rounds(),
                    body -> {
                        Buffer inv = new Buffer("inv", n);
                        Buffer done = body.hadamard("done", pivot, inv);
                        body.combine("inv", 2, inv, -1, body.hadamard("done", done, inv));
                    });
            Buffer way = p.combine("way", 1, unit(p, k), -1, column);
            way = p.hadamard("way", way, new Buffer("inv", n));
            for (int j = k + 1; j <= n; j++) {
                Buffer other = j < n ? columns.get(j) : right;
                Buffer share = p.product("share", units, k, other);
                p.combine(other.name(), 1, other, 1, p.hadamard("share", share, way));
            }
        }
        return right;
    }

    /**
     * Each round doubles a reciprocal that is far too small. No pivot is below the least eigenvalue
     * of the matrix, of which a linear output layer alone has 1 and the damping.
     */
    private int rounds() {
        boolean atLeastOne = isLinear(last()) && (norms.isEmpty() || network.bias());
        double least = damping + (atLeastOne ? 1 : 0);
        return (int)
                        Math.ceil(
                                Math.log(LARGEST_PIVOT / Math.min(least, LARGEST_PIVOT))
                                        / Math.log(2))
                + POLISH;
    }
}
