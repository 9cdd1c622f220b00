package io.dfc.algorithms.method.inverse;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.InitialParameters;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.NamedMethod;
import io.dfc.algorithms.method.NetworkChecks;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchRun;
import io.dfc.algorithms.train.Sweep;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.tensor.Tensor;

import java.util.List;

/**
 * A method that leads targets down through the inverses of its own layers, in float64.
 *
 * @param <S> its settings
 */
abstract class InverseMethod<S extends Record> extends NamedMethod<S> {
    InverseMethod(String name, String summary, Class<S> settings) {
        super(name, summary, settings);
    }

    /** The published Adam, unbounded, at a rate. */
    static ForwardSection forward(double rate) {
        return ForwardSection.adam(rate, 0.99, 1e-8);
    }

    /** The programs of a run, if the layers can be inverted. */
    final InverseTargets programs(
            Plan.Builder builder,
            MethodContext context,
            ForwardSection forward,
            OrthogonalitySection orthogonality,
            double increment) {
        requireInvertible(context.network());
        return new InverseTargets(
                context.network(),
                builder.weights(),
                builder.biases(),
                context.targets(),
                increment,
                orthogonality.strength(),
                forward.clipping());
    }

    private void requireInvertible(Network network) {
        NetworkChecks.requireHidden(name(), network);
        int width = network.outputs();
        for (int i = 0; i < network.depth(); i++) {
            if (network.size(i) != width) {
                throw new BadConfigurationException(
                        "network.hidden",
                        "method "
                                + name()
                                + " inverts the layers above the first, so all layers are as wide as the output, "
                                + width
                                + " units, and layer "
                                + (i + 1)
                                + " has "
                                + network.size(i)
                                + "; give all hidden layers one width and set network.output-units to it");
            }
            Activation activation = network.activation(i);
            if (i > 0 && !activation.isInvertible()) {
                throw new BadConfigurationException(
                        i == network.depth() - 1
                                ? "network.output-activation"
                                : "network.activations",
                        "method "
                                + name()
                                + " inverts rate functions, and "
                                + activation.label()
                                + " maps many voltages to one rate; use leakyrelu");
            }
        }
    }

    /** One step on a minibatch. */
    final LearningPlan learning(
            Plan.Builder builder,
            LayerProgram program,
            ForwardSection forward,
            OrthogonalitySection orthogonality,
            MethodContext context) {
        ProgramHandle targets = builder.program("targets", program);
        StepHandle step =
                builder.step(
                        targets.gradients().getFirst(),
                        builder.optimizer(
                                "forward", forward.optimization(), builder.forwardGroups()));
        return new LearningPlan(
                        builder.build(),
                        () -> drawn(builder, context, orthogonality),
                        new Sweep(
                                "forward",
                                run -> {
                                    run.run(targets);
                                    run.apply(uncorrected(run, forward), step);
                                }))
                .scheduled(forward.rates());
    }

    /**
     * Turns Adam's step into that of the published Adam, whose moments are not corrected for their
     * start at 0: {@code (1 - beta1^t) / sqrt(1 - beta2^t)}. What is left is the epsilon, {@code
     * sqrt(1 - beta2^t)} times the published one.
     */
    private static double uncorrected(MinibatchRun run, ForwardSection forward) {
        double t = run.number() + 1.0;
        return forward.optimizer().equals("adam")
                ? (1 - Math.pow(forward.beta1(), t)) / Math.sqrt(1 - Math.pow(forward.beta2(), t))
                : 1;
    }

    private static Parameters drawn(
            Plan.Builder builder, MethodContext context, OrthogonalitySection orthogonality) {
        List<Tensor> usual = context.parameters().weights();
        return new InitialParameters(context)
                .with(
                        builder.weights(),
                        (i, shape, seed, _) ->
                                orthogonality.start() && shape[0] == shape[1]
                                        ? orthogonal(shape[0], seed, i)
                                        : usual.get(i))
                .parameters();
    }

    /** The distribution has a scale of its own, {@code sqrt(6 / (in + out))}. */
    private static Tensor orthogonal(int width, long seed, int tag) {
        return InitialParameters.scaled(
                Initialization.ORTHOGONAL.draw(width, width, seed, tag), Math.sqrt(width / 3.0));
    }
}
