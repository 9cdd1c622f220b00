package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.InitialParameters;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.NetworkChecks;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;

import java.util.List;
import java.util.stream.IntStream;

/** Target propagation from layer to layer: every layer has an inverse of the layer above it. */
abstract class LayerwiseMethod extends TargetMethod<TargetSettings> {
    LayerwiseMethod(String name, String summary, boolean feedbackFirst) {
        super(name, summary, TargetSettings.class, feedbackFirst);
    }

    /** The program from which the inverses learn. */
    abstract LayerProgram reconstruction(TargetPropagation programs, double sigma);

    @Override
    public final TargetSettings check(TargetSettings settings, int depth) {
        settings.check(depth, LAYERWISE);
        return settings;
    }

    @Override
    public final LearningPlan plan(TargetSettings s, MethodContext context) {
        Network network = context.network();
        NetworkChecks.requireHidden(name(), network);
        Plan.Builder builder = context.builder();
        int hidden = network.depth() - 1;
        ParameterGroup v =
                builder.group(
                        "V",
                        IntStream.range(0, hidden)
                                .mapToObj(i -> new int[] {network.size(i), network.size(i + 1)})
                                .toList());
        ParameterGroup c =
                builder.group(
                        "c",
                        IntStream.range(0, hidden)
                                .mapToObj(i -> new int[] {network.size(i)})
                                .toList());
        TargetPropagation programs =
                new TargetPropagation(
                        network,
                        builder.weights(),
                        builder.biases(),
                        v,
                        c,
                        s.feedback().activation().equals("tanh")
                                ? new Activation.Tanh()
                                : new Activation.Linear(),
                        s.forward().clipping());
        return learning(
                builder,
                new Programs(
                        programs.targets(s.target().stepSize()),
                        reconstruction(programs, s.feedback().noiseSigma()),
                        List.of(v, c)),
                s.forward(),
                s.feedback(),
                () ->
                        new InitialParameters(context)
                                .drawn(v, s.feedback().drawn())
                                .zeros(c)
                                .parameters());
    }
}
