package io.dfc.algorithms.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A reader of files, as a fuzzer sees it.
 *
 * @param name what the command line of the fuzzer calls it
 * @param file name of the file that is read
 * @param multiple bytes that may be allocated for each byte of the file, unpacked
 * @param seeds sound files, from which the fuzzer starts
 * @param reader the reader
 */
record FuzzTarget(String name, String file, int multiple, List<byte[]> seeds, Reader reader) {
    /** Bytes that may be allocated for a file of any size: buffers, and what is made once. */
    static final long CONSTANT = 16L << 20;

    /** Reads a file. */
    @FunctionalInterface
    interface Reader {
        /**
         * Reads.
         *
         * @param file the file, alone in its folder
         * @throws IOException never of a reader: they have exceptions of their own
         */
        void read(Path file) throws IOException;
    }

    @Override
    public String toString() {
        return name;
    }
}
