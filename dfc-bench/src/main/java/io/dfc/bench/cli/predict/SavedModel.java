package io.dfc.bench.cli.predict;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.source.DataSources;
import io.dfc.algorithms.run.RunData;
import io.dfc.algorithms.store.ModelFile;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.network.Parameters;

import java.nio.file.Path;
import java.util.List;

/**
 * The network of a model file, which needs no data of its own.
 *
 * @param configuration its configuration, with the settings of this command
 * @param model the contents of the file
 * @param file the file
 */
record SavedModel(RunConfiguration configuration, ModelFile model, Path file)
        implements TrainedNetwork {
    /**
     * Opens a file.
     *
     * @param file a model file
     * @param overrides settings to replace
     */
    static SavedModel of(Path file, List<Setting> overrides) {
        ModelFile model = ModelFile.read(file);
        return new SavedModel(
                RunConfigurations.with(model.configuration(), overrides), model, file);
    }

    @Override
    public Parameters parameters() {
        return model.state().parameters();
    }

    @Override
    public int epoch() {
        return model.progress().bestEpoch();
    }

    @Override
    public FittedEncoding fitted() {
        return new FittedEncoding(model.data().encoding().orElseThrow(), "model " + file);
    }

    @Override
    public DataSet test() {
        throw new BadConfigurationException(
                "--data",
                "a model has no test samples of its own; name some, as with --data csv:FILE");
    }

    @Override
    public DataSet others(String data) {
        if (DataSources.isOwn(data) || !data.equals(configuration.data())) {
            return DataSources.loadForEvaluation(
                    data, RunData.options(configuration).withFitted(fitted()));
        }
        DataSplits splits = RunData.load(configuration);
        if (!splits.fingerprint().equals(model.data().fingerprint())) {
            throw new BadDataException(
                    data,
                    "is not what "
                            + file
                            + " learnt from (fingerprint "
                            + model.data().fingerprint()
                            + ", now "
                            + splits.fingerprint()
                            + "), so that training samples could come into the test");
        }
        return splits.test();
    }
}
