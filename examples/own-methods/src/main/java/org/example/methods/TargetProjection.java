package org.example.methods;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.network.Initialization;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.ProgramBuilder;

import java.util.stream.IntStream;

/**
 * Direct random target projection (Frenkel, Lefebvre and Bol 2021): hidden layers learn from a
 * fixed random projection of the target, and not from an error.
 */
public final class TargetProjection extends OwnMethod {
    @Override
    public String name() {
        return "drtp";
    }

    @Override
    public String summary() {
        return "direct random target projection";
    }

    @Override
    public LearningPlan plan(Settings s, MethodContext context) {
        var network = context.network();
        var builder = context.builder();
        var w = builder.weights();
        var b = builder.biases();
        int last = network.depth() - 1;
        var projections =
                builder.group(
                        "P",
                        IntStream.range(0, last)
                                .mapToObj(i -> new int[] {network.size(i), network.outputs()})
                                .toList());
        ProgramBuilder p = LayerProgram.builder(network).gradient(s.forward().clipping(), w, b);
        for (int i = 0; i <= last; i++) {
            var e =
                    i < last
                            ? p.product("e_" + (i + 1), projections, i, p.targets())
                            : p.lossGradient("e_" + (i + 1), p.rate(i));
            var delta = p.throughSlope("delta_" + (i + 1), e, i);
            p.outerInto(w, i, delta, p.presynaptic(i)).sumInto(b, i, delta);
        }
        return oneStep(
                builder, builder.program("projection", p.build()), s, () -> context.parametersWith(projections, Initialization.XAVIER));
    }
}
