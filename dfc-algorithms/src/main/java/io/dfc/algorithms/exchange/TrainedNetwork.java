package io.dfc.algorithms.exchange;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.formats.NamedArrays;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.DataRecord;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The network of a run's best epoch, to be handed out.
 *
 * @param configuration settings of the run
 * @param network the network
 * @param parameters its parameters, all groups
 * @param encoding how raw inputs and targets became numbers; absent for data that come from no file
 * @param provenance where it comes from, texts by name
 */
public record TrainedNetwork(
        RunConfiguration configuration,
        Network network,
        Parameters parameters,
        Optional<DataEncoding> encoding,
        SortedMap<String, String> provenance) {
    /** Keeps a copy. */
    public TrainedNetwork {
        provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
    }

    /**
     * Opens a run. Its data are not needed.
     *
     * @param folder the run's folder
     * @param program this program and its version, for the provenance
     * @return the network
     * @throws io.dfc.api.error.StorageException if the folder holds no run with a checkpoint
     * @throws BadDataException if checkpoint and configuration do not go together
     */
    public static TrainedNetwork of(RunFolder folder, String program) {
        RunConfiguration configuration =
                RunConfigurations.load(folder.requireRun().configuration().toString(), List.of());
        TrainingSnapshot snapshot = Checkpoint.read(folder.checkpoint());
        Parameters parameters = snapshot.best();
        Network network =
                RunAssembler.network(
                        configuration,
                        parameters.weights().getFirst().dim(1),
                        parameters.weights().getLast().dim(0));
        try {
            parameters.requireFit(network);
        } catch (ShapeMismatchException e) {
            throw new BadDataException(
                    folder.checkpoint().toString(),
                    "does not fit the run's configuration: " + e.getMessage());
        }
        Optional<DataRecord> data = DataRecord.read(folder);
        SortedMap<String, String> provenance = new TreeMap<>();
        provenance.put("program", program);
        provenance.put("run", name(folder.path()));
        provenance.put("method", configuration.method());
        provenance.put("data", configuration.data());
        data.ifPresent(d -> provenance.put("data_fingerprint", d.fingerprint()));
        provenance.put("seed", Long.toString(configuration.seed()));
        provenance.put("epoch", Integer.toString(snapshot.progress().bestEpoch()));
        provenance.put("network", network.toString());
        provenance.put("configuration", RunConfigurations.toYaml(configuration));
        return new TrainedNetwork(
                configuration, network, parameters, data.flatMap(DataRecord::encoding), provenance);
    }

    private static String name(Path folder) {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    /**
     * All parameters as arrays.
     *
     * @param names what they are called
     * @return the arrays, by group and layer, with the provenance
     */
    public NamedArrays arrays(ArrayNames names) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        parameters
                .groups()
                .forEach(
                        (group, tensors) -> {
                            for (int i = 0; i < tensors.size(); i++) {
                                arrays.put(names.of(group, i), tensors.get(i));
                            }
                        });
        return new NamedArrays(arrays, provenance);
    }
}
