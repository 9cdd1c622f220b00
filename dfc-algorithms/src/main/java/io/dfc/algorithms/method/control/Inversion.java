package io.dfc.algorithms.method.control;

import static io.dfc.algorithms.method.control.ControlledStates.at;

import io.dfc.api.learn.Clipping;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.Operation.OuterInto;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramBuilder;

import java.util.ArrayList;
import java.util.List;

/**
 * Programs of dynamic inversion (arXiv 2207.01332): a leaky integral controller drives output and
 * hidden voltages to a steady state, from whose controls the weights learn.
 *
 * <p>At the steady state {@code x_i = f_i + e_i}, {@code o = f_L + u}, {@code e_i = phi'(x_i) *
 * W_(i+1)^T e_(i+1)} and {@code u = -c dLoss/do} with the strength {@code c = k_i / alpha + k_p}.
 * These are the conditions for a stationary point of {@code H = |x - f|^2 / 2 + |o - f_L|^2 / 2 + c
 * Loss(o)} in {@code x} and {@code o}. So the gradient of {@code H} with respect to the parameters
 * is the partial one, {@code -e_i phi(x_(i-1))^T}, which is what weights learn from. The squared
 * control alone is the objective only as {@code alpha} goes to 0, where the loss must be least.
 *
 * @param states the network
 * @param c constants
 */
record Inversion(ControlledStates states, ControlConstants c) {
    private static final Clipping NONE = new Clipping.None();

    /** Step along which a sweep moves the control, towards that of the loss at the output. */
    private static final double RELAXATION = 0.5;

    /** How the control reaches a layer: a vector from the control above it. */
    private interface Feedback {
        Buffer of(ProgramBuilder p, int layer, Buffer above);
    }

    /** {@code u = k_i w - k_p q}, {@code q = dLoss/do}. */
    private void control(ProgramBuilder p) {
        Buffer q = p.lossGradient("q", states.output("o"));
        p.combine("u", c.integralGain(), states.output("w"), -c.proportionalGain(), q);
    }

    /** {@code x += dt (f - x + control)}. */
    private void move(ProgramBuilder p, int layer, Buffer control) {
        Buffer x = states.hidden("x", layer);
        Buffer f = states.hidden("f", layer);
        p.combine(x.name(), 1 - c.timeStep(), x, c.timeStep(), f);
        p.combine(x.name(), 1, x, c.timeStep(), control);
    }

    /** The same for the output, and {@code w += dt (-q - alpha w)}. */
    private void moveOutput(ProgramBuilder p) {
        double dt = c.timeStep();
        Buffer f = new Buffer(at("f", states.last()), states.network().outputs());
        Buffer o = p.combine("o", 1 - dt, states.output("o"), dt, f);
        p.combine("o", 1, o, dt, states.output("u"));
        p.combine("w", 1 - dt * c.leakage(), states.output("w"), -dt, states.output("q"));
    }

    /** Steps in time, all right-hand sides from old values, until nothing moves. */
    private void iterate(ProgramBuilder p, Feedback feedback) {
        List<Buffer> moving = states.rest(p);
        for (int i = 0; i < states.last(); i++) {
            moving.add(p.fill(at("e", i), states.network().size(i), 0));
        }
        moving.add(p.fill("w", states.network().outputs(), 0));
        double dt = c.timeStep();
        p.repeatUntil(
                c.mostSteps(),
                c.threshold() * dt,
                moving,
                body -> {
                    control(body);
                    states.predict(body);
                    for (int i = 0; i < states.last(); i++) {
                        Buffer above = feedback.of(body, i, states.control(i + 1));
                        body.hadamard(at("j", i), above, states.hidden("p", i));
                    }
                    for (int i = 0; i < states.last(); i++) {
                        Buffer e = states.hidden("e", i);
                        move(body, i, e);
                        body.combine(e.name(), 1 - dt, e, dt, states.hidden("j", i));
                    }
                    moveOutput(body);
                });
        control(p);
        states.predict(p);
    }

    private Buffer transposed(ProgramBuilder p, int layer, Buffer above) {
        return p.transposedProduct(at("h", layer), states.w(), layer + 1, above);
    }

    /**
     * The steady state by whole sweeps in place of steps in time: up with the controls as they are,
     * then the control of the output, half way, then down. One sweep carries news through all
     * layers, and what it leaves alone is the steady state of {@link #iterate}.
     */
    private void sweep(ProgramBuilder p) {
        int last = states.last();
        List<Buffer> moving = states.rest(p);
        for (int i = 0; i < last; i++) {
            p.fill(at("e", i), states.network().size(i), 0);
        }
        moving.add(p.fill("u", states.network().outputs(), 0));
        p.repeatUntil(
                c.mostSteps(),
                c.threshold(),
                moving,
                body -> {
                    up(body);
                    Buffer q = body.lossGradient("q", states.output("o"));
                    body.combine(
                            "u", 1 - RELAXATION, states.output("u"), -RELAXATION * c.strength(), q);
                    for (int i = last - 1; i >= 0; i--) {
                        Buffer above = transposed(body, i, states.control(i + 1));
                        body.hadamard(at("e", i), above, states.hidden("p", i));
                    }
                });
        up(p);
    }

