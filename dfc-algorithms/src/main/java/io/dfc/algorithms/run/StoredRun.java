package io.dfc.algorithms.run;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.source.DataSources;
import io.dfc.algorithms.store.DataRecord;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.network.Parameters;

import java.nio.file.Path;
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
                            + " outputs, but run "
                            + folder.path()
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
