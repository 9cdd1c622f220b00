package io.dfc.bench.golden.scenario;

import io.dfc.api.tensor.Tensor;
import io.dfc.bench.golden.compare.Expectation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The tensors that a scenario computed, by the path at which {@code expected} has its counterpart.
 * Quantities that no expectation asks for are not fetched from the engine.
 */
public final class Observations {
    private final Set<String> wanted;
    private final Map<String, Tensor> tensors = new HashMap<>();

    public Observations(List<Expectation> expectations) {
        wanted =
                expectations.stream()
                        .map(Expectation::quantity)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Takes a tensor if it is wanted. */
    void add(String path, Supplier<Tensor> tensor) {
        if (wanted.contains(Expectation.quantityOf(path))) {
            tensors.put(path, tensor.get());
        }
    }

    /** Takes a scalar if it is wanted. */
    void addScalar(String path, double value) {
        add(path, () -> Tensor.of(new double[] {value}));
    }

    /** Takes the tensors of all layers if they are wanted. */
    void addLayers(String path, int layers, IntFunction<Tensor> tensor) {
        for (int i = 0; i < layers; i++) {
            int layer = i;
            add(path + "[" + i + "]", () -> tensor.apply(layer));
        }
    }

    /** Takes the tensors of all layers, or those there are, if they are wanted. */
    void addLayers(String path, Supplier<List<Tensor>> tensors) {
        if (wanted.contains(Expectation.quantityOf(path))) {
            List<Tensor> layers = tensors.get();
            addLayers(path, layers.size(), layers::get);
        }
    }

    /** The tensor at a path, if it was computed. */
    public Optional<Tensor> at(String path) {
        return Optional.ofNullable(tensors.get(path));
    }

    /**
     * A computed path that no expectation names, if there is one: the file lacks a part of a
     * quantity.
     */
    public Optional<String> missingIn(List<Expectation> expectations) {
        Set<String> expected =
                expectations.stream().map(Expectation::path).collect(Collectors.toSet());
        return tensors.keySet().stream().filter(p -> !expected.contains(p)).sorted().findFirst();
    }
}
