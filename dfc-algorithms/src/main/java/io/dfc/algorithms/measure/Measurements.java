package io.dfc.algorithms.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers measured of one minibatch, by name. NaN stands for what has no value, such as the angle
 * to an update that is zero.
 *
 * @param minibatch minibatch within the training sweep, from 0
 * @param values single numbers, in the order in which they were measured
 * @param layers one number per layer, in the order in which they were measured
 * @param notes what was not measured and why, in words
 */
public record Measurements(
        int minibatch,
        Map<String, Double> values,
        Map<String, List<Double>> layers,
        List<String> notes) {
    /** Copies the maps and lists. */
    public Measurements {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
        notes = List.copyOf(notes);
    }

    /**
     * No numbers.
     *
     * @param minibatch minibatch within the training sweep, from 0
     * @return nothing measured
     */
    public static Measurements none(int minibatch) {
        return new Measurements(minibatch, Map.of(), Map.of(), List.of());
    }

    /** Collects numbers. */
    public static final class Builder {
        private final Map<String, Double> values = new LinkedHashMap<>();
        private final Map<String, List<Double>> layers = new LinkedHashMap<>();
        private final List<String> notes = new ArrayList<>();

        /** A collection of no numbers. */
        public Builder() {}

        /**
         * Adds a number.
         *
         * @param name its name
         * @param value the number
         * @return this
         */
        public Builder put(String name, double value) {
            values.put(name, value);
            return this;
        }

        /**
         * Adds a number per layer; none where there are no layers of that kind.
         *
         * @param name its name
         * @param perLayer the numbers
         * @return this
         */
        public Builder put(String name, double[] perLayer) {
            if (perLayer.length > 0) {
                layers.put(name, Arrays.stream(perLayer).boxed().toList());
            }
            return this;
        }

        /**
         * Says what was not measured.
         *
         * @param text what, and why
         * @return this
         */
        public Builder note(String text) {
            notes.add(text);
            return this;
        }

        /**
         * {@return all numbers so far}
         *
         * @param minibatch minibatch within the training sweep, from 0
         */
        public Measurements build(int minibatch) {
            return new Measurements(minibatch, values, layers, notes);
        }
    }
}
