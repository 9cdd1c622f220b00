package io.dfc.tornado.memory;

import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of some groups, one after the other in one array, as parameters, a gradient of them
 * or an optimiser's moments are. In the kernels' table these are, for {@code T} tensors, {@code T +
 * 1} boundaries, {@code T} layers and {@code T} starts among all parameters.
 */
public final class TensorTable {
    private final List<ParameterGroup> groups;
    private final List<int[]> shapes = new ArrayList<>();
    private final int[] starts;
    private final int[] layers;
    private final int[] addresses;

    /** Where it begins in the kernels' table. */
    public final int position;

    /**
     * A table.
     *
     * @param groups the groups
     * @param addresses where each group begins among all parameters on the device
     * @param position where it is to begin in the kernels' table
     * @throws PlanUnsupportedException if the tensors are more than can be addressed
     */
    TensorTable(List<ParameterGroup> groups, Map<ParameterGroup, Integer> addresses, int position) {
        this.groups = List.copyOf(groups);
        this.position = position;
        List<Integer> places = new ArrayList<>();
        List<Integer> within = new ArrayList<>();
        List<Integer> ends = new ArrayList<>(List.of(0));
        for (ParameterGroup group : groups) {
            int first = ends.getLast();
            for (int i = 0; i < group.tensors(); i++) {
                shapes.add(group.shape(i));
                within.add(i);
                places.add(addresses.get(group) + ends.getLast() - first);
                ends.add(requireAddressable(ends.getLast() + elements(group.shape(i))));
            }
        }
        starts = toArray(ends);
        layers = toArray(within);
        this.addresses = toArray(places);
    }

    /** Where groups begin in an array that holds one after the other. */
    static Map<ParameterGroup, Integer> starts(List<ParameterGroup> groups) {
        Map<ParameterGroup, Integer> starts = new HashMap<>();
        int at = 0;
        for (ParameterGroup group : groups) {
            starts.put(group, at);
            at = requireAddressable(at + elements(group));
        }
        return starts;
    }

    /** Number of elements of a group's tensors. */
    static long elements(ParameterGroup group) {
        long length = 0;
        for (int i = 0; i < group.tensors(); i++) {
            length += elements(group.shape(i));
        }
        return length;
    }

    /** Number of elements of a tensor; at most one more than the largest array has. */
    public static long elements(int[] shape) {
        long size = 1;
        for (int d : shape) {
            size = Math.min(size * d, 1L << 31);
        }
        return size;
    }

    /**
     * Checks a number of elements.
     *
     * @return the number
     * @throws PlanUnsupportedException if it is more than can be addressed
     */
    static int requireAddressable(long length) {
        if (length > Integer.MAX_VALUE / 2) {
            throw new PlanUnsupportedException(
                    "backend \"tornado\": the network has more parameters than it can address");
        }
        return (int) length;
    }

    private static int[] toArray(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The groups. */
    List<ParameterGroup> groups() {
        return groups;
    }

    /** Number of tensors. */
    public int tensors() {
        return shapes.size();
    }

    /** Number of elements. */
    public int length() {
        return starts[tensors()];
    }

    /** Where a tensor begins. */
    public int start(int tensor) {
        return starts[tensor];
    }

    /** Layer of a tensor: its place in its group. */
    public int layer(int tensor) {
        return layers[tensor];
    }

    /** Largest number of tensors of a group. */
    public int layers() {
        return Arrays.stream(layers).max().orElse(-1) + 1;
    }

    /** Shape of a tensor. */
    public int[] shape(int tensor) {
        return shapes.get(tensor);
    }

    /** Entries of the kernels' table that a number of tensors takes. */
    static int entries(int tensors) {
        return 3 * tensors + 1;
    }

    /** Writes its entries into the kernels' table. */
    void describe(int[] table) {
        System.arraycopy(starts, 0, table, position, starts.length);
        System.arraycopy(layers, 0, table, position + starts.length, layers.length);
        System.arraycopy(
                addresses, 0, table, position + starts.length + layers.length, addresses.length);
    }

    /** Copies of the tensors in an array, in one list. */
    public List<Tensor> list(float[] all) {
        List<Tensor> out = new ArrayList<>();
        for (int t = 0; t < tensors(); t++) {
            out.add(Tensor.wrap(Arrays.copyOfRange(all, starts[t], starts[t + 1]), shapes.get(t)));
        }
        return out;
    }

    /** Copies of the tensors in an array, by the names of their groups. */
    public Map<String, List<Tensor>> byGroup(float[] all) {
        List<Tensor> tensors = list(all);
        Map<String, List<Tensor>> out = new HashMap<>();
        int at = 0;
        for (ParameterGroup group : groups) {
            out.put(group.name(), List.copyOf(tensors.subList(at, at + group.tensors())));
            at += group.tensors();
        }
        return out;
    }
}
