package io.dfc.algorithms.method.control;

import static io.dfc.algorithms.method.control.ControlledStates.at;

import io.dfc.api.learn.Optimizer;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.ProgramBuilder;

/**
 * The program of the energy-based variant (arXiv 2207.01332): {@code |x - f|^2 / 2 + |o - f_L|^2 /
 * 2 + Loss(o) / alpha} is minimised by Adam, from 0.
 *
 * @param states the network
 * @param leakage {@code alpha}, above 0
 * @param steps number of steps
 * @param rate Adam's learning rate
 */
record EnergyDescent(ControlledStates states, double leakage, int steps, double rate) {
    LayerProgram program() {
        ProgramBuilder p = states.begin();
        states.rest(p);
        Optimizer adam = new Optimizer.Adam(0.9, 0.999, 1e-8);
        int last = states.last();
        p.repeat(
                steps,
                body -> {
                    distances(body);
                    Buffer q = body.lossGradient("q", states.output("o"));
                    body.combine("do", 1, states.output("u"), 1 / leakage, q);
                    for (int i = 0; i < last; i++) {
                        Buffer back =
                                body.transposedProduct(
                                        at("h", i), states.w(), i + 1, states.control(i + 1));
                        Buffer there = body.hadamard(at("h", i), back, states.hidden("p", i));
                        body.combine(at("dx", i), 1, states.hidden("e", i), -1, there);
                    }
                    for (int i = 0; i < last; i++) {
                        body.descend(states.hidden("x", i), states.hidden("dx", i), adam, rate);
                    }
                    body.descend(states.output("o"), states.output("do"), adam, rate);
                });
        distances(p);
        states.learn(p, states.controls());
        return p.build();
    }

    /** {@code e = x - f}, {@code u = o - f_L}. */
    private void distances(ProgramBuilder p) {
        states.predict(p);
        for (int i = 0; i < states.last(); i++) {
            p.combine(at("e", i), 1, states.hidden("x", i), -1, states.hidden("f", i));
        }
        Buffer readout = new Buffer(at("f", states.last()), states.network().outputs());
        p.combine("u", 1, states.output("o"), -1, readout);
    }
}
