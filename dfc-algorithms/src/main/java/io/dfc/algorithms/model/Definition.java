package io.dfc.algorithms.model;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.sampling.ShareSplit;
import io.dfc.algorithms.run.Predictor;
import io.dfc.algorithms.run.PreparedRun;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.store.DataRecord;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.error.BadDataException;
import io.dfc.api.network.Network;
import io.dfc.api.plan.Plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a model is once it has seen samples, apart from its parameters.
 *
 * @param configuration network, loss, method with its settings, minibatch, seed
 * @param data the data that it learnt from last, with the encoding fitted to the first
 */
record Definition(RunConfiguration configuration, DataRecord data) {
    private static final int PREDICTED_AT_ONCE = 256;

    /** Samples in a minibatch of a model that has only learnt from streams. */
    private static final int BATCH = 32;

    private static final String NONE = "none";
    private static final Set<String> PORTIONS = Set.of("epochs", "batch");

    /**
     * Data that are to be learnt from.
     *
     * @param definition what the model is now
     * @param splits the samples, encoded
     */
    record Prepared(Definition definition, DataSplits splits) {}

    /**
     * What a model becomes by its first data.
     *
     * @param settings its settings before
     * @param seed chooses the samples held out
     */
    static Prepared first(ModelSettings settings, Data data, Fit fit, long seed) {
        Network network = settings.network();
        requireInputs(data, network);
        ShareSplit parts = ShareSplit.of(data.samples(), fit.validation(), seed);
        Encoder encoder = Encoder.fit(data, parts.train(), network.outputs());
        requireOutputs(data, encoder, network);
        DataSplits splits = splits(encoder, data, parts);
        RunConfiguration plain =
                settings.configuration(data.samples().classification(), List.of(), List.of());
        RunConfiguration configuration =
                settings.configuration(
                        data.samples().classification(),
                        PreparedRun.defaults(splits, plain),
                        portions(fit));
        DataRecord record = DataRecord.of(data.name(), splits);
        return new Prepared(new Definition(configuration, record), splits);
    }

    /** What a model becomes by the first samples of a stream, which tell nothing of those after. */
    static Definition online(ModelSettings settings, Data data) {
        Network network = settings.network();
        requireInputs(data, network);
        Encoder encoder = Encoder.fit(data, new int[0], network.outputs());
        requireOutputs(data, encoder, network);
        boolean classes = data.samples().classification();
        RunConfiguration plain = settings.configuration(classes, List.of(), List.of());
        List<Setting> base = new ArrayList<>(PreparedRun.onlineDefaults(plain));
        base.add(new Setting("batch", Integer.toString(BATCH)));
        return new Definition(
                settings.configuration(classes, base, List.of()),
                new DataRecord("stream", NONE, 0, 0, 0, Optional.of(encoder.encoding())));
    }

    private static void requireInputs(Data data, Network network) {
        if (data.samples().inputSize() != network.inputs()) {
            throw new BadDataException(
                    "x",
                    "has rows of "
                            + data.samples().inputSize()
                            + " numbers, but the network has "
                            + network.inputs()
                            + " inputs");
        }
    }

    private static void requireOutputs(Data data, Encoder encoder, Network network) {
        boolean classes = data.samples().classification();
        int wanted = classes ? encoder.classNames().size() : data.samples().outputSize();
        if (classes ? wanted > network.outputs() : wanted != network.outputs()) {
            throw new BadDataException(
                    classes ? "classes" : "y",
                    (classes ? "are " + wanted : "has rows of " + wanted + " numbers")
                            + ", but the network has "
                            + network.outputs()
                            + " outputs");
        }
    }

    private static List<Setting> portions(Fit fit) {
        List<Setting> settings = new ArrayList<>();
        add(settings, "epochs", fit.epochs());
        add(settings, "batch", fit.batch());
        return settings;
    }

    private static void add(List<Setting> settings, String key, OptionalInt value) {
        value.ifPresent(n -> settings.add(new Setting(key, Integer.toString(n))));
    }

    /** What it becomes by further data, whose columns and classes are those of the first. */
    Prepared further(Data data, Fit fit, long seed) {
        DataSplits splits =
                splits(encoder(), data, ShareSplit.of(data.samples(), fit.validation(), seed));
        return new Prepared(
                new Definition(
                        RunConfigurations.with(configuration, furtherPortions(splits, fit)),
                        DataRecord.of(data.name(), splits)),
                splits);
    }

    /** What the caller does not say suits the size of these data; all else stays as it was. */
    private List<Setting> furtherPortions(DataSplits splits, Fit fit) {
        List<Setting> settings =
                new ArrayList<>(
                        PreparedRun.defaults(splits, configuration).stream()
                                .filter(s -> PORTIONS.contains(s.key()))
                                .toList());
        settings.addAll(portions(fit));
        return settings;
    }

    private static DataSplits splits(Encoder encoder, Data data, ShareSplit parts) {
        DataSet encoded = encoder.encode(data);
        return new DataSplits(
                        encoded.subset(parts.train()),
                        encoded.subset(parts.held()),
                        encoded.limit(0))
                .withEncoding(encoder.encoding());
    }

    Encoder encoder() {
        return new Encoder(
                data.encoding().orElseThrow(), !configuration.data().equals(ModelSettings.MEMORY));
    }

    private RunAssembler assembler() {
        return new RunAssembler(configuration, Predictor.example(data.encoding().orElseThrow()));
    }

    /** How it learns, and the parameters that it would begin with. */
    TrainingSpec spec() {
        return assembler().assemble();
    }

    /** The plan of learning, with nothing drawn. */
    Plan learningPlan() {
        return assembler().learning().plan();
    }

    /** The plan of predicting. */
    Plan predictingPlan() {
        return assembler().evaluationPlan(PREDICTED_AT_ONCE);
    }
}
