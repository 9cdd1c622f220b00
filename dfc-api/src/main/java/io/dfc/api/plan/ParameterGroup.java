package io.dfc.api.plan;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.Arrays;
import java.util.List;

/**
 * A handle of parameters of one kind, one tensor per layer, that a plan declares: the weights
 * {@code W}, the biases {@code b}, feedback weights {@code Q}, or a method's own. {@link
 * Plan.Builder} hands it out, and it belongs to that plan alone; its name is for files and
 * messages.
 */
public final class ParameterGroup {
    private final String name;
    private final List<int[]> shapes;

    ParameterGroup(String name, List<int[]> shapes) {
        for (int[] shape : shapes) {
            if (Arrays.stream(shape).anyMatch(d -> d < 1)) {
                throw new BadConfigurationException(
                        "group",
                        name + ": a dimension is at least 1, got " + Arrays.toString(shape));
            }
        }
        this.name = name;
        this.shapes = shapes.stream().map(int[]::clone).toList();
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /**
     * {@return the number of tensors: mostly one per layer; 0 for the biases of a network without}
     */
    public int tensors() {
        return shapes.size();
    }

    /**
     * Shape of a tensor.
     *
     * @param layer layer, from 0
     * @return a copy of the shape
     */
    public int[] shape(int layer) {
        return shapes.get(layer).clone();
    }

    /**
     * Checks shapes and numbers.
     *
     * @param tensors the group's tensors
     * @param type type in which they will be stored
     * @return the tensors
     * @throws ShapeMismatchException if one is missing or has another shape
     * @throws io.dfc.api.error.BadDataException if one holds NaN, infinity or a number beyond the
     *     type
     */
    public List<Tensor> requireFit(List<Tensor> tensors, ElementType type) {
        if (tensors.size() != shapes.size()) {
            throw new ShapeMismatchException(
                    name + ": expected " + shapes.size() + " tensors, got " + tensors.size());
        }
        for (int i = 0; i < shapes.size(); i++) {
            String label = name + "[" + i + "]";
            tensors.get(i).requireShape(label, shapes.get(i)).requireFit(label, type);
        }
        return tensors;
    }

    @Override
    public String toString() {
        return name;
    }
}
