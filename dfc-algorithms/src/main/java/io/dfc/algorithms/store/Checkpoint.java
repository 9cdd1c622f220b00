package io.dfc.algorithms.store;

import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.Progress;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.error.BadDataException;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.tensor.Tensor;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Checkpoints: a {@link TrainingSnapshot} as a {@link TensorFile}. Tensors are named {@code W.0},
 * {@code b.0}, {@code Q.0} and so on, those of the best epoch {@code best.W.0}, and the optimisers'
 * {@code forward.first.0}, {@code forward.second.0}.
 */
public final class Checkpoint {
    private static final String FORMAT = "dfc-checkpoint";
    private static final String VERSION = "1";
    private static final String BEST = "best.";
    private static final JsonMapper JSON = JsonMapper.shared();

    private Checkpoint() {}

    /**
     * Writes a checkpoint atomically.
     *
     * @param file the file; its folder must exist
     * @param snapshot what to write
     * @throws io.dfc.api.error.StorageException if the operating system refuses; an older
     *     checkpoint is then untouched
     */
    public static void write(Path file, TrainingSnapshot snapshot) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("format", FORMAT);
        properties.put("version", VERSION);
        properties.put("progress", JSON.writeValueAsString(numbers(snapshot.progress())));
        put(tensors, "", snapshot.state().parameters());
        put(tensors, BEST, snapshot.best());
        snapshot.state()
                .optimizers()
                .forEach(
                        (slot, state) -> {
                            String prefix = prefix(slot);
                            properties.put(prefix + "steps", Long.toString(state.steps()));
                            put(tensors, prefix + "first.", state.first());
                            put(tensors, prefix + "second.", state.second());
                        });
        new TensorFile(tensors, properties).write(file);
    }

    /**
     * Reads a checkpoint.
     *
     * @param file the file
     * @return what it holds
     * @throws io.dfc.api.error.StorageException if it cannot be read
     * @throws BadDataException if it is no checkpoint or is damaged
     */
    public static TrainingSnapshot read(Path file) {
        TensorFile contents = TensorFile.read(file);
        Map<String, String> properties = contents.properties();
        if (!FORMAT.equals(properties.get("format"))
                || !VERSION.equals(properties.get("version"))) {
            throw new BadDataException(
                    file.toString(),
                    "is no checkpoint of this program: format "
                            + properties.get("format")
                            + ", version "
                            + properties.get("version")
                            + ", expected "
                            + FORMAT
                            + " "
                            + VERSION);
        }
        Map<OptimizerSlot, OptimizerState> optimizers = new EnumMap<>(OptimizerSlot.class);
        for (OptimizerSlot slot : OptimizerSlot.values()) {
            String steps = properties.get(prefix(slot) + "steps");
            if (steps != null) {
                String first = prefix(slot) + "first.";
                String second = prefix(slot) + "second.";
                OptimizerState state =
                        new OptimizerState(
                                number(file, steps), list(contents, first), list(contents, second));
                requireFinite(file, first, state.first());
                requireFinite(file, second, state.second());
                requireNotNegative(file, second, state.second());
                optimizers.put(slot, state);
            }
        }
        return new TrainingSnapshot(
                new EngineState(parameters(contents, ""), optimizers),
                parameters(contents, BEST),
                progress(file, properties.get("progress")));
    }

    private static String prefix(OptimizerSlot slot) {
        return slot.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".";
    }

    private static void put(Map<String, Tensor> tensors, String prefix, Parameters parameters) {
        put(tensors, prefix + "W.", parameters.weights());
        put(tensors, prefix + "b.", parameters.biases());
        put(tensors, prefix + "Q.", parameters.feedback());
    }

    private static void put(Map<String, Tensor> tensors, String prefix, List<Tensor> values) {
        for (int i = 0; i < values.size(); i++) {
            tensors.put(prefix + i, values.get(i));
        }
    }

    private static Parameters parameters(TensorFile file, String prefix) {
        return new Parameters(
                list(file, prefix + "W."), list(file, prefix + "b."), list(file, prefix + "Q."));
    }

    private static List<Tensor> list(TensorFile file, String prefix) {
        List<Tensor> values = new ArrayList<>();
        for (int i = 0; file.tensors().containsKey(prefix + i); i++) {
            values.add(file.tensors().get(prefix + i));
        }
        return values;
    }

    /** Doubles travel as bit patterns: JSON has no NaN, and resuming must give the same bits. */
    private static List<String> numbers(Progress p) {
        List<String> out = new ArrayList<>();
        for (int i :
                new int[] {
                    p.pretrainingPasses(),
                    p.epochs(),
                    p.passes(),
                    p.minibatches(),
                    p.bestEpoch(),
                    p.lowestTrainLossEpoch()
                }) {
            out.add(Integer.toString(i));
        }
        for (Evaluation e : List.of(p.bestValidation(), p.bestTest(), p.bestTrain(), p.last())) {
            out.add(Double.toHexString(e.loss()));
            out.add(Double.toHexString(e.error()));
        }
        out.add(Double.toHexString(p.lowestTrainLoss()));
        out.add(Double.toHexString(p.secondsSpent()));
        return out;
    }

    private static Progress progress(Path file, String json) {
        try {
            String[] n = JSON.readValue(json == null ? "[]" : json, String[].class);
            int at = 6;
            Evaluation[] e = new Evaluation[4];
            for (int i = 0; i < e.length; i++) {
                e[i] = new Evaluation(Double.parseDouble(n[at++]), Double.parseDouble(n[at++]));
            }
            return new Progress(
                    Integer.parseInt(n[0]),
                    Integer.parseInt(n[1]),
                    Integer.parseInt(n[2]),
                    Integer.parseInt(n[3]),
                    Integer.parseInt(n[4]),
                    e[0],
                    e[1],
                    e[2],
                    e[3],
                    Double.parseDouble(n[at]),
                    Integer.parseInt(n[5]),
                    Double.parseDouble(n[at + 1]));
        } catch (JacksonException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new BadDataException(
                    file.toString(), "its progress record cannot be read: " + json);
        }
    }

    private static long number(Path file, String text) {
        try {
            long steps = Long.parseLong(text);
            if (steps >= 0) {
                return steps;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new BadDataException(
                file.toString(), "expected a whole number of optimiser steps, got " + text);
    }

    private static void requireFinite(Path file, String prefix, List<Tensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            if (!tensors.get(i).isFinite()) {
                throw new BadDataException(
                        file.toString(),
                        "tensor " + prefix + i + " has numbers that are not finite");
            }
        }
    }

    /** Second moments are means of squares. */
    private static void requireNotNegative(Path file, String prefix, List<Tensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            for (double x : tensors.get(i).toDoubles()) {
                if (x < 0) {
                    throw new BadDataException(
                            file.toString(),
                            "tensor "
                                    + prefix
                                    + i
                                    + " has the negative number "
                                    + x
                                    + " among means of squares");
                }
            }
        }
    }
}