    /** {@code x_i = f_i(x_(i-1)) + e_i}, {@code o = f_L + u}. */
    private void up(ProgramBuilder p) {
        int last = states.last();
        for (int i = 0; i < last; i++) {
            Buffer f = i == 0 ? states.hidden("f", 0) : states.predict(p, i);
            p.combine(at("x", i), 1, f, 1, states.hidden("e", i));
            states.rates(p, i);
        }
        p.combine("o", 1, states.predict(p, last), 1, states.output("u"));
    }

    /**
     * Dynamic inversion ({@code lcp-di}).
     *
     * @param direct whether by sweeps
     * @param seen a group to whose gradient voltages and output are added, for tests
     */
    LayerProgram dynamicInversion(boolean direct, ParameterGroup... seen) {
        ProgramBuilder p = states.begin();
        if (seen.length > 0) {
            p.gradient(NONE, seen);
        }
        if (direct) {
            sweep(p);
        } else {
            iterate(p, this::transposed);
        }
        states.learn(p, states.controls());
        if (seen.length > 0) {
            for (int i = 0; i < states.last(); i++) {
                p.sumInto(seen[0], i, states.hidden("x", i));
            }
            p.sumInto(seen[0], states.last(), states.output("o"));
        }
        return p.build();
    }

    /**
     * Learned feedback matrices in place of transposed weights ({@code lcp-kp}).
     *
     * @param f matrices [n_i, n_(i+1)] between hidden layers, and from the output to the last
     */
    LayerProgram kolenPollack(ParameterGroup f) {
        ProgramBuilder p = states.begin().gradient(NONE, f);
        iterate(p, (body, i, above) -> body.product(at("h", i), f, i, above));
        states.learn(p, states.controls());
        for (int i = 0; i < states.last(); i++) {
            p.add(
                    new OuterInto(
                            new Held(f, i),
                            -1,
                            false,
                            states.hidden("a", i),
                            states.control(i + 1)));
        }
        return p.build();
    }

    /** Shrinks parameters by a step of its own: it forms a gradient of zero, the decay steps. */
    LayerProgram nothing(ParameterGroup... groups) {
        return LayerProgram.builder(states.network()).gradient(NONE, groups).build();
    }

    /**
     * Linear feedback {@code e_i = Q_i u} ({@code lcp-lf}), which learns from a second, noisy
     * simulation.
     *
     * @param q feedback matrices [n_i, n_L] of the hidden layers
     * @param noisy constants of that simulation
     */
    LayerProgram linearFeedback(ParameterGroup q, Noisy noisy) {
        ProgramBuilder p = states.begin().gradient(NONE, q);
        List<Buffer> moving = states.rest(p);
        moving.add(p.fill("w", states.network().outputs(), 0));
        p.repeatUntil(
                c.mostSteps(),
                c.threshold() * c.timeStep(),
                moving,
                body -> {
                    control(body);
                    states.predict(body);
                    for (int i = 0; i < states.last(); i++) {
                        move(body, i, body.product(at("e", i), q, i, states.output("u")));
                    }
                    moveOutput(body);
                });
        control(p);
        states.predict(p);
        List<Buffer> controls = new ArrayList<>();
        for (int i = 0; i < states.last(); i++) {
            Buffer e = p.product(at("e", i), q, i, states.output("u"));
            Buffer moved = p.combine(at("z", i), 1, states.hidden("f", i), 1, e);
            Buffer slope =
                    p.activate(at("z", i), Form.SLOPE, states.network().activation(i), moved);
            controls.add(p.hadamard(at("k", i), e, slope));
        }
        controls.add(states.output("u"));
        states.learn(p, controls);
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
        Buffer before = p.scale("u'", 1, states.output("u"));
        double dt = c.timeStep() / (noisy.scale() * noisy.scale());
        double rate = noisy.scale() / noisy.timeConstant();
        for (int i = 0; i < states.last(); i++) {
            p.fill(at("eta", i), states.network().size(i), 0);
        }
        p.repeat(
                noisy.rounds(),
                body -> {
                    control(body);
                    states.predict(body);
                    Buffer change = body.combine("c", 1, states.output("u"), -1, before);
                    for (int i = 0; i < states.last(); i++) {
                        Buffer xi = body.noise(at("xi", i), states.network().size(i), i, 1);
                        Buffer eta =
                                body.combine(
                                        at("eta", i),
                                        1 - rate * dt,
                                        states.hidden("eta", i),
                                        rate * Math.sqrt(dt),
                                        xi);
                        Buffer drive = body.product(at("v'", i), q, i, states.output("u"));
                        Buffer apical = body.combine(at("v'", i), 1, drive, noisy.sigma(), eta);
                        move(body, i, apical);
                        double factor = 1 / (noisy.sigma() * noisy.sigma());
                        body.add(new OuterInto(new Held(q, i), factor, true, apical, change));
                    }
                    moveOutput(body);
                });
    }
}
