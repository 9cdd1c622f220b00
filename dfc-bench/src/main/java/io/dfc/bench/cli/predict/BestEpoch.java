package io.dfc.bench.cli.predict;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.run.StoredRun;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.network.Parameters;

import java.nio.file.Path;
import java.util.List;

/**
 * The network of a run's best epoch, for inference.
 *
 * @param configuration the run's configuration, with the settings of this command
 * @param snapshot its last checkpoint
 * @param stored its data
 */
record BestEpoch(RunConfiguration configuration, TrainingSnapshot snapshot, StoredRun stored)
        implements TrainedNetwork {
    private static final String OTHER_DATA =
            "evaluate all samples of another table or folder with --data";

    /**
     * Opens a run.
     *
     * @param folder its folder
     * @param overrides settings to replace
     * @throws io.dfc.api.error.StorageException if the folder holds no run with a checkpoint
     */
    static BestEpoch of(RunFolder folder, List<Setting> overrides) {
        RunConfiguration configuration =
                RunConfigurations.load(folder.requireRun().configuration().toString(), overrides);
        return new BestEpoch(
                configuration,
                Checkpoint.read(folder.checkpoint()),
                new StoredRun(configuration, folder));
    }

    @Override
    public Parameters parameters() {
        return snapshot.best();
    }

    @Override
    public int epoch() {
        return snapshot.progress().bestEpoch();
    }

    @Override
    public Path file() {
        return stored.checkpoint();
    }

    @Override
    public FittedEncoding fitted() {
        return stored.fitted();
    }

    @Override
    public DataSet test() {
        return stored.data(OTHER_DATA).test();
    }

    @Override
    public DataSet others(String data) {
        return stored.others(data);
    }
}
