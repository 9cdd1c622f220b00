package io.dfc.algorithms.formats;

import io.dfc.api.tensor.Tensor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The contents of a file of arrays.
 *
 * @param tensors arrays by name, in the order of the file
 * @param properties text properties; none in formats without
 */
public record NamedArrays(Map<String, Tensor> tensors, Map<String, String> properties) {
    /** Copies the maps, not the arrays, and keeps the order of the latter. */
    public NamedArrays {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        properties = Map.copyOf(properties);
    }
}
