package io.dfc.algorithms.data;

import io.dfc.api.noise.Philox;

/**
 * Uniform numbers from Philox 4x32-10, one independent stream for each place in a data set.
 *
 * <p>Every number is an exact function of seed, purpose, stream and position, so that generated
 * data are the same on every machine, whatever the number of threads. Not thread-safe; an instance
 * is cheap.
 */
final class CounterRandom {
    private static final int WORDS = 4;
    private static final int HIGH_BITS = 26;
    private static final int LOW_BITS = 27;

    private final long seed;
    private final int purpose;
    private final int stream;
    private final int[] words = new int[WORDS];
    private int block;
    private int used = WORDS;

    /**
     * Starts a stream.
     *
     * @param seed key of the generator
     * @param purpose what the numbers are for; keeps uses of one seed apart
     * @param stream number of the stream within the purpose
     */
    CounterRandom(long seed, int purpose, int stream) {
        this.seed = seed;
        this.purpose = purpose;
        this.stream = stream;
    }

    /** The next number of [0, 1), a multiple of 2^-53. */
    double unit() {
        long high = Integer.toUnsignedLong(word() >>> (Integer.SIZE - HIGH_BITS));
        long low = Integer.toUnsignedLong(word() >>> (Integer.SIZE - LOW_BITS));
        return (high << LOW_BITS | low) * 0x1p-53;
    }

    /** The next number of [low, high). */
    double between(double low, double high) {
        return low + (high - low) * unit();
    }

    /** The next number of (-spread, spread), with a triangular density around 0. */
    double around(double spread) {
        return (unit() + unit() - 1) * spread;
    }

    /** The next integer of [0, bound). */
    int below(int bound) {
        return (int) (unit() * bound);
    }

    /** A random order of the integers 0 to {@code size - 1}. */
    int[] permutation(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private int word() {
        if (used == WORDS) {
            Philox.block(block++, stream, purpose, 0, (int) seed, (int) (seed >>> 32), words, 0);
            used = 0;
        }
        return words[used++];
    }
}
