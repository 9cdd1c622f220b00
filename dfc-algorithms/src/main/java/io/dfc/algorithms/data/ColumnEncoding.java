package io.dfc.algorithms.data;

import java.util.List;

/** How a column of a table becomes inputs. */
public sealed interface ColumnEncoding {
    /** {@return the name of the column} */
    String name();

    /** {@return the number of inputs} */
    int width();

    /**
     * A column of numbers: one input, standardised.
     *
     * @param name name of the column
     * @param mean mean of the training rows
     * @param deviation their standard deviation; 1 for a constant column
     */
    record Numeric(String name, double mean, double deviation) implements ColumnEncoding {
        @Override
        public int width() {
            return 1;
        }

        /**
         * Standardises a number.
         *
         * @param value the number
         * @return the input
         */
        public double encode(double value) {
            return (value - mean) / deviation;
        }
    }

    /**
     * A column of text: one input for each value, 1 for the one that a cell holds and 0 for the
     * others.
     *
     * @param name name of the column
     * @param values its values, in the order of the inputs
     * @param usual position of the most frequent one
     */
    record Category(String name, List<String> values, int usual) implements ColumnEncoding {
        /** Keeps a copy. */
        public Category {
            values = List.copyOf(values);
        }

        @Override
        public int width() {
            return values.size();
        }
    }
}
