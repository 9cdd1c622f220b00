package io.dfc.algorithms.data;

import java.util.List;

/** How the targets of a data set become numbers. */
public sealed interface TargetEncoding {
    /**
     * One output for each class.
     *
     * @param names names of the classes, in the order of the outputs
     */
    record Classes(List<String> names) implements TargetEncoding {
        /** Keeps a copy. */
        public Classes {
            names = List.copyOf(names);
        }
    }

    /**
     * A number, standardised.
     *
     * @param mean mean of the training rows
     * @param deviation their standard deviation, above 0
     */
    record Scale(double mean, double deviation) implements TargetEncoding {
        /**
         * Standardises a number.
         *
         * @param value the number, in its own unit
         * @return the target of the network
         */
        public double encode(double value) {
            return (value - mean) / deviation;
        }

        /**
         * Puts an output back.
         *
         * @param output output of the network
         * @return the number, in its own unit
         */
        public double decode(double output) {
            return output * deviation + mean;
        }
    }

    /**
     * Several numbers, each standardised on its own.
     *
     * @param components the numbers, in the order of the outputs, at least one
     */
    record Vector(List<Component> components) implements TargetEncoding {
        /** Keeps a copy. */
        public Vector {
            components = List.copyOf(components);
        }
    }

    /**
     * One number of several.
     *
     * @param name its name
     * @param mean mean of the training samples
     * @param deviation their standard deviation, above 0
     */
    record Component(String name, double mean, double deviation) {
        /** {@return how it is standardised} */
        public Scale scale() {
            return new Scale(mean, deviation);
        }
    }

    /** The input itself. */
    record Inputs() implements TargetEncoding {}
}
