package io.dfc.bench.cli.exchange;

import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.exchange.TrainedNetwork;
import io.dfc.algorithms.formats.onnx.OnnxEvaluator;
import io.dfc.algorithms.formats.onnx.OnnxFile;
import io.dfc.algorithms.formats.onnx.OnnxModel;
import io.dfc.algorithms.formats.onnx.OnnxNetwork;
import io.dfc.algorithms.formats.onnx.OnnxOutput;
import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.api.error.StorageException;
import io.dfc.api.network.Loss;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.cli.option.KnownBackends;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Writes a network as an ONNX model, reads it back, and compares what the model and the network say
 * of samples that are drawn.
 */
final class OnnxExport {
    private static final int SAMPLES = 64;

    /** Of outputs, relative to 1 or to their own magnitude. */
    private static final double TOLERANCE = 1e-5;

    private final TrainedNetwork trained;
    private final OnnxNetwork network;

    OnnxExport(TrainedNetwork trained) {
        this.trained = trained;
        network = new OnnxNetwork(trained.network(), trained.parameters(), trained.encoding());
    }

    /**
     * Writes the model.
     *
     * @param outputs what it is to hand out; none: the usual
     * @param backend computes what it is compared with
     * @return what was written and compared, in one line
     * @throws StorageException if the model says something else than the network
     */
    String write(Path file, List<OnnxOutput> outputs, String version, String backend) {
        List<OnnxOutput> wanted = outputs.isEmpty() ? network.usual() : outputs;
        OnnxModel model =
                network.model(
                        Objects.requireNonNull(trained.provenance().get("run")),
                        new OnnxModel.Producer("dfc", version),
                        wanted,
                        trained.provenance());
        AtomicFiles.write(file, out -> OnnxFile.write(out, model));
        double difference = difference(OnnxFile.read(file), wanted, backend);
        if (!(difference <= TOLERANCE)) {
            throw new StorageException(
                    file
                            + " says other than the network does, by "
                            + difference
                            + "; do not use it");
        }
        return String.format(
                Locale.ROOT,
                "opset %d, input [batch, %d], %s; read back, %d samples within %.1e",
                OnnxModel.OPSET,
                trained.network().inputs(),
                wanted.stream().map(OnnxOutput::label).collect(Collectors.joining(", ")),
                SAMPLES,
                difference);
    }

    private double difference(OnnxModel model, List<OnnxOutput> outputs, String backend) {
        Tensor raw =
                Tensor.wrap(
                        new float[SAMPLES * trained.network().inputs()],
                        SAMPLES,
                        trained.network().inputs());
        Tensor encoded = Tensor.wrap(new double[raw.size()], raw.shape());
        draw(raw, encoded);
        Tensor rates = rates(encoded, backend);
        OnnxEvaluator.Results results = OnnxEvaluator.evaluate(model, raw);
        double most = 0;
        for (OnnxOutput output : outputs) {
            most =
                    Math.max(
                            most,
                            switch (output) {
                                case OUTPUTS ->
                                        apart(
                                                Objects.requireNonNull(
                                                        results.numbers().get(output.label())),
                                                rates,
                                                1,
                                                0);
                                case PREDICTION -> {
                                    var scale = (TargetEncoding.Scale) targets();
                                    yield apart(
                                            Objects.requireNonNull(
                                                    results.numbers().get(output.label())),
                                            rates,
                                            scale.deviation(),
                                            scale.mean());
                                }
                                case PROBABILITIES ->
                                        apart(
                                                Objects.requireNonNull(
                                                        results.numbers().get(output.label())),
                                                ClassScores.softmax(rates, classes().size()),
                                                1,
                                                0);
                                case LABEL ->
                                        ClassScores.apart(
                                                Objects.requireNonNull(
                                                        results.texts().get(output.label())),
                                                classes(),
                                                rates);
                            });
        }
        return most;
    }

    private TargetEncoding targets() {
        return trained.encoding().orElseThrow().targets();
    }

    private List<String> classes() {
        return ((TargetEncoding.Classes) targets()).names();
    }

    /** The largest distance of {@code found} from {@code rates * scale + shift}, in scales. */
    private static double apart(Tensor found, Tensor rates, double scale, double shift) {
        double most = 0;
        for (int i = 0; i < rates.size(); i++) {
            double expected = rates.get(i) * scale + shift;
            // A float32 holds seven digits of a number, whatever the scale of the target is.
            double unit = scale * Math.max(1, Math.abs(expected / scale));
            most = Math.max(most, Math.abs(found.get(i) - expected) / unit);
        }
        return most;
    }

    private Tensor rates(Tensor inputs, String backend) {
        Plan plan = Plan.evaluation(trained.network(), Loss.MEAN_SQUARED_ERROR, SAMPLES);
        try (Backend chosen =
                        KnownBackends.discover()
                                .select(
                                        backend,
                                        new BackendOptions(trained.configuration().threads()),
                                        List.of(plan))
                                .backend();
                Engine engine = chosen.compile(plan)) {
            engine.load(new EngineState(plan.select(trained.parameters())));
            return engine.infer(inputs).rate(trained.network().depth() - 1);
        }
    }

    /** Draws raw inputs of the kind that the network has learnt from, and what they become. */
    private void draw(Tensor raw, Tensor encoded) {
        SplittableRandom random = new SplittableRandom(1);
        int width = raw.dim(1);
        for (int sample = 0; sample < SAMPLES; sample++) {
            int at = sample * width;
            if (trained.encoding().isEmpty()) {
                for (int i = 0; i < width; i++) {
                    put(raw, encoded, at + i, random.nextGaussian(), v -> v);
                }
            } else {
                draw(trained.encoding().get(), raw, encoded, at, random);
            }
        }
    }

    /** What becomes of a raw number. */
    @FunctionalInterface
    private interface Encoding {
        double of(double value);
    }

    private static void draw(
            DataEncoding encoding, Tensor raw, Tensor encoded, int from, SplittableRandom random) {
        switch (encoding) {
            case ImageEncoding image -> {
                for (int i = 0; i < image.inputs(); i++) {
                    double value =
                            image.white() == 1
                                    ? random.nextDouble()
                                    : random.nextInt((int) image.white() + 1);
                    put(raw, encoded, from + i, value, image::encode);
                }
            }
            case TableEncoding table -> {
                int at = from;
                for (ColumnEncoding column : table.columns()) {
                    switch (column) {
                        case ColumnEncoding.Numeric n ->
                                put(
                                        raw,
                                        encoded,
                                        at,
                                        n.mean() + n.deviation() * random.nextGaussian(),
                                        n::encode);
                        case ColumnEncoding.Category c ->
                                put(raw, encoded, at + random.nextInt(c.width()), 1, v -> v);
                    }
                    at += column.width();
                }
            }
        }
    }

    /** The model is given float32, so that is what is encoded. */
    private static void put(Tensor raw, Tensor encoded, int at, double value, Encoding encoding) {
        raw.set(at, value);
        encoded.set(at, encoding.of(raw.get(at)));
    }
}
