package io.dfc.algorithms.data.source;

import io.dfc.algorithms.data.SplitSizes;

import java.util.Optional;

/**
 * Properties of a data set that are known without loading it.
 *
 * @param name name by which it is loaded; with a placeholder for files of the user
 * @param kind what is learnt
 * @param shape sizes, unknown for files of the user
 * @param available whether it can be loaded now
 * @param origin where it comes from: a folder, or how to get it
 */
public record DataDescription(
        String name, Kind kind, Optional<Shape> shape, boolean available, String origin) {
    /** What is learnt. */
    public enum Kind {
        /** A class for each input. */
        CLASSIFICATION,
        /** A vector for each input. */
        REGRESSION,
        /** The input itself. */
        AUTOENCODER
    }

    /**
     * Sizes.
     *
     * @param inputs length of an input
     * @param outputs length of an output
     * @param samples number of samples of each part
     */
    public record Shape(int inputs, int outputs, SplitSizes samples) {}
}
