package io.dfc.algorithms.formats.onnx;

import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A trained network as a model: standardisation of the inputs, the layers, and what follows them.
 * Numbers are float32; weights in float64 are rounded.
 *
 * @param network the network
 * @param parameters its weights and biases; other groups are not needed
 * @param encoding how raw inputs and targets became numbers; absent: the model is given the inputs
 *     of the network
 */
public record OnnxNetwork(Network network, Parameters parameters, Optional<DataEncoding> encoding) {
    private static final String INPUT = "input";

    /** What float32 leaves of a mean is subtracted as well, if it is more than this of a scale. */
    private static final double NOTICED = 1e-8;

    /** Checks that the parameters are those of the network. */
    public OnnxNetwork {
        parameters.requireFit(network);
        if (encoding.isPresent() && encoding.get().inputs() != network.inputs()) {
            throw new IllegalArgumentException(
                    "an encoding of "
                            + encoding.get().inputs()
                            + " inputs for a network of "
                            + network.inputs());
        }
    }

    /** {@return what such a network hands out unless it is told otherwise} */
    public List<OnnxOutput> usual() {
        return switch (encoding.map(DataEncoding::targets).orElse(new TargetEncoding.Inputs())) {
            case TargetEncoding.Classes _ -> List.of(OnnxOutput.LABEL, OnnxOutput.PROBABILITIES);
            case TargetEncoding.Scale _ -> List.of(OnnxOutput.PREDICTION);
            case TargetEncoding.Inputs _ -> List.of(OnnxOutput.OUTPUTS);
        };
    }

    /** {@return everything that such a network can hand out} */
    public List<OnnxOutput> possible() {
        List<OnnxOutput> list = new ArrayList<>(usual());
        if (!list.contains(OnnxOutput.OUTPUTS)) {
            list.add(OnnxOutput.OUTPUTS);
        }
        return list;
    }

    /**
     * The model.
     *
     * @param name name of its graph
     * @param producer program that makes it
     * @param outputs what it hands out, in this order
     * @param provenance where the network comes from, texts by name
     * @return the model
     * @throws BadConfigurationException if the network has no such output
     */
    public OnnxModel model(
            String name,
            OnnxModel.Producer producer,
            List<OnnxOutput> outputs,
            Map<String, String> provenance) {
        Graph graph = new Graph();
        String rates = layers(graph, standardised(graph));
        List<OnnxValue> values = new ArrayList<>();
        for (OnnxOutput output : outputs) {
            if (!possible().contains(output)) {
                throw new BadConfigurationException(
                        "outputs",
                        "this network has no "
                                + output.label()
                                + "; it has "
                                + possible().stream()
                                        .map(OnnxOutput::label)
                                        .collect(Collectors.joining(", ")));
            }
            values.add(output(graph, rates, output));
        }
        TreeMap<String, String> metadata = new TreeMap<>(provenance);
        metadata.put("network", network.toString());
        encoding.ifPresent(e -> describe(e, metadata));
        return new OnnxModel(
                name,
                producer,
                new OnnxValue(INPUT, OnnxValue.Type.FLOAT, OptionalInt.of(network.inputs())),
                graph.constants,
                graph.nodes,
                values,
                metadata);
    }

    private static void describe(DataEncoding encoding, Map<String, String> metadata) {
        List<String> names = InputScaling.names(encoding);
        if (!names.isEmpty()) {
            metadata.put("inputs", JsonMapper.shared().writeValueAsString(names));
        }
        if (encoding.targets() instanceof TargetEncoding.Classes(List<String> classes)) {
            metadata.put("classes", JsonMapper.shared().writeValueAsString(classes));
        }
    }

    /** A graph that grows. */
    private static final class Graph {
        private final Map<String, OnnxTensor> constants = new LinkedHashMap<>();
        private final List<OnnxNode> nodes = new ArrayList<>();

        String add(String operation, String output, List<String> inputs) {
            return add(operation, output, inputs, Map.of());
        }

        String add(
                String operation,
                String output,
                List<String> inputs,
                Map<String, Number> attributes) {
            nodes.add(new OnnxNode(operation, inputs, output, attributes));
            return output;
        }

        String constant(String name, OnnxTensor tensor) {
            constants.put(name, tensor);
            return name;
        }

        /** Numbers of all inputs; one number, if they are all the same. */
        String row(String name, double[] values) {
            boolean same = Arrays.stream(values).allMatch(x -> x == values[0]);
            double[] row = same ? new double[] {values[0]} : values;
            return constant(name, new OnnxTensor.Floats(Tensor.wrap(floats(row), row.length)));
        }

