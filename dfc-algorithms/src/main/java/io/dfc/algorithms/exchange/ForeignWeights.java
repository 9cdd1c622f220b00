package io.dfc.algorithms.exchange;

import io.dfc.algorithms.files.Excerpt;
import io.dfc.algorithms.formats.NamedArrays;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Arrays of another program, as the parameters of a network here.
 *
 * @param source the file, for messages
 * @param arrays the arrays
 * @param names what they are called
 * @param transposed groups whose matrices have rows and columns the other way round
 */
public record ForeignWeights(
        String source, NamedArrays arrays, ArrayNames names, Set<String> transposed) {
    /** Keeps a copy. */
    public ForeignWeights {
        transposed = Set.copyOf(transposed);
    }

    /**
     * Numbers of units of the hidden layers, as the weights tell.
     *
     * @return one number for each hidden layer
     * @throws BadDataException if there are no weights, or they are no matrices
     */
    public List<Integer> hidden() {
        List<Integer> units = new ArrayList<>();
        for (int i = 0; has(Parameters.WEIGHTS, i); i++) {
            Tensor matrix = array(Parameters.WEIGHTS, i);
            if (i > 0 && matrix.dim(1) != units.getLast()) {
                throw noChain(i, matrix, array(Parameters.WEIGHTS, i - 1));
            }
            units.add(matrix.dim(0));
        }
        if (units.isEmpty()) {
            throw missing(Parameters.WEIGHTS, 0, false);
        }
        return units.subList(0, units.size() - 1);
    }

    private BadDataException noChain(int layer, Tensor matrix, Tensor before) {
        return new BadDataException(
                source,
                "array "
                        + Excerpt.of(names.of(Parameters.WEIGHTS, layer))
                        + " has "
                        + matrix.dim(1)
                        + " columns, and the layer before has "
                        + before.dim(0)
                        + " units"
                        + (matrix.dim(0) == before.dim(1)
                                ? " (transposed?): --transpose W turns them"
                                : ""));
    }

    /**
     * Whether there is any array of a group.
     *
     * @param group name of the group
     * @return whether that of the first layer is there
     */
    public boolean has(String group) {
        return has(group, 0);
    }

    private boolean has(String group, int layer) {
        return arrays.tensors().containsKey(names.of(group, layer));
    }

    private Tensor array(String group, int layer) {
        // Callers have made sure that it is there.
        Tensor tensor = Objects.requireNonNull(arrays.tensors().get(names.of(group, layer)));
        if (!group.equals(Parameters.BIASES) && tensor.rank() != 2) {
            throw new BadDataException(
                    source,
                    "array "
                            + Excerpt.of(names.of(group, layer))
                            + " is no matrix, as "
                            + group
                            + "["
                            + layer
                            + "] should be: it has "
                            + tensor.rank()
                            + " dimensions");
        }
        return transposed.contains(group) ? turned(tensor) : tensor;
    }

    private static Tensor turned(Tensor tensor) {
        if (tensor.rank() != 2) {
            return tensor;
        }
        int rows = tensor.dim(0);
        int columns = tensor.dim(1);
        Tensor out = Tensor.zeros(tensor.type(), columns, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out.set(j * rows + i, tensor.get(i * columns + j));
            }
        }
        return out;
    }

    /**
     * Parameters of a plan.
     *
     * @param parameters the parameters, all in float64
     * @param unused names of arrays that are none of them, in the order of the file
     */
    public record Fitted(Parameters parameters, List<String> unused) {}

    /**
     * The parameters of a plan.
     *
     * @param plan the plan
     * @param initial parameters with which a new run would begin
     * @param drawn groups that are taken from those, if the file does not have them
     * @return all groups of the plan
     * @throws BadDataException if an array is missing, has another shape, or numbers that are not
     *     finite
     */
    public Fitted fit(Plan plan, Parameters initial, Set<String> drawn) {
        requireGroups(plan, drawn);
        Map<String, List<Tensor>> groups = new HashMap<>();
        Set<String> used = new HashSet<>();
        for (ParameterGroup group : plan.groups()) {
            if (drawn.contains(group.name()) && !has(group.name())) {
                continue;
            }
            List<Tensor> tensors = new ArrayList<>();
            for (int i = 0; i < group.tensors(); i++) {
                tensors.add(fitted(group, i));
                used.add(names.of(group.name(), i));
            }
            groups.put(group.name(), tensors);
        }
        for (ParameterGroup group : plan.groups()) {
            groups.computeIfAbsent(
                    group.name(),
                    name ->
                            name.equals(Parameters.FEEDBACK)
                                    ? WeightProduct.like(
                                            initial,
                                            Objects.requireNonNull(groups.get(Parameters.WEIGHTS)))
                                    : initial.group(name));
        }
        return new Fitted(
                plan.requireFit(new Parameters(groups), ElementType.F64),
                arrays.tensors().keySet().stream().filter(n -> !used.contains(n)).toList());
    }

    private void requireGroups(Plan plan, Set<String> drawn) {
        List<String> known = plan.groups().stream().map(ParameterGroup::name).toList();
        for (Map.Entry<String, Set<String>> option :
                Map.of("--draw", drawn, "--transpose", transposed).entrySet()) {
            option.getValue().stream()
                    .filter(name -> !known.contains(name))
                    .findFirst()
                    .ifPresent(
                            name -> {
                                throw new BadConfigurationException(
                                        option.getKey(),
                                        "the method has no group "
                                                + name
                                                + "; it has "
                                                + String.join(", ", known));
                            });
        }
        if (drawn.contains(Parameters.WEIGHTS)) {
            throw new BadConfigurationException(
                    "--draw", "W is what the file is read for; train anew with ./dfc train");
        }
    }

    private Tensor fitted(ParameterGroup group, int layer) {
        if (!has(group.name(), layer)) {
            throw missing(group.name(), layer, layer == 0);
        }
        String name = group.name() + "[" + layer + "]";
        Tensor read = array(group.name(), layer);
        try {
            Tensor tensor = Tensor.wrap(read.toDoubles(), read.shape());
            return tensor.requireShape(name, group.shape(layer)).requireFit(name, ElementType.F64);
        } catch (ShapeMismatchException | BadDataException e) {
            throw new BadDataException(
                    source,
                    "array "
                            + Excerpt.of(names.of(group.name(), layer))
                            + " is no "
                            + e.getMessage()
                            + (e.getMessage().endsWith("(transposed?)")
                                    ? ": --transpose " + group.name() + " turns them"
                                    : ""));
        }
    }

    private BadDataException missing(String group, int layer, boolean whole) {
        return new BadDataException(
                source,
                "has no array "
                        + Excerpt.of(names.of(group, layer))
                        + " for "
                        + group
                        + "["
                        + layer
                        + "]; it has "
                        + (arrays.tensors().isEmpty()
                                ? "none at all"
                                : Excerpt.listed(List.copyOf(arrays.tensors().keySet())))
                        + "; say what is called what with --map "
                        + group
                        + "=NAME"
                        + (whole && !group.equals(Parameters.WEIGHTS)
                                ? ", or begin with those of a new run with --draw " + group
                                : ""));
    }
}
