package io.dfc.tornado.program;

import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.ParameterGroup;

import java.util.List;

/** Recognises the program of backpropagation, which kernels of its own compute in two launches. */
public final class BackpropagationProgram {
    private BackpropagationProgram() {}

    /** Whether a program is backpropagation through all layers into weights and biases. */
    public static boolean matches(LayerProgram program) {
        if (program.gradients().size() != 1) {
            return false;
        }
        LayerProgram.Gradient gradient = program.gradients().getFirst();
        List<ParameterGroup> groups = gradient.groups();
        return groups.stream()
                        .map(ParameterGroup::name)
                        .toList()
                        .equals(List.of(Parameters.WEIGHTS, Parameters.BIASES))
                && program.equals(
                        LayerPrograms.backpropagation(
                                program.network(),
                                groups.getFirst(),
                                groups.getLast(),
                                gradient.clipping()));
    }
}
