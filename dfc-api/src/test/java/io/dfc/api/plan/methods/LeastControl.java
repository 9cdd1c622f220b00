package io.dfc.api.plan.methods;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimizer;
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
 * The least-control principle (arXiv 2207.01332) on a feedforward network: hidden voltages {@code
 * x_i}, output {@code o}, controls {@code e_i} and {@code u}, integral {@code w}. Layers count from
 * 0.
 *
 * @param network the network
 * @param w weights
 * @param b biases
 * @param alpha leak of the integral
 * @param rounds number of rounds at most
 * @param threshold change at which it ends
 */
record LeastControl(
        Network network,
        ParameterGroup w,
        ParameterGroup b,
        double alpha,
        int rounds,
        double threshold) {
    private static final Clipping NONE = new Clipping.None();
    private static final double INTEGRAL = 1;
    private static final double PROPORTIONAL = 0;
    private static final double STEP = 1;

    /** How the control reaches a layer. */
    private interface Feedback {
        /** {@code out}, from the controls above a layer or that of the output. */
        Buffer of(ProgramBuilder p, int layer);
    }

    private int last() {
        return network.depth() - 1;
    }

    private static String at(String name, int layer) {
        return name + "_" + (layer + 1);
    }

    private Buffer state(String name, int layer) {
        return new Buffer(at(name, layer), network.size(layer));
    }

    private Buffer output(String name) {
        return new Buffer(name, network.outputs());
    }

    /** All that moves, zero at the start. */
    private List<Buffer> begin(ProgramBuilder p, boolean controlled) {
        List<Buffer> states = new ArrayList<>();
        for (int i = 0; i < last(); i++) {
            states.add(p.fill(at("x", i), network.size(i), 0));
            if (controlled) {
                states.add(p.fill(at("e", i), network.size(i), 0));
            }
        }
        states.add(p.fill("o", network.outputs(), 0));
        return states;
    }

    /** {@code f_i = W_i a_(i-1) + b_i}, up to the readout {@code f_L}. */
    private void predict(ProgramBuilder p) {
        for (int i = 0; i <= last(); i++) {
            Buffer below = i == 0 ? p.input() : state("a", i - 1);
            p.addBias(at("f", i), p.product(at("f", i), w, i, below), b, i);
        }
    }

    private Buffer control(ProgramBuilder p) {
        Buffer q = p.lossGradient("q", output("o"));
        return p.combine("u", INTEGRAL, output("w"), -PROPORTIONAL, q);
    }

    /** {@code x += dt (f - x + control)}. */
    private void move(ProgramBuilder p, int layer, Buffer control) {
        Buffer x = state("x", layer);
        p.combine(x.name(), 1 - STEP, x, STEP, state("f", layer));
        p.combine(x.name(), 1, x, STEP, control);
    }

    private void moveOutput(ProgramBuilder p) {
        Buffer o = p.combine("o", 1 - STEP, output("o"), STEP, state("f", last()));
        p.combine("o", 1, o, STEP, output("u"));
        p.combine("w", 1 - STEP * alpha, output("w"), -STEP, output("q"));
    }

    /** Rates {@code a_i} and slopes {@code p_i} of the layers, before any moves. */
    private void ratesBefore(ProgramBuilder p) {
        for (int i = 0; i < last(); i++) {
            p.activate(at("a", i), Form.RATE, network.activation(i), state("x", i));
            p.activate(at("p", i), Form.SLOPE, network.activation(i), state("x", i));
        }
    }

    /** Dynamic inversion until nothing moves, through some feedback. */
    private void invert(ProgramBuilder p, Feedback feedback) {
        List<Buffer> states = begin(p, true);
        states.add(p.fill("w", network.outputs(), 0));
        p.repeatUntil(
                rounds,
                threshold * STEP,
                states,
                body -> {
                    control(body);
                    ratesBefore(body);
                    predict(body);
                    for (int i = 0; i < last(); i++) {
                        Buffer above = feedback.of(body, i);
                        body.hadamard(at("j", i), above, state("p", i));
                    }
                    for (int i = 0; i < last(); i++) {
                        move(body, i, state("e", i));
                        body.combine(at("e", i), 1 - STEP, state("e", i), STEP, state("j", i));
                    }
                    moveOutput(body);
                });
        control(p);
        ratesBefore(p);
        predict(p);
    }

    /** {@code -sum e_i (presynaptic of f at x)^T}, the readout from {@code phi(f + e)}. */
    private void learn(ProgramBuilder p, List<Buffer> controls) {
        for (int i = 0; i <= last(); i++) {
            Buffer below = i == 0 ? p.input() : state("a", i - 1);
            if (i == last()) {
                Buffer moved = p.combine("x'", 1, state("f", i - 1), 1, state("e", i - 1));
                below = p.activate("x'", Form.RATE, network.activation(i - 1), moved);
            }
            p.add(new OuterInto(new Held(w, i), -1, false, controls.get(i), below));
            p.add(new SumInto(new Held(b, i), -1, false, controls.get(i)));
        }
    }

    private List<Buffer> controls() {
        List<Buffer> controls = new ArrayList<>();
        for (int i = 0; i < last(); i++) {
            controls.add(state("e", i));
        }
        controls.add(output("u"));
        return controls;
    }

    private ProgramBuilder forming(ParameterGroup... seen) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(NONE, w, b);
        return seen.length == 0 ? p : p.gradient(NONE, seen);
    }

    /** Dynamic inversion ({@code lcp-di}); adds voltages and output to the gradient of a group. */
    LayerProgram dynamicInversion(ParameterGroup... seen) {
        ProgramBuilder p = forming(seen);
        invert(
                p,
                (body, i) ->
                        body.transposedProduct(
                                at("h", i),
                                w,
                                i + 1,
                                i == last() - 1 ? output("u") : state("e", i + 1)));
        learn(p, controls());
        if (seen.length > 0) {
            for (int i = 0; i < last(); i++) {
                p.sumInto(seen[0], i, state("x", i));
            }
            p.sumInto(seen[0], last(), output("o"));
        }
        return p.build();
    }

    /**
     * Learned feedback matrices in place of transposed weights ({@code lcp-kp}).
     *
     * @param f matrices [n_i, n_(i+1)] between hidden layers, and from the output to the last
     */
    LayerProgram kolenPollack(ParameterGroup f) {
        ProgramBuilder p = forming(f);
        invert(
                p,
                (body, i) ->
                        body.product(
                                at("h", i),
                                f,
                                i,
                                i == last() - 1 ? output("u") : state("e", i + 1)));
        learn(p, controls());
        for (int i = 0; i < last(); i++) {
            Buffer above = i == last() - 1 ? output("u") : state("e", i + 1);
            p.add(new OuterInto(new Held(f, i), -1, false, state("a", i), above));
        }
        return p.build();
    }

    /** Shrinks parameters by a step of its own: it forms a gradient of zero, the decay steps. */
    LayerProgram nothing(ParameterGroup... groups) {
        return LayerProgram.builder(network).gradient(NONE, groups).build();
    }

    /**
     * Linear feedback {@code e_i = Q_i u} ({@code lcp-lf}), which learns from a second, noisy
     * simulation.
     *
     * @param q feedback matrices [n_i, n_L] of the hidden layers
     */
    LayerProgram linearFeedback(ParameterGroup q, Noisy noisy) {
        ProgramBuilder p = forming(q);
        List<Buffer> states = begin(p, false);
        states.add(p.fill("w", network.outputs(), 0));
        p.repeatUntil(
                rounds,
                threshold * STEP,
                states,
                body -> {
                    control(body);
                    ratesBefore(body);
                    predict(body);
                    for (int i = 0; i < last(); i++) {
                        move(body, i, body.product(at("e", i), q, i, output("u")));
                    }
                    moveOutput(body);
                });
        control(p);
        ratesBefore(p);
        predict(p);
        List<Buffer> controls = new ArrayList<>();
        for (int i = 0; i < last(); i++) {
            Buffer e = p.product(at("e", i), q, i, output("u"));
            Buffer moved = p.combine(at("z", i), 1, state("f", i), 1, e);
            Buffer slope = p.activate(at("z", i), Form.SLOPE, network.activation(i), moved);
            controls.add(p.hadamard(at("k", i), e, slope));
        }
        controls.add(output("u"));
        learn(p, controls);
        simulate(p, q, noisy);
        return p.build();
    }

    /**
     * Constants of the noisy simulation.
     *
     * @param rounds number of steps
     * @param sigma standard deviation
     * @param scale time scale factor {@code s}
     * @param timeConstant {@code tau_eps}
     */
    record Noisy(int rounds, double sigma, double scale, double timeConstant) {}

    private void simulate(ProgramBuilder p, ParameterGroup q, Noisy noisy) {
        Buffer before = p.scale("u'", 1, output("u"));
        double dt = STEP / (noisy.scale() * noisy.scale());
        double rate = noisy.scale() / noisy.timeConstant();
        for (int i = 0; i < last(); i++) {
            p.fill(at("eta", i), network.size(i), 0);
        }
        p.repeat(
                noisy.rounds(),
                body -> {
                    control(body);
                    ratesBefore(body);
                    predict(body);
                    Buffer change = body.combine("c", 1, output("u"), -1, before);
                    for (int i = 0; i < last(); i++) {
                        Buffer xi = body.noise(at("xi", i), network.size(i), i, 1);
                        Buffer eta =
                                body.combine(
                                        at("eta", i),
                                        1 - rate * dt,
                                        state("eta", i),
                                        rate * Math.sqrt(dt),
                                        xi);
                        Buffer drive = body.product(at("v'", i), q, i, output("u"));
                        Buffer apical = body.combine(at("v'", i), 1, drive, noisy.sigma(), eta);
                        move(body, i, apical);
                        double factor = 1 / (noisy.sigma() * noisy.sigma());
                        body.add(new OuterInto(new Held(q, i), factor, true, apical, change));
                    }
                    moveOutput(body);
                });
    }

    /**
     * The energy {@code ||x - f||^2 / 2 + ||o - f_L||^2 / 2 + Loss(o) / alpha}, minimised by Adam
     * ({@code lcp-ebd}).
     */
    LayerProgram energyBased(double rate) {
        ProgramBuilder p = forming();
        begin(p, false);
        Optimizer adam = new Optimizer.Adam(0.9, 0.999, 1e-8);
        p.repeat(
                rounds,
                body -> {
                    distances(body);
                    Buffer q = body.lossGradient("q", output("o"));
                    body.combine("do", 1, output("u"), 1 / alpha, q);
                    for (int i = 0; i < last(); i++) {
                        Buffer above = i == last() - 1 ? output("u") : state("e", i + 1);
                        Buffer back = body.transposedProduct(at("h", i), w, i + 1, above);
                        Buffer there = body.hadamard(at("h", i), back, state("p", i));
                        body.combine(at("dx", i), 1, state("e", i), -1, there);
                    }
                    for (int i = 0; i < last(); i++) {
                        body.descend(state("x", i), state("dx", i), adam, rate);
                    }
                    body.descend(output("o"), output("do"), adam, rate);
                });
        distances(p);
        learn(p, controls());
        return p.build();
    }

    /** {@code e = x - f}, {@code u = o - f_L}. */
    private void distances(ProgramBuilder p) {
        ratesBefore(p);
        predict(p);
        for (int i = 0; i < last(); i++) {
            p.combine(at("e", i), 1, state("x", i), -1, state("f", i));
        }
        p.combine("u", 1, output("o"), -1, state("f", last()));
    }
}
