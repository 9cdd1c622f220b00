package io.dfc.api.plan.methods;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.Operation.OuterInto;
import io.dfc.api.plan.Operation.SumInto;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramBuilder;

/** Backpropagation of the last layer alone, and feedback through fixed matrices. */
final class AlignmentPrograms {
    private AlignmentPrograms() {}

    static LayerProgram shallow(Network network, ParameterGroup w, ParameterGroup b) {
        int last = network.depth() - 1;
        ProgramBuilder p = LayerProgram.builder(network).gradient(new Clipping.None(), w, b);
        Buffer e = p.lossGradient("e", p.rate(last));
        Buffer delta = p.throughSlope("delta", e, last);
        return p.outerInto(w, last, delta, p.presynaptic(last)).sumInto(b, last, delta).build();
    }

    /** Feedback alignment; {@code feedback} has shapes [n_i, n_(i+1)]. */
    static LayerProgram feedbackAlignment(
            Network network, ParameterGroup w, ParameterGroup b, ParameterGroup feedback) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(new Clipping.None(), w, b);
        int last = network.depth() - 1;
        Buffer e = p.lossGradient("e_" + network.depth(), p.rate(last));
        for (int i = last; i >= 0; i--) {
            Buffer delta = p.throughSlope("delta_" + (i + 1), e, i);
            p.outerInto(w, i, delta, p.presynaptic(i)).sumInto(b, i, delta);
            if (i > 0) {
                e = p.product("e_" + i, feedback, i - 1, delta);
            }
        }
        return p.build();
    }

    /** Direct feedback alignment; {@code feedback} has shapes [n_i, n_L]. */
    static LayerProgram directFeedbackAlignment(
            Network network,
            ParameterGroup w,
            ParameterGroup b,
            ParameterGroup feedback,
            double lambda) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(new Clipping.PerTensor(1), w, b);
        int last = network.depth() - 1;
        Buffer g = p.lossGradient("g", p.rate(last));
        for (int i = 0; i <= last; i++) {
            Buffer delta =
                    i == last
                            ? g
                            : p.throughSlope(
                                    "delta_" + (i + 1),
                                    p.product("e_" + (i + 1), feedback, i, g),
                                    i);
            p.add(new OuterInto(new Held(w, i), 2 * lambda, true, delta, p.presynaptic(i)));
            p.add(new SumInto(new Held(b, i), 2 * lambda, true, delta));
        }
        return p.build();
    }
}
