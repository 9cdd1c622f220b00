package io.dfc.api.testkit.scenario;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.Operation.OuterInto;
import io.dfc.api.plan.Operation.SumInto;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramBuilder;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Programs of published methods on a plan's groups. Layers count from 0. */
final class KitPrograms {
    private static final double SIGMA = 0.1;

    private final Network network;
    private final Plan.Builder plan;
    private final Clipping clipping;

    KitPrograms(Network network, Plan.Builder plan, Clipping clipping) {
        this.network = network;
        this.plan = plan;
        this.clipping = clipping;
    }

    private int last() {
        return network.depth() - 1;
    }

    /** One tensor to each hidden layer. */
    private List<int[]> hidden(IntFunction<int[]> shape) {
        return IntStream.range(0, last()).mapToObj(shape).toList();
    }

    private ProgramBuilder begin() {
        return LayerProgram.builder(network).gradient(clipping, plan.weights(), plan.biases());
    }

    private void learn(ProgramBuilder p, int layer, double factor, boolean mean, Buffer delta) {
        p.add(
                new OuterInto(
                        new Held(plan.weights(), layer),
                        factor,
                        mean,
                        delta,
                        p.presynaptic(layer)));
        if (network.bias()) {
            p.add(new SumInto(new Held(plan.biases(), layer), factor, mean, delta));
        }
    }

    /** Backpropagation of the last layer alone. */
    LayerProgram shallow() {
        ProgramBuilder p = begin();
        Buffer e = p.lossGradient("e", p.rate(last()));
        learn(p, last(), 1, false, p.throughSlope("delta", e, last()));
        return p.build();
    }

    /** Feedback alignment through {@code B_i}, shape [n_i, n_(i+1)]. */
    LayerProgram feedbackAlignment() {
        ParameterGroup b =
                plan.group("B", hidden(i -> new int[] {network.size(i), network.size(i + 1)}));
        ProgramBuilder p = begin();
        Buffer e = p.lossGradient("e_" + network.depth(), p.rate(last()));
        for (int i = last(); i >= 0; i--) {
            Buffer delta = p.throughSlope("delta_" + (i + 1), e, i);
            learn(p, i, 1, false, delta);
            if (i > 0) {
                e = p.product("e_" + i, b, i - 1, delta);
            }
        }
        return p.build();
    }

    /** Direct feedback alignment through {@code D_i}, shape [n_i, n_L]. */
    LayerProgram directFeedbackAlignment() {
        ParameterGroup d =
                plan.group("D", hidden(i -> new int[] {network.size(i), network.outputs()}));
        ProgramBuilder p = begin();
        Buffer g = p.lossGradient("g", p.rate(last()));
        learn(p, last(), 0.002, false, g);
        for (int i = 0; i < last(); i++) {
            Buffer e = p.product("e_" + (i + 1), d, i, g);
            learn(p, i, 0.002, false, p.throughSlope("delta_" + (i + 1), e, i));
        }
        return p.build();
    }

    /** Declares the inverses {@code V_i}, shape [n_i, n_(i+1)]: from a layer to the one below. */
    ParameterGroup inverses() {
        return plan.group("V", hidden(i -> new int[] {network.size(i), network.size(i + 1)}));
    }

    /** Declares the biases of the inverses. */
    ParameterGroup inverseBiases() {
        return plan.group("c", hidden(i -> new int[] {network.size(i)}));
    }

    private Buffer inverse(
            ProgramBuilder p, String out, ParameterGroup v, ParameterGroup c, int layer, Buffer x) {
        Buffer voltage = p.addBias(out, p.product(out, v, layer, x), c, layer);
        return p.activate(out, Form.RATE, network.activation(layer), voltage);
    }

    /** Difference target propagation: the gradient of weights and biases. */
    LayerProgram targets(ParameterGroup v, ParameterGroup c) {
        ProgramBuilder p = begin();
        Buffer rate = p.rate(last());
        // A smaller step would leave hardly any digit of the differences in float32.
        Buffer target = p.combine("t", 1, rate, -4, p.lossGradient("g", rate));
        for (int i = last(); i >= 0; i--) {
            Buffer distance = p.combine("d_" + (i + 1), 1, p.rate(i), -1, target);
            learn(p, i, 2, true, p.throughSlope("delta_" + (i + 1), distance, i));
            if (i > 0) {
                Buffer there = inverse(p, "f_" + i, v, c, i - 1, target);
                Buffer here = inverse(p, "h_" + i, v, c, i - 1, p.rate(i));
                target =
                        p.combine(
                                "t_" + i,
                                1,
                                p.combine("a_" + i, 1, p.rate(i - 1), -1, here),
                                1,
                                there);
            }
        }
        return p.build();
    }

    /** Difference target propagation: the gradient of the inverses, from noise. */
    LayerProgram reconstruction(ParameterGroup v, ParameterGroup c) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(clipping, v, c);
        for (int i = 0; i < last(); i++) {
            int above = i + 1;
            int width = network.size(i);
            Buffer noise = p.noise("xi_" + above, width, i, SIGMA);
            Buffer moved = p.combine("m_" + above, 1, p.rate(i), 1, noise);
            Buffer voltage =
                    p.addBias(
                            "z_" + above,
                            p.product("z_" + above, plan.weights(), above, moved),
                            plan.biases(),
                            above);
            Buffer rate = p.activate("y_" + above, Form.RATE, network.activation(above), voltage);
            Buffer back = p.addBias("k_" + above, p.product("k_" + above, v, i, rate), c, i);
            Buffer slope = p.activate("q_" + above, Form.SLOPE, network.activation(i), back);
            Buffer found = p.activate("k_" + above, Form.RATE, network.activation(i), back);
            Buffer error = p.combine("e_" + above, 1, found, -1, moved);
            Buffer delta = p.hadamard("e_" + above, error, slope);
            double factor = 2 / (width * SIGMA * SIGMA);
            p.add(new OuterInto(new Held(v, i), factor, true, delta, rate));
            p.add(new SumInto(new Held(c, i), factor, true, delta));
        }
        return p.build();
    }
}
