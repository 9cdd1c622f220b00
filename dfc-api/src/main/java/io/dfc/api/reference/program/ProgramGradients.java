package io.dfc.api.reference.program;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.Operation.Coefficients;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.reference.model.GradientArrays;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The gradients of a program, one array per tensor. */
final class ProgramGradients {
    private final Map<ParameterGroup, double[][]> arrays = new HashMap<>();

    ProgramGradients(LayerProgram program) {
        for (LayerProgram.Gradient gradient : program.gradients()) {
            for (ParameterGroup group : gradient.groups()) {
                arrays.put(group, zeros(group));
            }
        }
    }

    private static double[][] zeros(ParameterGroup group) {
        double[][] zeros = new double[group.tensors()][];
        for (int i = 0; i < zeros.length; i++) {
            zeros[i] = new double[Arrays.stream(group.shape(i)).reduce(1, Math::multiplyExact)];
        }
        return zeros;
    }

    double[] of(Coefficients parameters) {
        return arrays(parameters.group())[parameters.layer()];
    }

    void clip(LayerProgram.Gradient gradient) {
        switch (gradient.clipping()) {
            case Clipping.None _ -> {}
            case Clipping.PerTensor(double max) ->
                    arrays(gradient).forEach(x -> GradientArrays.clipGroup(max, List.of(x)));
            case Clipping.PerLayer(double max) -> {
                int layers =
                        gradient.groups().stream()
                                .mapToInt(ParameterGroup::tensors)
                                .max()
                                .orElse(0);
                for (int i = 0; i < layers; i++) {
                    GradientArrays.clipGroup(max, layer(gradient, i));
                }
            }
            case Clipping.Joint(double max) -> GradientArrays.clipGroup(max, arrays(gradient));
        }
    }

    private List<double[]> layer(LayerProgram.Gradient gradient, int layer) {
        return gradient.groups().stream()
                .filter(g -> layer < g.tensors())
                .map(g -> arrays(g)[layer])
                .toList();
    }

    /** Arrays of a gradient, group after group. */
    List<double[]> arrays(LayerProgram.Gradient gradient) {
        return gradient.groups().stream().flatMap(g -> Arrays.stream(arrays(g))).toList();
    }

    private double[][] arrays(ParameterGroup group) {
        return Objects.requireNonNull(arrays.get(group));
    }

    Parameters toParameters(LayerProgram.Gradient gradient) {
        Map<String, List<Tensor>> tensors = new HashMap<>();
        for (ParameterGroup group : gradient.groups()) {
            List<Tensor> list = new ArrayList<>();
            for (int i = 0; i < group.tensors(); i++) {
                list.add(Tensor.of(arrays(group)[i], group.shape(i)));
            }
            tensors.put(group.name(), list);
        }
        return new Parameters(tensors);
    }
}