        String integers(String name, long value) {
            return constant(name, new OnnxTensor.Integers(List.of(value)));
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private String standardised(Graph graph) {
        if (encoding.isEmpty()) {
            return INPUT;
        }
        InputScaling scaling = InputScaling.of(encoding.get());
        double[] rest = new double[scaling.centre().length];
        boolean noticed = false;
        for (int i = 0; i < rest.length; i++) {
            rest[i] = scaling.centre()[i] - (float) scaling.centre()[i];
            noticed |= Math.abs(rest[i]) > NOTICED * scaling.scale()[i];
        }
        String last =
                graph.add("Sub", "centred", List.of(INPUT, graph.row("mean", scaling.centre())));
        if (noticed) {
            last = graph.add("Sub", "centred_exactly", List.of(last, graph.row("mean_rest", rest)));
        }
        return graph.add(
                "Div", "standardised", List.of(last, graph.row("deviation", scaling.scale())));
    }

    private String layers(Graph graph, String input) {
        String last = input;
        for (int i = 0; i < network.depth(); i++) {
            List<String> inputs = new ArrayList<>();
            inputs.add(last);
            inputs.add(
                    graph.constant(
                            "W" + (i + 1),
                            new OnnxTensor.Floats(float32(parameters.weights(), i))));
            if (network.bias()) {
                inputs.add(
                        graph.constant(
                                "b" + (i + 1),
                                new OnnxTensor.Floats(float32(parameters.biases(), i))));
            }
            String voltage = graph.add("Gemm", "v" + (i + 1), inputs, Map.of("transB", 1L));
            last = activation(graph, network.activation(i), voltage, "r" + (i + 1));
        }
        return last;
    }

    private static Tensor float32(List<Tensor> tensors, int layer) {
        Tensor tensor = tensors.get(layer);
        return Tensor.wrap(tensor.toFloats(), tensor.shape());
    }

    private static String activation(
            Graph graph, Activation activation, String voltage, String rate) {
        List<String> input = List.of(voltage);
        return switch (activation) {
            case Activation.Linear _ -> voltage;
            case Activation.Tanh _ -> graph.add("Tanh", rate, input);
            case Activation.Relu _ -> graph.add("Relu", rate, input);
            case Activation.Sigmoid _ -> graph.add("Sigmoid", rate, input);
            case Activation.LeakyRelu(double slope) ->
                    graph.add("LeakyRelu", rate, input, Map.of("alpha", (float) slope));
        };
    }

    private OnnxValue output(Graph graph, String rates, OnnxOutput output) {
        String name = output.label();
        return switch (output) {
            case OUTPUTS -> {
                graph.add("Identity", name, List.of(rates));
                yield floats(name, network.outputs());
            }
            case PROBABILITIES -> {
                graph.add("Softmax", name, List.of(classes(graph, rates)), Map.of("axis", 1L));
                yield floats(name, classes().size());
            }
            case LABEL -> {
                String best =
                        graph.add(
                                "ArgMax",
                                "best",
                                List.of(classes(graph, rates)),
                                Map.of("axis", 1L, "keepdims", 0L));
                String names = graph.constant("class_names", new OnnxTensor.Texts(classes()));
                graph.add("Gather", name, List.of(names, best), Map.of("axis", 0L));
                yield new OnnxValue(name, OnnxValue.Type.STRING, OptionalInt.empty());
            }
            case PREDICTION -> {
                TargetEncoding.Scale scale =
                        (TargetEncoding.Scale) encoding.orElseThrow().targets();
                String scaled =
                        graph.add(
                                "Mul",
                                "scaled",
                                List.of(
                                        rates,
                                        graph.row(
                                                "target_deviation",
                                                new double[] {scale.deviation()})));
                graph.add(
                        "Add",
                        name,
                        List.of(scaled, graph.row("target_mean", new double[] {scale.mean()})));
                yield floats(name, network.outputs());
            }
        };
    }

    private static OnnxValue floats(String name, int width) {
        return new OnnxValue(name, OnnxValue.Type.FLOAT, OptionalInt.of(width));
    }

    private List<String> classes() {
        return ((TargetEncoding.Classes) encoding.orElseThrow().targets()).names();
    }

    /** Units beyond the classes have no target. */
    private String classes(Graph graph, String rates) {
        if (network.outputs() == classes().size()) {
            return rates;
        }
        String name = "class_rates";
        if (graph.nodes.stream().noneMatch(node -> node.output().equals(name))) {
            graph.add(
                    "Slice",
                    name,
                    List.of(
                            rates,
                            graph.integers("first_class", 0),
                            graph.integers("behind_last_class", classes().size()),
                            graph.integers("class_axis", 1)));
        }
        return name;
    }
}
