package io.dfc.algorithms.method.control;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.NamedMethod;
import io.dfc.algorithms.method.NetworkChecks;
import io.dfc.algorithms.method.RecordCopy;
import io.dfc.api.network.Network;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;

import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A method of the least-control principle (Meulemans et al. 2022, arXiv 2207.01332).
 *
 * @param <S> its settings
 */
abstract class LeastControlMethod<S extends Record> extends NamedMethod<S> {
    LeastControlMethod(String name, String summary, Class<S> settings) {
        super(name, summary, settings);
    }

    /** Adam at 0.001 along half a cosine, unbounded, as published. */
    static ForwardSection forward() {
        return RecordCopy.with(ForwardSection.adam(0.001, 0.999, 1e-8), "schedule", "cosine");
    }

    /** The network of a run, if its layers can be controlled. */
    final ControlledStates states(
            Plan.Builder builder, MethodContext context, ForwardSection forward) {
        NetworkChecks.requireHidden(name(), context.network());
        NetworkChecks.requireLinearOutput(name(), context.network());
        return new ControlledStates(
                context.network(), builder.weights(), builder.biases(), forward.clipping());
    }

    /** A group with a matrix to each hidden layer. */
    static ParameterGroup hidden(
            Plan.Builder builder, String name, Network network, IntFunction<int[]> shape) {
        return builder.group(
                name, IntStream.range(0, network.depth() - 1).mapToObj(shape).toList());
    }
}
