package io.dfc.algorithms.formats.onnx;

import java.util.List;
import java.util.Map;

/**
 * An operation of a graph, with one result.
 *
 * @param operation its name in the operator set, such as {@code Gemm}
 * @param inputs names of its arguments
 * @param output name of its result, and of the node
 * @param attributes its attributes, each a {@link Long} or a {@link Float}
 */
public record OnnxNode(
        String operation, List<String> inputs, String output, Map<String, Number> attributes) {
    /** Keeps copies. */
    public OnnxNode {
        inputs = List.copyOf(inputs);
        attributes = Map.copyOf(attributes);
    }
}
