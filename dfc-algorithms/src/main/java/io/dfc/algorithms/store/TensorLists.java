package io.dfc.algorithms.store;

import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.Tensor;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tensors of a file that are named by list and place, as in {@code W[0]}. */
final class TensorLists {
    private static final Pattern NAME = Pattern.compile("(.+)\\[(0|[1-9][0-9]{0,8})]");

    private TensorLists() {}

    /**
     * Puts tensors back into their lists.
     *
     * @param file the file, for messages
     * @param tensors its tensors
     * @return lists by name
     * @throws BadDataException if a name is of another form, a place is missing, or a number is not
     *     finite
     */
    static SortedMap<String, List<Tensor>> of(Path file, Map<String, Tensor> tensors) {
        SortedMap<String, SortedMap<Integer, Tensor>> places = new TreeMap<>();
        tensors.forEach(
                (name, tensor) -> {
                    Matcher matcher = NAME.matcher(name);
                    if (!matcher.matches()) {
                        throw new BadDataException(
                                file.toString(),
                                "tensor " + name + ": expected a name and a place, as in W[0]");
                    }
                    if (!tensor.isFinite()) {
                        throw new BadDataException(
                                file.toString(),
                                "tensor " + name + " has numbers that are not finite");
                    }
                    places.computeIfAbsent(matcher.group(1), n -> new TreeMap<>())
                            .put(Integer.parseInt(matcher.group(2)), tensor);
                });
        SortedMap<String, List<Tensor>> lists = new TreeMap<>();
        places.forEach(
                (name, list) -> {
                    if (list.lastKey() != list.size() - 1) {
                        throw new BadDataException(
                                file.toString(),
                                "tensors "
                                        + name
                                        + list.keySet()
                                        + ": expected the places 0 to "
                                        + (list.size() - 1));
                    }
                    lists.put(name, List.copyOf(list.values()));
                });
        return lists;
    }
}
