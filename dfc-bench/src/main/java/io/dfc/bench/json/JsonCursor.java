package io.dfc.bench.json;

import io.dfc.algorithms.files.Excerpt;
import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.Tensor;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A value in a JSON file together with its path, so that every error names both.
 *
 * <p>Objects with known keys are bound to records ({@link #as}). Tensors are read here, for their
 * shapes follow from sizes elsewhere in the file; so is what a file expects, a tree of any form.
 *
 * @param source file
 * @param path place in the file, empty at its root
 * @param node what is there
 */
public record JsonCursor(String source, String path, JsonNode node) {
    private static final int MAX_RANK = 8;
    private static final int MAX_SHOWN = 40;

    /**
     * The value of a key that must be there and not be null.
     *
     * @param key the key
     * @return its value
     */
    public JsonCursor get(String key) {
        return optional(key)
                .orElseThrow(
                        () -> {
                            requireObject();
                            return new BadDataException(
                                    source,
                                    pathOf(key)
                                            + ": expected a value, got "
                                            + (node.has(key)
                                                    ? "null"
                                                    : "nothing (the key is missing)"));
                        });
    }

    /**
     * The value of a key.
     *
     * @param key the key
     * @return its value, or nothing if it is missing or null
     */
    public Optional<JsonCursor> optional(String key) {
        JsonNode value = requireObject().node.get(key);
        return value == null || value.isNull()
                ? Optional.empty()
                : Optional.of(new JsonCursor(source, pathOf(key), value));
    }

    /** {@return the keys of an object, in the order of the file} */
    public List<String> keys() {
        return List.copyOf(requireObject().node.propertyNames());
    }

    /**
     * Binds this value.
     *
     * @param type a record whose components are named as the keys, or an enum whose constants are
     *     named as the values, both in lower case with underscores
     * @param <T> that type
     * @return the value; nothing in it is null, and every number is finite
     * @throws BadDataException if it has another form, in one line with the place
     */
    public <T> T as(Class<T> type) {
        if (node.isNull() || node.isMissingNode()) {
            throw expected(Binding.form(type));
        }
        try {
            return Binding.MAPPER.treeToValue(node, type);
        } catch (JacksonException e) {
            throw Binding.problem(this, e);
        }
    }

    /** {@return whether this is a tensor: an object of shape and data} */
    public boolean isTensor() {
        return node.isObject() && node.has("shape") && node.has("data");
    }

    /** {@return the elements of a list} */
    public List<JsonCursor> items() {
        if (!node.isArray()) {
            throw expected("a list");
        }
        List<JsonCursor> items = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            items.add(new JsonCursor(source, path + "[" + i + "]", node.get(i)));
        }
        return items;
    }

    /**
     * The elements of a list of a given length.
     *
     * @param count its length
     * @return the elements
     */
    public List<JsonCursor> items(int count) {
        List<JsonCursor> items = items();
        if (items.size() != count) {
            throw expected("a list of " + count);
        }
        return items;
    }

    /** {@return a finite number} */
    public double number() {
        if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
            throw expected("a finite number");
        }
        return node.asDouble();
    }

    /**
     * A whole number within bounds.
     *
     * @param min the least allowed
     * @param max the largest allowed
     * @return the number
     */
    public int integer(int min, int max) {
        double value = node.isNumber() ? node.asDouble() : Double.NaN;
        if (!(value >= min && value <= max) || value != Math.rint(value)) {
            throw expected("a whole number in " + min + ".." + max);
        }
        return (int) value;
    }

    /** {@return a string} */
    public String text() {
        if (!node.isString()) {
            throw expected("a string");
        }
        return node.stringValue();
    }

    /**
     * {@return a tensor of any shape; booleans become 0 and 1. Nothing is allocated beyond what the
     * file holds}
     */
    public Tensor tensor() {
        if (!isTensor()) {
            throw expected("a tensor {\"shape\": [...], \"data\": [...]}");
        }
        JsonCursor shape = get("shape");
        if (shape.items().size() > MAX_RANK) {
            throw shape.expected("at most " + MAX_RANK + " dimensions");
        }
        int[] dims =
                shape.items().stream().mapToInt(d -> d.integer(0, Integer.MAX_VALUE)).toArray();
        JsonCursor data = get("data");
        List<JsonCursor> elements = data.items();
        if (elements.size() != elementsOf(dims, elements.size())) {
            throw data.expected(
                    "as many elements as the shape " + Arrays.toString(dims) + " demands");
        }
        double[] values = new double[elements.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = elements.get(i).scalar();
        }
        return Tensor.wrap(values, dims);
    }

    /**
     * A tensor of a given shape.
     *
     * @param dims the shape
     * @return the tensor
     */
    public Tensor tensor(int... dims) {
        Tensor tensor = tensor();
        if (!Arrays.equals(tensor.shape(), dims)) {
            throw new BadDataException(
                    source,
                    path
                            + ".shape: expected "
                            + Arrays.toString(dims)
                            + ", got "
                            + Arrays.toString(tensor.shape()));
        }
        return tensor;
    }

    /** {@return a finite number, or 1 for true and 0 for false} */
    public double scalar() {
        return node.isBoolean() ? (node.booleanValue() ? 1 : 0) : number();
    }

    /**
     * A value of the record that this was bound to, where it may not be missing.
     *
     * @param bound the value
     * @param key its key
     * @param <T> its type
     * @return the value
     */
    public <T> T required(Optional<T> bound, String key) {
        return bound.orElseThrow(() -> get(key).expected("a value"));
    }

    /**
     * The error of a key that is none of those known, for a misspelt one would be taken for absent.
     */
    BadDataException unknown(String key, List<String> known) {
        return new BadDataException(
                source,
                pathOf(Excerpt.of(key)) + ": expected one of the keys " + String.join(", ", known));
    }

    /**
     * The error of a value that is not what it should be.
     *
     * @param what what was expected
     * @return the error, to be thrown
     */
    public BadDataException expected(String what) {
        return new BadDataException(
                source,
                (path.isEmpty() ? "" : path + ": ") + "expected " + what + ", got " + shown());
    }

    /** The product of dimensions; -1 as soon as it exceeds a limit, so that it cannot overflow. */
    private static long elementsOf(int[] dims, int limit) {
        long product = 1;
        for (int d : dims) {
            product *= d;
            if (product > limit) {
                return -1;
            }
        }
        return product;
    }

    private JsonCursor requireObject() {
        if (!node.isObject()) {
            throw expected("an object");
        }
        return this;
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String shown() {
        if (node.isObject()) {
            return "an object";
        }
        if (node.isArray()) {
            return "a list of " + node.size();
        }
        String text = node.toString();
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
