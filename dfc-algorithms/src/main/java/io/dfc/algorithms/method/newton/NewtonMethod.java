package io.dfc.algorithms.method.newton;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.GradientLearning;
import io.dfc.algorithms.method.InitialParameters;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.NamedMethod;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A method whose update solves a linear system in the outputs of every sample. */
abstract sealed class NewtonMethod extends NamedMethod<NewtonSettings>
        permits MinimumNorm, GaussNewton, GaussNewtonTargets {
    /** Beyond it the program grows out of hand, with the square of the outputs. */
    private static final int MOST_OUTPUTS = 64;

    NewtonMethod(String name, String summary) {
        super(name, summary, NewtonSettings.class);
    }

    @Override
    public final NewtonSettings defaults() {
        return new NewtonSettings(ForwardSection.adam(0.001, 0.999, 1e-8), 0.1);
    }

    @Override
    public final NewtonSettings check(NewtonSettings settings, int depth) {
        settings.check(depth);
        return settings;
    }

    /** A run whose program is an {@link OutputSystem}, with the constants that it reads. */
    final LearningPlan system(NewtonSettings s, MethodContext context, boolean scaled) {
        Network network = context.network();
        int n = network.outputs();
        if (n > MOST_OUTPUTS) {
            throw new BadConfigurationException(
                    "method",
                    "method "
                            + name()
                            + " solves a system as wide as the output for every sample, "
                            + n
                            + " units here; it takes at most "
                            + MOST_OUTPUTS
                            + ", so use method bp or dfc with these data");
        }
        Plan.Builder builder = context.builder();
        ParameterGroup units = builder.group("units", units(n));
        Optional<ParameterGroup> norms =
                scaled ? Optional.of(builder.group("norms", norms(network))) : Optional.empty();
        LayerProgram program =
                new OutputSystem(
                                network,
                                builder.weights(),
                                builder.biases(),
                                units,
                                norms,
                                s.damping(),
                                s.forward().clipping())
                        .program();
        return GradientLearning.plan(
                builder,
                "update",
                program,
                s.forward(),
                constants(context, units, norms)::parameters);
    }

    private static List<int[]> units(int n) {
        List<int[]> shapes = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            shapes.add(new int[] {n, n});
        }
        for (int k = 0; k < n; k++) {
            shapes.add(new int[] {n});
        }
        return shapes;
    }

    private static List<int[]> norms(Network network) {
        List<int[]> shapes = new ArrayList<>();
        for (int i = 0; i < network.depth(); i++) {
            shapes.add(new int[] {1, network.fanIn(i)});
            shapes.add(new int[] {network.size(i), 1});
        }
        return shapes;
    }

    private static InitialParameters constants(
            MethodContext context, ParameterGroup units, Optional<ParameterGroup> norms) {
        int n = context.network().outputs();
        InitialParameters initial =
                new InitialParameters(context)
                        .with(units, (place, shape, _, _) -> unit(place % n, shape));
        norms.ifPresent(group -> initial.with(group, (_, shape, _, _) -> filled(shape)));
        return initial;
    }

    /** A vector with a one at a place, or a matrix with such rows. */
    private static Tensor unit(int place, int... shape) {
        Tensor tensor = Tensor.zeros(ElementType.F64, shape);
        int n = shape[shape.length - 1];
        for (int at = place; at < tensor.size(); at += n) {
            tensor.set(at, 1);
        }
        return tensor;
    }

    private static Tensor filled(int... shape) {
        Tensor tensor = Tensor.zeros(ElementType.F64, shape);
        for (int at = 0; at < tensor.size(); at++) {
            tensor.set(at, 1);
        }
        return tensor;
    }
}
