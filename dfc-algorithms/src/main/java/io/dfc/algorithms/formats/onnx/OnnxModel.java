package io.dfc.algorithms.formats.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A model: a graph of operations of the default operator set, from one input to some outputs.
 *
 * @param name name of the graph
 * @param producer program that made it, and its version
 * @param input the input
 * @param constants constants by name
 * @param nodes operations, each after those whose results it reads
 * @param outputs the outputs
 * @param metadata texts by name: where the model comes from
 */
public record OnnxModel(
        String name,
        Producer producer,
        OnnxValue input,
        Map<String, OnnxTensor> constants,
        List<OnnxNode> nodes,
        List<OnnxValue> outputs,
        SortedMap<String, String> metadata) {
    /** Version of the operator set. */
    public static final int OPSET = 17;

    /** Version of the format, the one that came with the operator set. */
    public static final int IR_VERSION = 8;

    /**
     * A program.
     *
     * @param name its name
     * @param version its version
     */
    public record Producer(String name, String version) {}

    /** Keeps copies. */
    public OnnxModel {
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        nodes = List.copyOf(nodes);
        outputs = List.copyOf(outputs);
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }
}
