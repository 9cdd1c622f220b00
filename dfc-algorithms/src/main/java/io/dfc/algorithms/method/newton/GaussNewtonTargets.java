package io.dfc.algorithms.method.newton;

import io.dfc.algorithms.method.GradientLearning;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.Operation.OuterInto;
import io.dfc.api.plan.Operation.SolveGram;
import io.dfc.api.plan.Operation.SumInto;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramBuilder;

/**
 * Gauss-Newton targets (the reference of arXiv 2006.14331): the target of each layer is {@code r_i
 * - J_i^T (J_i J_i^T + gamma I)^-1 g} with {@code J_i = dr_L/dr_i} of that layer alone, and weights
 * descend the squared distance to it.
 */
public final class GaussNewtonTargets extends NewtonMethod {
    /** The method. */
    public GaussNewtonTargets() {
        super("gnt", "Gauss-Newton targets, damped: what target propagation would ideally send");
    }

    @Override
    public LearningPlan plan(NewtonSettings s, MethodContext context) {
        Plan.Builder builder = context.builder();
        LayerProgram program =
                program(
                        context.network(),
                        builder.weights(),
                        builder.biases(),
                        s.damping(),
                        s.forward().clipping());
        return GradientLearning.plan(builder, "update", program, s.forward(), context::parameters);
    }

    static LayerProgram program(
            Network network,
            ParameterGroup w,
            ParameterGroup b,
            double damping,
            Clipping clipping) {
        int last = network.depth() - 1;
        ProgramBuilder p = LayerProgram.builder(network).gradient(clipping, w, b);
        Buffer g = p.lossGradient("g", p.rate(last));
        for (int i = 0; i <= last; i++) {
            String at = "_" + (i + 1);
            Buffer way = new Buffer("x" + at, network.outputs());
            p.add(new SolveGram(way, i, damping, g));
            for (int j = last; j > i; j--) {
                Buffer delta = p.throughSlope("q" + at + "_" + (j + 1), way, j);
                way = p.transposedProduct("x" + at + "_" + j, w, j, delta);
            }
            Buffer delta = p.throughSlope("delta" + at, way, i);
            p.add(new OuterInto(new Held(w, i), 2, true, delta, p.presynaptic(i)));
            if (b.tensors() > 0) {
                p.add(new SumInto(new Held(b, i), 2, true, delta));
            }
        }
        return p.build();
    }
}
