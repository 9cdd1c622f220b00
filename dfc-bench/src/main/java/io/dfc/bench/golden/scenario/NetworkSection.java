package io.dfc.bench.golden.scenario;

import static io.dfc.bench.json.ValueRange.require;

import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.json.JsonCursor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The parts of a file that every covered kind has: network, parameters and loss.
 *
 * @param network the network
 * @param parameters parameters that fit it
 * @param loss loss at its output
 */
public record NetworkSection(Network network, Parameters parameters, Loss loss) {
    private static final int MAX_NEURONS = 1 << 24;

    public static NetworkSection read(JsonCursor root) {
        Network network = root.get("network").as(Description.class).network();
        Loss loss =
                switch (root.get("loss").as(LossName.class)) {
                    case CROSS_ENTROPY -> Loss.CROSS_ENTROPY;
                    case MSE -> Loss.MEAN_SQUARED_ERROR;
                };
        return new NetworkSection(network, parameters(root.get("parameters"), network), loss);
    }

    /** Names of losses. */
    enum LossName {
        CROSS_ENTROPY,
        MSE
    }

    /** Names of activations. */
    enum ActivationName {
        TANH,
        RELU,
        LEAKYRELU,
        SIGMOID,
        LINEAR
    }

    /**
     * {@code network}.
     *
     * @param sizes input size, then the neurons of every layer
     * @param activations activation of every layer
     * @param bias whether layers have biases
     * @param leakyReluSlope slope of leaky ReLUs below 0
     */
    record Description(
            List<Integer> sizes,
            List<ActivationName> activations,
            boolean bias,
            Optional<Double> leakyReluSlope) {
        /** Checks the sizes. */
        Description {
            require(sizes.size() >= 2, "sizes", "an input size and at least one layer");
            for (int i = 0; i < sizes.size(); i++) {
                require(
                        sizes.get(i) >= 1 && sizes.get(i) <= MAX_NEURONS,
                        "sizes",
                        i,
                        "a whole number in 1.." + MAX_NEURONS);
            }
            require(
                    activations.size() == sizes.size() - 1,
                    "activations",
                    "a list of " + (sizes.size() - 1));
        }

        Network network() {
            List<Layer> layers = new ArrayList<>();
            for (int i = 0; i < activations.size(); i++) {
                layers.add(new Layer(sizes.get(i + 1), activation(activations.get(i))));
            }
            return new Network(sizes.getFirst(), layers, bias);
        }

        private Activation activation(ActivationName name) {
            return switch (name) {
                case TANH -> new Activation.Tanh();
                case RELU -> new Activation.Relu();
                case LEAKYRELU ->
                        new Activation.LeakyRelu(
                                leakyReluSlope.orElse(Activation.LeakyRelu.PUBLISHED_SLOPE));
                case SIGMOID -> new Activation.Sigmoid();
                case LINEAR -> new Activation.Linear();
            };
        }
    }

    /** A minibatch {@code x} with {@code labels} or {@code y}, as the loss demands. */
    Minibatch minibatch(JsonCursor json) {
        Tensor inputs = json.get("x").tensor();
        int samples = inputs.rank() == 2 ? inputs.dim(0) : 0;
        if (samples < 1 || inputs.dim(1) != network.inputs()) {
            throw json.get("x")
                    .get("shape")
                    .expected("[B, " + network.inputs() + "] with at least one sample");
        }
        boolean classes = loss == Loss.CROSS_ENTROPY && json.optional("labels").isPresent();
        return new Minibatch(
                inputs,
                classes ? labels(json.get("labels"), samples) : values(json.get("y"), samples));
    }

    /** One noise tensor per layer, each {@code [steps, B, n_i]}. */
    List<Tensor> noise(JsonCursor json, int steps, int samples) {
        List<JsonCursor> layers = json.items(network.depth());
        List<Tensor> noise = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            noise.add(layers.get(i).tensor(steps, samples, network.size(i)));
        }
        return noise;
    }

    private Targets labels(JsonCursor json, int samples) {
        Tensor labels = json.tensor(samples);
        int[] classes = new int[samples];
        for (int b = 0; b < samples; b++) {
            classes[b] = (int) labels.get(b);
            if (classes[b] != labels.get(b) || classes[b] < 0 || classes[b] >= network.outputs()) {
                throw json.get("data")
                        .items()
                        .get(b)
                        .expected("a class in 0.." + (network.outputs() - 1));
            }
        }
        return new Targets.Labels(classes);
    }

    private Targets values(JsonCursor json, int samples) {
        return new Targets.Values(json.tensor(samples, network.outputs()));
    }

    private static Parameters parameters(JsonCursor json, Network network) {
        int depth = network.depth();
        return Parameters.of(
                layers(json.get("W"), depth, i -> new int[] {network.size(i), network.fanIn(i)}),
                network.bias()
                        ? layers(json.get("b"), depth, i -> new int[] {network.size(i)})
                        : List.of(),
                layers(json.get("Q"), depth, i -> new int[] {network.size(i), network.outputs()}));
    }

    private static List<Tensor> layers(JsonCursor json, int depth, IntFunction<int[]> shape) {
        List<JsonCursor> items = json.items(depth);
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            tensors.add(items.get(i).tensor(shape.apply(i)));
        }
        return tensors;
    }
}
