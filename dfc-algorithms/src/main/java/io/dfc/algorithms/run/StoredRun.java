package io.dfc.algorithms.run;

import io.dfc.algorithms.config.LossChoice;
import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.source.DataSources;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.DataRecord;
import io.dfc.algorithms.store.ModelFile;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.train.Progress;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.EngineState;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The data of a run that has begun, and others for the same network. */
public final class StoredRun {
    private final RunConfiguration configuration;
    private final RunFolder folder;
    private final Optional<DataRecord> record;

    /**
     * A run.
     *
     * @param configuration its configuration
     * @param folder its folder
     * @throws io.dfc.api.error.DfcException if its record of data is damaged
     */
    public StoredRun(RunConfiguration configuration, RunFolder folder) {
        this.configuration = configuration;
        this.folder = folder;
        record = DataRecord.read(folder);
    }

    /** {@return the checkpoint of the run} */
    public Path checkpoint() {
        return folder.checkpoint();
    }

    /**
     * The network of the run's best epoch as a model, which needs neither the folder nor the data.
     *
     * @return the model, to be written where it is wanted
     * @throws io.dfc.api.error.DfcException if the run has finished no epoch, or its checkpoint is
     *     damaged
     */
    public ModelFile model() {
        TrainingSnapshot snapshot = Checkpoint.read(folder.requireRun().checkpoint());
        Progress progress = snapshot.progress();
        if (progress.bestEpoch() == 0) {
            throw new StorageException(
                    "run folder " + folder.path() + " has finished no epoch yet; train on first");
        }
        DataRecord data =
                record.orElseThrow(
                        () ->
                                new StorageException(
                                        "run folder "
                                                + folder.path()
                                                + " has no data.json; train again"));
        DataEncoding encoding = data.encoding().orElseGet(() -> plainEncoding(snapshot.best()));
        RunAssembler assembler = new RunAssembler(configuration, Predictor.example(encoding));
        Checkpoint.select(checkpoint(), snapshot.best(), assembler.evaluationPlan());
        boolean bestIsLast = progress.bestEpoch() == progress.epochs();
        return new ModelFile(
                RunConfigurations.with(
                        configuration,
                        List.of(
                                Setting.text(
                                        "loss",
                                        assembler.loss() == Loss.CROSS_ENTROPY
                                                ? LossChoice.CROSS_ENTROPY.label()
                                                : LossChoice.MSE.label()))),
                data.with(encoding),
                bestIsLast ? snapshot.state() : new EngineState(snapshot.best()),
                progress);
    }

    /** Of data that come from no file: what they are is what the network takes and gives. */
    private static DataEncoding plainEncoding(Parameters parameters) {
        return PlainEncoding.ofNumbers(
                PlainEncoding.names("x", parameters.weights().getFirst().dim(1)),
                PlainEncoding.names("y", parameters.weights().getLast().dim(0)));
    }

    /**
     * Loads the run's own data again; columns and classes are matched by name.
     *
     * @param remedy what the user can do if they have changed
     * @return the data
     * @throws io.dfc.api.error.BadDataException if they are not those that the run began with
     */
    public DataSplits data(String remedy) {
        Optional<FittedEncoding> fitted =
                DataSources.isOwn(configuration.data())
                        ? record.flatMap(r -> r.fitted(folder))
                        : Optional.empty();
        DataSplits data =
                fitted.map(k -> RunData.load(configuration, k))
                        .orElseGet(() -> RunData.load(configuration));
        record.ifPresent(r -> r.requireSame(configuration.data(), data, folder, remedy));
        return data;
    }

    /**
     * Makes sure that samples fit the network of the run, which folders without a record of their
     * data do not tell.
     *
     * @param samples the samples
     * @param parameters parameters of the run
     * @throws BadDataException if they have other numbers of inputs or outputs
     */
    public void requireFit(DataSet samples, Parameters parameters) {
        requireFit(samples, configuration, parameters, "run " + folder.path());
    }

    /**
     * Makes sure that samples fit a network.
     *
     * @param samples the samples
     * @param configuration configuration of the network
     * @param parameters its parameters
     * @param owner whose they are, for messages
     * @throws BadDataException if they have other numbers of inputs or outputs
     */
    public static void requireFit(
            DataSet samples, RunConfiguration configuration, Parameters parameters, String owner) {
        int inputs = parameters.weights().getFirst().dim(1);
        int outputs = parameters.weights().getLast().dim(0);
        int wanted = configuration.network().outputUnits().orElse(samples.outputSize());
        if (samples.inputSize() != inputs || wanted != outputs) {
            throw new BadDataException(
                    samples.name(),
                    "has "
                            + samples.inputSize()
                            + " inputs and "
                            + samples.outputSize()
                            + " outputs, but "
                            + owner
                            + " learnt from "
                            + inputs
                            + " and "
                            + outputs);
        }
    }

    /**
     * Loads other samples: all rows of a table, or the test images of a folder.
     *
     * @param data {@code csv:FILE} or {@code idx:DIR}
     * @return the samples, in the run's order of columns and classes
     * @throws io.dfc.api.error.DfcException if there are none, or they do not fit the run
     */
    public DataSet others(String data) {
        return DataSources.loadForEvaluation(
                data, RunData.options(configuration).withFitted(fitted()));
    }

    /**
     * The encoding of the run's data, for reading other files.
     *
     * @return the encoding
     * @throws BadConfigurationException if the run has none
     */
    public FittedEncoding fitted() {
        return record.flatMap(r -> r.fitted(folder))
                .orElseThrow(
                        () ->
                                new BadConfigurationException(
                                        "RUN",
                                        record.isPresent()
                                                ? "run "
                                                        + folder.path()
                                                        + " learnt from "
                                                        + configuration.data()
                                                        + ", which come from no file; other files cannot be matched with them"
                                                : "run folder "
                                                        + folder.path()
                                                        + " has no data.json, which names columns and classes: an older version"
                                                        + " wrote it; train again"));
    }
}
