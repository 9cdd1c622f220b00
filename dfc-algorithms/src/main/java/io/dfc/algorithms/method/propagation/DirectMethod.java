package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.InitialParameters;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.NetworkChecks;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Network;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Direct difference target propagation (arXiv 2006.14331): a map from the output to each hidden
 * layer.
 *
 * @param <S> its settings
 */
abstract class DirectMethod<S extends Record> extends TargetMethod<S> {
    private final boolean difference;

    /**
     * A method.
     *
     * @param difference whether the maps learn with the difference correction
     */
    DirectMethod(String name, String summary, Class<S> settings, boolean difference) {
        super(name, summary, settings, false);
        this.difference = difference;
    }

    /**
     * Plans a run.
     *
     * @param hidden units of the random layer that the maps share, if they do
     */
    final LearningPlan plan(
            ForwardSection forward,
            TargetSection target,
            FeedbackMapSection feedback,
            OptionalInt hidden,
            MethodContext context) {
        Network network = context.network();
        NetworkChecks.requireHidden(name(), network);
        NetworkChecks.requireLinearOutput(name(), network);
        Plan.Builder builder = context.builder();
        List<int[]> matrices = new ArrayList<>();
        List<int[]> biases = new ArrayList<>();
        for (int i = 0; i < network.depth() - 1; i++) {
            boolean direct = hidden.isEmpty() || i == network.depth() - 2;
            int in = direct ? network.outputs() : hidden.getAsInt();
            matrices.add(new int[] {network.size(i), in});
            biases.add(new int[] {network.size(i)});
        }
        ParameterGroup q = builder.group("Q", matrices);
        ParameterGroup c = builder.group("c", biases);
        Optional<DirectTargetPropagation.Shared> shared =
                hidden.isEmpty()
                        ? Optional.empty()
                        : Optional.of(shared(builder, hidden.getAsInt(), network.outputs()));
        DirectTargetPropagation programs =
                new DirectTargetPropagation(
                        network,
                        builder.weights(),
                        builder.biases(),
                        q,
                        c,
                        shared,
                        forward.clipping());
        return learning(
                builder,
                new Programs(
                        programs.targets(target.stepSize()),
                        programs.reconstruction(feedback.noiseSigma(), difference),
                        List.of(q, c)),
                forward,
                feedback,
                () -> {
                    InitialParameters initial =
                            new InitialParameters(context).drawn(q, feedback.drawn()).zeros(c);
                    shared.ifPresent(s -> drawShared(initial, s, network.outputs()));
                    return initial.parameters();
                });
    }

    private static DirectTargetPropagation.Shared shared(
            Plan.Builder builder, int hidden, int outputs) {
        return new DirectTargetPropagation.Shared(
                builder.group("R", List.of(new int[] {hidden, outputs})),
                builder.group("r", List.of(new int[] {hidden})));
    }

    /** Uniform on {@code +-1/sqrt(n_L)}, as the published program leaves it. */
    private static void drawShared(
            InitialParameters initial, DirectTargetPropagation.Shared shared, int outputs) {
        initial.drawn(shared.matrix(), Initialization.FAN_IN)
                .with(
                        shared.biases(),
                        (_, shape, seed, tag) ->
                                Initialization.FAN_IN.drawBiases(shape[0], outputs, seed, tag));
    }
}
