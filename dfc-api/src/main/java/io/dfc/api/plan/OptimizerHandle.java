package io.dfc.api.plan;

import io.dfc.api.learn.Optimization;

import java.util.ArrayList;
import java.util.List;

/**
 * A handle of an optimiser: its settings, and the groups that it steps together. An engine keeps
 * its state, which files name by {@link #name()}.
 */
public final class OptimizerHandle {
    private final String name;
    private final int index;
    private final Optimization optimization;
    private final List<ParameterGroup> groups;

    OptimizerHandle(
            String name, int index, Optimization optimization, List<ParameterGroup> groups) {
        this.name = name;
        this.index = index;
        this.optimization = optimization;
        this.groups = List.copyOf(groups);
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /** {@return its place in {@link Plan#optimizers()}} */
    public int index() {
        return index;
    }

    /** {@return the settings} */
    public Optimization optimization() {
        return optimization;
    }

    /** {@return the groups that it steps, in the order of its state} */
    public List<ParameterGroup> groups() {
        return groups;
    }

    /** {@return the shapes of the tensors that it steps, group after group} */
    public List<int[]> shapes() {
        List<int[]> shapes = new ArrayList<>();
        for (ParameterGroup group : groups) {
            for (int i = 0; i < group.tensors(); i++) {
                shapes.add(group.shape(i));
            }
        }
        return shapes;
    }

    /** {@return the layer, from 0, of each of those tensors: its place in its group} */
    public List<Integer> layers() {
        List<Integer> layers = new ArrayList<>();
        for (ParameterGroup group : groups) {
            for (int i = 0; i < group.tensors(); i++) {
                layers.add(i);
            }
        }
        return layers;
    }

    @Override
    public String toString() {
        return name;
    }
}
