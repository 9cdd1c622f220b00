package io.dfc.algorithms.method.perturb;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.Operation.NoiseInto;
import io.dfc.api.plan.Operation.ParameterNoise;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramBuilder;

import java.util.ArrayList;
import java.util.List;

/**
 * The program of weight perturbation: {@code xi ~ N(0, sigma^2)} for all parameters, {@code d =
 * Loss(theta + xi) - Loss(theta)}, {@code G = d xi / sigma^2}; reports {@code d}.
 *
 * @param network the network
 * @param w weights
 * @param b biases
 * @param sigma standard deviation of the noise
 * @param clipping bound of the gradient
 */
record PerturbationProgram(
        Network network, ParameterGroup w, ParameterGroup b, double sigma, Clipping clipping) {
    /** The number that is reported: what the noise did to the loss. */
    static final String ERROR = "predictionError";

    /** The number that is reported: what a method remembers. */
    static final String MEMORY = "memory";

    /** Weight perturbation. */
    LayerProgram plain() {
        return write().build();
    }

    /**
     * The same with a number that a method remembers from minibatch to minibatch: it is reported,
     * and its gradient is 1, so that a step moves it by what the method likes.
     *
     * @param memory a group of one vector of length 1
     */
    LayerProgram remembering(ParameterGroup memory) {
        ProgramBuilder p = write().gradient(new Clipping.None(), memory);
        Buffer number = p.addBias("number", p.fill("number", 1, 0), memory, 0);
        p.report(MEMORY, number);
        p.add(new Operation.SumInto(new Held(memory, 0), 1, true, p.fill("one", 1, 1)));
        return p.build();
    }

    private ProgramBuilder write() {
        ProgramBuilder p = LayerProgram.builder(network).gradient(clipping, w, b);
        List<ParameterNoise> drawn = new ArrayList<>();
        Buffer below = p.input();
        for (int i = 0; i < network.depth(); i++) {
            String at = "_" + (i + 1);
            ParameterNoise ofWeights = new ParameterNoise(w, i, 2 * i, sigma);
            Buffer clean = p.addBias("z" + at, p.product("z" + at, w, i, below), b, i);
            Buffer change = p.product("n" + at, ofWeights, false, below);
            drawn.add(ofWeights);
            if (b.tensors() > 0) {
                ParameterNoise ofBiases = new ParameterNoise(b, i, 2 * i + 1, sigma);
                change = p.addBias("n" + at, change, ofBiases);
                drawn.add(ofBiases);
            }
            Buffer voltage = p.combine("z" + at, 1, clean, 1, change);
            below = p.activate("h" + at, Form.RATE, network.activation(i), voltage);
        }
        Buffer before = p.sampleLoss("before", p.rate(network.depth() - 1));
        Buffer error = p.combine("d", 1, p.sampleLoss("after", below), -1, before);
        drawn.forEach(xi -> p.add(new NoiseInto(xi, 1 / (sigma * sigma), error)));
        return p.report(ERROR, error);
    }
}
