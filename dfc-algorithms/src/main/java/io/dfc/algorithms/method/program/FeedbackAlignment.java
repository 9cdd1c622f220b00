package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.GradientLearning;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.NamedMethod;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramBuilder;

import java.util.stream.IntStream;

/**
 * Feedback alignment (Lillicrap et al. 2016): backpropagation in which a fixed random matrix {@code
 * B_i}, [n_i, n_(i+1)], takes the place of {@code W_(i+1)^T}.
 */
public final class FeedbackAlignment extends NamedMethod<AlignmentSettings> {
    private static final String GROUP = "B";

    /** The method. */
    public FeedbackAlignment() {
        super(
                "fa",
                "feedback alignment: backpropagation through fixed random matrices",
                AlignmentSettings.class);
    }

    @Override
    public AlignmentSettings defaults() {
        return new AlignmentSettings(
                ForwardSection.defaults(), new RandomFeedbackSection("xavier-normal"));
    }

    @Override
    public AlignmentSettings check(AlignmentSettings settings, int depth) {
        settings.forward().check(depth);
        settings.feedback().check();
        return settings;
    }

    @Override
    public LearningPlan plan(AlignmentSettings settings, MethodContext context) {
        Network network = context.network();
        Plan.Builder builder = context.builder();
        ParameterGroup b =
                builder.group(
                        GROUP,
                        IntStream.range(1, network.depth())
                                .mapToObj(i -> new int[] {network.fanIn(i), network.size(i)})
                                .toList());
        return GradientLearning.plan(
                builder,
                "alignment",
                program(network, builder, b, settings.forward().clipping()),
                settings.forward(),
                () -> settings.feedback().drawn(context, b));
    }

    private static LayerProgram program(
            Network network, Plan.Builder builder, ParameterGroup b, Clipping clipping) {
        ProgramBuilder p =
                LayerProgram.builder(network)
                        .gradient(clipping, builder.weights(), builder.biases());
        Buffer e = p.lossGradient("e_" + network.depth(), p.rate(network.depth() - 1));
        for (int i = network.depth() - 1; i >= 0; i--) {
            Buffer delta = p.throughSlope("delta_" + (i + 1), e, i);
            p.outerInto(builder.weights(), i, delta, p.presynaptic(i))
                    .sumInto(builder.biases(), i, delta);
            if (i > 0) {
                e = p.product("e_" + i, b, i - 1, delta);
            }
        }
        return p.build();
    }
}
