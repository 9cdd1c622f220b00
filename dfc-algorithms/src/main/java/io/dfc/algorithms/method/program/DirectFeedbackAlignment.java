package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.GradientLearning;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.NamedMethod;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramBuilder;

import java.util.stream.IntStream;

/**
 * Direct feedback alignment (Nokland 2016) as the published DFC program has it: {@code dW_i = 2
 * lambda / B sum_b phi_i'(v_i) * (B_i g) r_(i-1)^T} with fixed random matrices {@code B_i}, [n_i,
 * n_L], and the gradient {@code g} of the mean loss at the output; the last layer takes {@code g}
 * itself.
 */
public final class DirectFeedbackAlignment extends NamedMethod<DirectAlignmentSettings> {
    private static final String GROUP = "B";

    /** The method. */
    public DirectFeedbackAlignment() {
        super(
                "dfa",
                "direct feedback alignment: the output error reaches every layer through a fixed random matrix",
                DirectAlignmentSettings.class);
    }

    @Override
    public DirectAlignmentSettings defaults() {
        return new DirectAlignmentSettings(
                ForwardSection.defaults(),
                new DirectAlignmentSettings.TargetSection(0.1),
                new RandomFeedbackSection("xavier-normal"));
    }

    @Override
    public DirectAlignmentSettings check(DirectAlignmentSettings settings, int depth) {
        settings.forward().check(depth);
        settings.target().check();
        settings.feedback().check();
        return settings;
    }

    @Override
    public LearningPlan plan(DirectAlignmentSettings settings, MethodContext context) {
        Network network = context.network();
        Plan.Builder builder = context.builder();
        ParameterGroup b =
                builder.group(
                        GROUP,
                        IntStream.range(0, network.depth() - 1)
                                .mapToObj(i -> new int[] {network.size(i), network.outputs()})
                                .toList());
        return GradientLearning.plan(
                builder,
                "alignment",
                program(settings, network, builder, b),
                settings.forward(),
                () -> settings.feedback().drawn(context, b));
    }

    private static LayerProgram program(
            DirectAlignmentSettings settings,
            Network network,
            Plan.Builder builder,
            ParameterGroup b) {
        ParameterGroup biases = builder.biases();
        double factor = 2 * settings.target().stepSize();
        ProgramBuilder p =
                LayerProgram.builder(network)
                        .gradient(settings.forward().clipping(), builder.weights(), biases);
        int last = network.depth() - 1;
        Buffer g = p.lossGradient("g", p.rate(last));
        for (int i = 0; i <= last; i++) {
            Buffer e = i == last ? g : p.product("e_" + (i + 1), b, i, g);
            Buffer delta = p.throughSlope("delta_" + (i + 1), e, i);
            p.add(
                    new Operation.OuterInto(
                            new Held(builder.weights(), i), factor, true, delta, p.presynaptic(i)));
            if (network.bias()) {
                p.add(new Operation.SumInto(new Held(biases, i), factor, true, delta));
            }
        }
        return p.build();
    }
}
