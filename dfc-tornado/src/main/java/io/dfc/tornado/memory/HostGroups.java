package io.dfc.tornado.memory;

import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Groups of parameters that no phase reads and no step changes; they stay on the host. */
public final class HostGroups {
    private final List<ParameterGroup> groups;

    /** Per group, as many arrays as it has tensors. */
    private final Map<ParameterGroup, List<float[]>> arrays = new HashMap<>();

    public HostGroups(List<ParameterGroup> groups) {
        this.groups = groups;
        for (ParameterGroup group : groups) {
            List<float[]> zeros = new ArrayList<>();
            for (int t = 0; t < group.tensors(); t++) {
                zeros.add(new float[(int) TensorTable.elements(group.shape(t))]);
            }
            arrays.put(group, zeros);
        }
    }

    public void load(Parameters parameters) {
        arrays.forEach(
                (group, tensors) -> {
                    for (int t = 0; t < tensors.size(); t++) {
                        parameters.group(group.name()).get(t).copyTo(tensors.get(t), 0);
                    }
                });
    }

    /** Adds copies of the tensors. */
    public void addTo(Map<String, List<Tensor>> parameters) {
        for (ParameterGroup group : groups) {
            List<Tensor> tensors = new ArrayList<>();
            for (int t = 0; t < group.tensors(); t++) {
                tensors.add(Tensor.wrap(arrays.get(group).get(t).clone(), group.shape(t)));
            }
            parameters.put(group.name(), tensors);
        }
    }

    /** Largest magnitude in a layer; 0 if no group has tensors there. */
    public double largest(int layer) {
        double largest = 0;
        for (List<float[]> tensors : arrays.values()) {
            for (float x : layer < tensors.size() ? tensors.get(layer) : new float[0]) {
                largest = Math.max(largest, Math.abs(x));
            }
        }
        return largest;
    }
}
