package io.dfc.algorithms.method.control;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.Operation.OuterInto;
import io.dfc.api.plan.Operation.SumInto;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramBuilder;

import java.util.ArrayList;
import java.util.List;

/**
 * What the programs of the least-control principle (arXiv 2207.01332) have in common on a
 * feedforward network: hidden voltages {@code x_i}, output {@code o}, controls {@code e_i} and
 * {@code u}, integral {@code w}, free maps {@code f_i = W_i phi(x_(i-1)) + b_i} with the readout
 * {@code f_L}. Layers count from 0.
 *
 * @param network the network, with a hidden layer and a linear output
 * @param w weights
 * @param b biases
 * @param clipping bound of their gradient
 */
record ControlledStates(Network network, ParameterGroup w, ParameterGroup b, Clipping clipping) {
    int last() {
        return network.depth() - 1;
    }

    static String at(String name, int layer) {
        return name + "_" + (layer + 1);
    }

    /** A vector of a hidden layer. */
    Buffer hidden(String name, int layer) {
        return new Buffer(at(name, layer), network.size(layer));
    }

    /** A vector of the output. */
    Buffer output(String name) {
        return new Buffer(name, network.outputs());
    }

    /** The control of a layer, {@code u} for the output. */
    Buffer control(int layer) {
        return layer == last() ? output("u") : hidden("e", layer);
    }

    ProgramBuilder begin() {
        return LayerProgram.builder(network).gradient(clipping, w, b);
    }

    /** Voltages and output at 0, and the free map of the first layer, which never changes. */
    List<Buffer> rest(ProgramBuilder p) {
        predict(p, 0);
        List<Buffer> states = new ArrayList<>();
        for (int i = 0; i < last(); i++) {
            states.add(p.fill(at("x", i), network.size(i), 0));
        }
        states.add(p.fill("o", network.outputs(), 0));
        return states;
    }

    /** Rates {@code a_i} and slopes {@code p_i} of a hidden layer as it is. */
    void rates(ProgramBuilder p, int layer) {
        p.activate(at("a", layer), Form.RATE, network.activation(layer), hidden("x", layer));
        p.activate(at("p", layer), Form.SLOPE, network.activation(layer), hidden("x", layer));
    }

    /** {@code f_i} from the rates below. */
    Buffer predict(ProgramBuilder p, int layer) {
        Buffer below = layer == 0 ? p.input() : hidden("a", layer - 1);
        return p.addBias(at("f", layer), p.product(at("f", layer), w, layer, below), b, layer);
    }

    /**
     * The free maps of the layers above the first from the states as they are, with rates and
     * slopes.
     */
    void predict(ProgramBuilder p) {
        for (int i = 0; i < last(); i++) {
            rates(p, i);
        }
        for (int i = 1; i <= last(); i++) {
            predict(p, i);
        }
    }

    List<Buffer> controls() {
        List<Buffer> controls = new ArrayList<>();
        for (int i = 0; i <= last(); i++) {
            controls.add(control(i));
        }
        return controls;
    }

    /** {@code -sum e_i (presynaptic of f at x)^T}, the readout from {@code phi(f + e)}. */
    void learn(ProgramBuilder p, List<Buffer> controls) {
        for (int i = 0; i <= last(); i++) {
            Buffer below = i == 0 ? p.input() : hidden("a", i - 1);
            if (i == last()) {
                Buffer moved = p.combine("x'", 1, hidden("f", i - 1), 1, hidden("e", i - 1));
                below = p.activate("x'", Form.RATE, network.activation(i - 1), moved);
            }
            p.add(new OuterInto(new Held(w, i), -1, false, controls.get(i), below));
            if (b.tensors() > 0) {
                p.add(new SumInto(new Held(b, i), -1, false, controls.get(i)));
            }
        }
    }
}
