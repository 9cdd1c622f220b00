package io.dfc.bench.cli.exchange;

import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.Normalization;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.formats.onnx.OnnxNetwork;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Networks of every kind with weights that were drawn, and what they say. */
final class Networks {
    static final int SAMPLES = 37;

    private Networks() {}

    /**
     * A network.
     *
     * @param name what is odd about it
     * @param onnx the network to export
     * @param raw raw inputs, one row for each sample
     */
    record Case(String name, OnnxNetwork onnx, float[][] raw) {
        @Override
        public String toString() {
            return name;
        }

        /** The rates of the output layer, as the reference computes them. */
        double[][] rates() {
            Network network = onnx.network();
            double[] inputs = new double[SAMPLES * network.inputs()];
            for (int s = 0; s < SAMPLES; s++) {
                for (int i = 0; i < network.inputs(); i++) {
                    inputs[s * network.inputs() + i] = encoded(raw[s][i], i);
                }
            }
            Plan plan = Plan.evaluation(network, Loss.MEAN_SQUARED_ERROR, SAMPLES);
            try (Backend backend =
                            Backends.discover()
                                    .select("reference", BackendOptions.defaults(), List.of(plan))
                                    .backend();
                    Engine engine = backend.compile(plan)) {
                engine.load(new EngineState(plan.select(onnx.parameters())));
                Tensor rates =
                        engine.infer(Tensor.wrap(inputs, SAMPLES, network.inputs()))
                                .rate(network.depth() - 1);
                double[][] rows = new double[SAMPLES][network.outputs()];
                for (int i = 0; i < rates.size(); i++) {
                    rows[i / network.outputs()][i % network.outputs()] = rates.get(i);
                }
                return rows;
            }
        }

        private double encoded(double value, int input) {
            return switch (onnx.encoding().orElse(null)) {
                case ImageEncoding image -> image.encode(value);
                case TableEncoding table -> encoded(table, value, input);
                case null -> value;
            };
        }

        private static double encoded(TableEncoding table, double value, int input) {
            int at = 0;
            for (ColumnEncoding column : table.columns()) {
                if (input < at + column.width()) {
                    return column instanceof ColumnEncoding.Numeric n ? n.encode(value) : value;
                }
                at += column.width();
            }
            throw new AssertionError("no such input");
        }
    }

    static List<Case> all() {
        TargetEncoding classes = new TargetEncoding.Classes(List.of("no", "yes, \"so\"", "größer"));
        List<Case> cases = new ArrayList<>();
        int n = 3;
        for (Activation activation :
                List.of(
                        new Activation.Tanh(),
                        new Activation.Relu(),
                        new Activation.LeakyRelu(0.2),
                        new Activation.LeakyRelu(0),
                        new Activation.Sigmoid(),
                        new Activation.Linear())) {
            cases.add(
                    of(
                            activation + " classifies images",
                            Network.of(activation, 31, n++, 17, 3),
                            image(31, classes)));
        }
        cases.add(of("one layer", Network.of(new Activation.Tanh(), 5, 3), image(5, classes)));
        cases.add(
                of(
                        "one of everything",
                        Network.of(new Activation.Tanh(), 1, 1, 1),
                        Optional.empty()));
        cases.add(
                of(
                        "no biases, mixed activations, sigmoid output",
                        new Network(
                                7,
                                List.of(
                                        new Layer(9, new Activation.Relu()),
                                        new Layer(4, new Activation.Tanh()),
                                        new Layer(3, new Activation.Sigmoid())),
                                false),
                        image(7, classes)));
        cases.add(
                of(
                        "units beyond the classes",
                        Network.of(new Activation.LeakyRelu(0.1), 6, 8, 8),
                        image(6, classes)));
        cases.add(
                of(
                        "autoencoder",
                        Network.of(new Activation.Tanh(), 49, 20, 3, 20, 49),
                        image(49, new TargetEncoding.Inputs())));
        cases.add(
                of(
                        "table with text, and a large mean, to a number",
                        Network.of(new Activation.Tanh(), 6, 8, 1),
                        Optional.of(table(new TargetEncoding.Scale(250_000, 40_000)))));
        cases.add(
                of(
                        "table to classes",
                        Network.of(new Activation.Sigmoid(), 6, 5, 3),
                        Optional.of(table(classes))));
        cases.add(
                of(
                        "wide",
                        Network.of(new Activation.Tanh(), 784, 256, 256, 256, 10),
                        Optional.empty()));
        return cases;
    }

    private static Optional<DataEncoding> image(int pixels, TargetEncoding targets) {
        return Optional.of(new ImageEncoding(pixels, 255, Normalization.MNIST, targets));
    }

    private static TableEncoding table(TargetEncoding targets) {
        return new TableEncoding(
                "target",
                List.of(
                        new ColumnEncoding.Numeric("year", 1987.123456789, 2.5),
                        new ColumnEncoding.Category("colour", List.of("red", "green", "blue"), 0),
                        new ColumnEncoding.Numeric("tiny", -3e-7, 2e-8),
                        new ColumnEncoding.Numeric("constant", 5, 1)),
                MissingPolicy.ERROR,
                targets);
    }

    private static Case of(
            String name, Network network, Optional<? extends DataEncoding> encoding) {
        Random random = new Random(7);
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        for (int i = 0; i < network.depth(); i++) {
            double spread = 1 / Math.sqrt(network.fanIn(i));
            weights.add(drawn(random, spread, network.size(i), network.fanIn(i)));
            if (network.bias()) {
                biases.add(drawn(random, 0.5, network.size(i)));
            }
        }
        float[][] raw = new float[SAMPLES][network.inputs()];
        for (float[] row : raw) {
            fill(random, encoding.orElse(null), row);
        }
        return new Case(
                name,
                new OnnxNetwork(
                        network,
                        Parameters.of(weights, biases),
                        encoding.map(DataEncoding.class::cast)),
                raw);
    }

    private static Tensor drawn(Random random, double spread, int... shape) {
        Tensor tensor = Tensor.zeros(ElementType.F64, shape);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.set(i, spread * random.nextGaussian());
        }
        return tensor;
    }

    private static void fill(Random random, DataEncoding encoding, float[] row) {
        for (int i = 0; i < row.length; i++) {
            row[i] =
                    encoding instanceof ImageEncoding
                            ? random.nextInt(256)
                            : (float) random.nextGaussian();
        }
        if (encoding instanceof TableEncoding) {
            row[0] = 1987 + 2.5f * row[0];
            row[1] = row[2] = row[3] = 0;
            row[1 + random.nextInt(3)] = 1;
            row[4] = -3e-7f + 2e-8f * row[4];
            row[5] = 5;
        }
    }
}
