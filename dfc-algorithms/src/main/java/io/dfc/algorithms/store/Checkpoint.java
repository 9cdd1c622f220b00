package io.dfc.algorithms.store;

import io.dfc.algorithms.files.InputFile;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Checkpoints: a {@link TrainingSnapshot} as a {@link TensorFile}. Parameters are named by group
 * and layer, {@code W[0]}, {@code Q[1]}; those of the best epoch {@code best.W[0]}; the state of an
 * optimiser by its name, {@code optimizer.forward.first[0]}. Properties hold the progress and the
 * optimisers' steps. Names are sorted and nothing depends on the clock, so equal runs have equal
 * files, byte for byte.
 */
public final class Checkpoint {
    /** Version of the format that is written and read. */
    public static final int VERSION = 2;

    private static final String BEST = "best.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String STEPS = ".steps";
    private static final String FIRST = ".first";
    private static final String SECOND = ".second";

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
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        SortedMap<String, String> properties = new TreeMap<>();
        CheckpointFormat.put(properties);
        ProgressProperties.put(properties, snapshot.progress());
        put(tensors, "", snapshot.state().parameters());
        put(tensors, BEST, snapshot.best());
        put(tensors, properties, snapshot.state().optimizers());
        new TensorFile(tensors, properties).write(file);
        System.getLogger(Checkpoint.class.getPackageName())
                .log(System.Logger.Level.DEBUG, () -> "checkpoint " + file + " written");
    }

    /** Adds the state of optimisers. */
    static void put(
            Map<String, Tensor> tensors,
            Map<String, String> properties,
            Map<String, OptimizerState> optimizers) {
        optimizers.forEach(
                (name, state) -> {
                    properties.put(OPTIMIZER + name + STEPS, Long.toString(state.steps()));
                    put(tensors, OPTIMIZER + name + FIRST, state.first());
                    put(tensors, OPTIMIZER + name + SECOND, state.second());
                });
    }

    /** Adds parameters, their names behind a prefix. */
    static void put(Map<String, Tensor> tensors, String prefix, Parameters parameters) {
        parameters.groups().forEach((name, values) -> put(tensors, prefix + name, values));
    }

    private static void put(Map<String, Tensor> tensors, String name, List<Tensor> values) {
        for (int i = 0; i < values.size(); i++) {
            tensors.put(name + "[" + i + "]", values.get(i));
        }
    }

    /**
     * Reads a checkpoint.
     *
     * @param file the file
     * @return what it holds
     * @throws io.dfc.api.error.StorageException if it cannot be read, or is larger than the heap
     * @throws BadDataException if it is no checkpoint, is one of another format, or is damaged
     */
    public static TrainingSnapshot read(Path file) {
        InputFile.requireRoom(file, Runtime.getRuntime().maxMemory());
        TensorFile contents = TensorFile.read(file);
        Map<String, String> properties = contents.properties();
        CheckpointFormat.require(file, properties);
        SortedMap<String, List<Tensor>> lists = TensorLists.of(file, contents.tensors());
        SortedMap<String, OptimizerState> optimizers = optimizers(file, properties, lists);
        Parameters best = parameters(file, lists, BEST);
        Parameters last = parameters(file, lists, "");
        requireNoMore(file, lists, "a checkpoint");
        requireSameShapes(file, last, best);
        return new TrainingSnapshot(
                new EngineState(last, optimizers),
                best,
                ProgressProperties.progress(file, properties));
    }

    static void requireNoMore(Path file, SortedMap<String, List<Tensor>> lists, String what) {
        if (!lists.isEmpty()) {
            throw new BadDataException(
                    file.toString(),
                    "tensor " + lists.firstKey() + "[0] is nothing that " + what + " has");
        }
    }

    /** Takes the state of optimisers out of lists of tensors. */
    static SortedMap<String, OptimizerState> optimizers(
            Path file, Map<String, String> properties, Map<String, List<Tensor>> lists) {
        SortedMap<String, OptimizerState> optimizers = new TreeMap<>();
        for (String key : properties.keySet()) {
            if (key.startsWith(OPTIMIZER)
                    && key.endsWith(STEPS)
                    && key.length() > OPTIMIZER.length() + STEPS.length()) {
                String name = key.substring(OPTIMIZER.length(), key.length() - STEPS.length());
                List<Tensor> first = take(lists, OPTIMIZER + name + FIRST);
                List<Tensor> second = take(lists, OPTIMIZER + name + SECOND);
                requireNotNegative(file, OPTIMIZER + name + SECOND, second);
                optimizers.put(
                        name,
                        new OptimizerState(
                                ProgressProperties.whole(file, properties, key), first, second));
            }
        }
        return optimizers;
    }

    private static List<Tensor> take(Map<String, List<Tensor>> lists, String name) {
        List<Tensor> taken = lists.remove(name);
        return taken == null ? List.of() : taken;
    }

    /** Takes the groups with a prefix; the name of a group has no dot. */
    static Parameters parameters(Path file, SortedMap<String, List<Tensor>> lists, String prefix) {
        SortedMap<String, List<Tensor>> groups = new TreeMap<>();
        lists.forEach(
                (name, tensors) -> {
                    if (name.startsWith(prefix) && name.indexOf('.', prefix.length()) < 0) {
                        groups.put(name.substring(prefix.length()), tensors);
                    }
                });
        groups.keySet().forEach(name -> lists.remove(prefix + name));
        List<Tensor> weights = groups.getOrDefault(Parameters.WEIGHTS, List.of());
        if (weights.isEmpty() || weights.stream().anyMatch(w -> w.rank() != 2)) {
            throw new BadDataException(
                    file.toString(),
                    weights.isEmpty()
                            ? "has no weights " + prefix + Parameters.WEIGHTS + "[0]"
                            : "weights " + prefix + Parameters.WEIGHTS + " are no matrices");
        }
        return new Parameters(groups);
    }

    private static void requireSameShapes(Path file, Parameters last, Parameters best) {
        if (!shapes(last).equals(shapes(best))) {
            throw new BadDataException(
                    file.toString(),
                    "the parameters of its best epoch have the shapes "
                            + shapes(best)
                            + ", those of its last one "
                            + shapes(last));
        }
    }

    private static SortedMap<String, List<List<Integer>>> shapes(Parameters parameters) {
        SortedMap<String, List<List<Integer>>> shapes = new TreeMap<>();
        parameters
                .groups()
                .forEach(
                        (name, tensors) ->
                                shapes.put(
                                        name,
                                        tensors.stream()
                                                .map(t -> Arrays.stream(t.shape()).boxed().toList())
                                                .toList()));
        return shapes;
    }

    /** Second moments are means of squares. */
    private static void requireNotNegative(Path file, String name, List<Tensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            for (double x : tensors.get(i).toDoubles()) {
                if (x < 0) {
                    throw new BadDataException(
                            file.toString(),
                            "tensor "
                                    + name
                                    + "["
                                    + i
                                    + "] has the negative number "
                                    + x
                                    + " among means of squares");
                }
            }
        }
    }

    /**
     * The parameters that a plan has groups for.
     *
     * @param file the checkpoint, for messages
     * @param parameters parameters that it holds
     * @param plan the plan
     * @return those with a name that the plan knows
     * @throws BadDataException if the plan has others, or of other shapes
     */
    public static Parameters select(Path file, Parameters parameters, Plan plan) {
        try {
            return plan.requireFit(plan.select(parameters), ElementType.F64);
        } catch (ShapeMismatchException e) {
            throw unfit(file, e.getMessage());
        }
    }

    /**
     * Makes sure that a run can go on from a checkpoint.
     *
     * @param file the checkpoint, for messages
     * @param snapshot what it holds
     * @param plan the run's plan
     * @throws BadDataException if groups or optimisers are not those of the plan
     */
    public static void requireFit(Path file, TrainingSnapshot snapshot, Plan plan) {
        try {
            plan.requireFit(snapshot.state().parameters(), ElementType.F64);
        } catch (ShapeMismatchException e) {
            throw unfit(file, e.getMessage());
        }
        snapshot.state()
                .optimizers()
                .forEach(
                        (name, state) -> {
                            OptimizerHandle optimizer =
                                    plan.optimizers().stream()
                                            .filter(o -> o.name().equals(name))
                                            .findFirst()
                                            .orElseThrow(
                                                    () ->
                                                            unfit(
                                                                    file,
                                                                    "the run has no optimiser "
                                                                            + name));
                            requireFit(file, name + FIRST, state.first(), optimizer.shapes());
                            requireFit(file, name + SECOND, state.second(), optimizer.shapes());
                        });
    }

    private static void requireFit(
            Path file, String name, List<Tensor> tensors, List<int[]> shapes) {
        if (!tensors.isEmpty() && tensors.size() != shapes.size()) {
            throw unfit(
                    file,
                    OPTIMIZER
                            + name
                            + ": expected "
                            + shapes.size()
                            + " tensors, got "
                            + tensors.size());
        }
        for (int i = 0; i < tensors.size(); i++) {
            try {
                tensors.get(i).requireShape(OPTIMIZER + name + "[" + i + "]", shapes.get(i));
            } catch (ShapeMismatchException e) {
                throw unfit(file, e.getMessage());
            }
        }
    }

    private static BadDataException unfit(Path file, String problem) {
        return new BadDataException(
                file.toString(), "does not fit the run's configuration: " + problem);
    }
}
