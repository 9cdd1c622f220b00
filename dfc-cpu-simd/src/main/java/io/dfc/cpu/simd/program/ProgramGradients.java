package io.dfc.cpu.simd.program;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.Operation.Coefficients;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.tensor.Tensor;
import io.dfc.cpu.simd.learn.GradientArrays;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The gradients of a program: one row-major array per tensor, without padding. */
final class ProgramGradients {
    private final List<LayerProgram.Gradient> declared;
    private final Map<ParameterGroup, float[][]> arrays = new HashMap<>();

    /** Of each gradient, all arrays, group after group. */
    private final List<float[][]> joined = new ArrayList<>();

    /** Of each gradient, the arrays of each layer. */
    private final List<float[][][]> layers = new ArrayList<>();

    ProgramGradients(LayerProgram program) {
        declared = program.gradients();
        for (LayerProgram.Gradient gradient : declared) {
            List<float[]> all = new ArrayList<>();
            List<List<float[]>> byLayer = new ArrayList<>();
            for (ParameterGroup group : gradient.groups()) {
                float[][] own = zeros(group);
                arrays.put(group, own);
                for (int i = 0; i < own.length; i++) {
                    all.add(own[i]);
                    if (i == byLayer.size()) {
                        byLayer.add(new ArrayList<>());
                    }
                    byLayer.get(i).add(own[i]);
                }
            }
            joined.add(all.toArray(float[][]::new));
            layers.add(
                    byLayer.stream()
                            .map(list -> list.toArray(float[][]::new))
                            .toArray(float[][][]::new));
        }
    }

    private static float[][] zeros(ParameterGroup group) {
        float[][] zeros = new float[group.tensors()][];
        for (int i = 0; i < zeros.length; i++) {
            int length = 1;
            for (int d : group.shape(i)) {
                length = Math.multiplyExact(length, d);
            }
            zeros[i] = new float[length];
        }
        return zeros;
    }

    float[] of(Coefficients parameters) {
        return arrays.get(parameters.group())[parameters.layer()];
    }

    /** Arrays of a gradient, group after group. */
    float[][] arrays(int gradient) {
        return joined.get(gradient);
    }

    /** Clips all gradients. */
    void clip() {
        for (int g = 0; g < declared.size(); g++) {
            switch (declared.get(g).clipping()) {
                case Clipping.None none -> {}
                case Clipping.PerTensor(double max) -> GradientArrays.clipEach(max, joined.get(g));
                case Clipping.PerLayer(double max) -> {
                    for (float[][] layer : layers.get(g)) {
                        GradientArrays.clipJointly(max, layer);
                    }
                }
                case Clipping.Joint(double max) -> GradientArrays.clipJointly(max, joined.get(g));
            }
        }
    }

    double norm(int gradient, int layer) {
        double sum = 0;
        if (layer < layers.get(gradient).length) {
            for (float[] x : layers.get(gradient)[layer]) {
                sum += GradientArrays.sumOfSquares(x);
            }
        }
        return Math.sqrt(sum);
    }

    Parameters toParameters(int gradient) {
        Map<String, List<Tensor>> tensors = new HashMap<>();
        for (ParameterGroup group : declared.get(gradient).groups()) {
            List<Tensor> list = new ArrayList<>();
            for (int i = 0; i < group.tensors(); i++) {
                list.add(Tensor.wrap(arrays.get(group)[i].clone(), group.shape(i)));
            }
            tensors.put(group.name(), list);
        }
        return new Parameters(tensors);
    }
}
