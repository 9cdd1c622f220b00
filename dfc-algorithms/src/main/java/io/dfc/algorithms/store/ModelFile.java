package io.dfc.algorithms.store;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.train.Progress;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.tensor.Tensor;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A trained network in one file with all that its use needs: a {@link TensorFile} of parameters and
 * optimisers, named as in a {@link Checkpoint}, whose properties hold settings, encoding of the
 * data and progress. Equal models have equal files, byte for byte.
 *
 * @param configuration network, loss, method with its settings, seed
 * @param data names and standardisation of columns and targets, fingerprint and sizes of the data
 * @param state parameters, those of feedback too, and optimisers
 * @param progress how far it has learnt, and the evaluations of its best epoch
 * @param program the program that wrote it, with its version
 */
public record ModelFile(
        RunConfiguration configuration,
        DataRecord data,
        EngineState state,
        Progress progress,
        String program) {
    /** Version of the format that is written; versions up to it are read. */
    public static final int VERSION = 1;

    private static final String NAME = "dfc-model";
    private static final String CONFIGURATION = "configuration";
    private static final String DATA = "data";
    private static final String CHECKSUM = "properties-crc32c";

    /** Makes sure that the encoding is there, without which no sample could be read. */
    public ModelFile {
        if (data.encoding().isEmpty()) {
            throw new IllegalArgumentException("a model needs the encoding of its data");
        }
    }

    /**
     * A model that this program writes.
     *
     * @param configuration network, loss, method with its settings, seed
     * @param data its data, with their encoding
     * @param state parameters and optimisers
     * @param progress how far it has learnt
     */
    public ModelFile(
            RunConfiguration configuration, DataRecord data, EngineState state, Progress progress) {
        this(configuration, data, state, progress, CheckpointFormat.program());
    }

    /**
     * Writes the file atomically.
     *
     * @param file the file; its folder must exist
     * @throws io.dfc.api.error.StorageException if the operating system refuses; an older file is
     *     then untouched
     */
    public void write(Path file) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        SortedMap<String, String> properties = new TreeMap<>();
        properties.put(CheckpointFormat.FORMAT, NAME);
        properties.put(CheckpointFormat.VERSION, Integer.toString(VERSION));
        properties.put(CheckpointFormat.PROGRAM, program);
        properties.put(CONFIGURATION, RunConfigurations.toYaml(configuration));
        properties.put(DATA, DataRecordJson.write(data));
        ProgressProperties.put(properties, progress);
        Checkpoint.put(tensors, "", state.parameters());
        Checkpoint.put(tensors, properties, state.optimizers());
        properties.put(CHECKSUM, checksum(properties));
        new TensorFile(tensors, properties).write(file);
    }

    /** Of every property but itself: the checksum of the format is that of the numbers alone. */
    private static String checksum(Map<String, String> properties) {
        CRC32C crc = new CRC32C();
        new TreeMap<>(properties)
                .forEach(
                        (key, value) -> {
                            if (!key.equals(CHECKSUM)) {
                                String line = key + "\0" + value + "\0";
                                crc.update(line.getBytes(StandardCharsets.UTF_8));
                            }
                        });
        return Long.toHexString(crc.getValue());
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return the model
     * @throws io.dfc.api.error.StorageException if it cannot be read
     * @throws BadDataException if it is no model, is one of a later format, or is damaged
     */
    public static ModelFile read(Path file) {
        TensorFile contents = TensorFile.read(file);
        Map<String, String> properties = contents.properties();
        requireFormat(file, properties);
        String expected = require(file, properties, CHECKSUM);
        if (!expected.equals(checksum(properties))) {
            throw new BadDataException(
                    file.toString(),
                    "is damaged: checksum of its properties is "
                            + checksum(properties)
                            + ", expected "
                            + CheckpointFormat.shown(expected));
        }
        DataRecord data = DataRecordJson.read(file + ", " + DATA, require(file, properties, DATA));
        if (data.encoding().isEmpty()) {
            throw new BadDataException(file.toString(), "does not tell how its data are encoded");
        }
        return new ModelFile(
                configuration(file, require(file, properties, CONFIGURATION)),
                data,
                state(file, contents),
                ProgressProperties.progress(file, properties),
                CheckpointFormat.shown(properties.get(CheckpointFormat.PROGRAM)));
    }

    private static EngineState state(Path file, TensorFile contents) {
        SortedMap<String, List<Tensor>> lists = TensorLists.of(file, contents.tensors());
        SortedMap<String, OptimizerState> optimizers =
                Checkpoint.optimizers(file, contents.properties(), lists);
        EngineState state = new EngineState(Checkpoint.parameters(file, lists, ""), optimizers);
        Checkpoint.requireNoMore(file, lists, "a model");
        return state;
    }

    private static RunConfiguration configuration(Path file, String text) {
        try {
            return RunConfigurations.parse(text, CONFIGURATION);
        } catch (BadConfigurationException | BadDataException e) {
            // A method of the user, say, whose jar is not there.
            throw new BadDataException(
                    file.toString(),
                    "has settings that this version or its methods do not take: " + e.getMessage());
        }
    }

    private static void requireFormat(Path file, Map<String, String> properties) {
        String format = properties.get(CheckpointFormat.FORMAT);
        if (!NAME.equals(format)) {
            throw new BadDataException(
                    file.toString(),
                    CheckpointFormat.NAME.equals(format)
                            ? "is a checkpoint and no model; make a model of its run folder"
                            : "is no model: its property format is "
                                    + CheckpointFormat.shown(format)
                                    + ", expected "
                                    + NAME);
        }
        String version = properties.get(CheckpointFormat.VERSION);
        if (!Integer.toString(VERSION).equals(version)) {
            throw new BadDataException(
                    file.toString(),
                    "is a model of format "
                            + CheckpointFormat.shown(version)
                            + ", written by "
                            + CheckpointFormat.shown(properties.get(CheckpointFormat.PROGRAM))
                            + ", and this version reads format "
                            + VERSION
                            + "; use the version that wrote it, or a later one");
        }
    }

    private static String require(Path file, Map<String, String> properties, String key) {
        String text = properties.get(key);
        if (text == null) {
            throw new BadDataException(file.toString(), "has no property " + key);
        }
        return text;
    }
}
