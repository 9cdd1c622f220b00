package io.dfc.tornado.runtime;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Numbers that are copied to the device, written straight into the array of the exchange. */
@FunctionalInterface
public interface ExchangeSource {
    /**
     * Writes some of the numbers.
     *
     * @param from index of the first one
     * @param length how many
     * @param exchange the array that host and device exchange
     * @param at where they go there
     */
    void write(int from, int length, FloatArray exchange, int at);

    /** The numbers of an array. */
    static ExchangeSource of(float[] values) {
        return (from, length, exchange, at) -> {
            for (int i = 0; i < length; i++) {
                exchange.set(at + i, values[from + i]);
            }
        };
    }
}
