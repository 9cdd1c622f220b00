package io.dfc.algorithms.data.sampling;

import io.dfc.api.noise.Philox;

/**
 * Uniform numbers from Philox 4x32-10, one independent stream for each sample.
 *
 * <p>Every number is an exact function of seed, purpose, stream and position, so that generated
 * data are the same on every machine, whatever the number of threads. Not thread-safe; an instance
 * is cheap.
 */
public final class CounterRandom {
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
    public CounterRandom(long seed, int purpose, int stream) {
        this.seed = seed;
        this.purpose = purpose;
        this.stream = stream;
    }

    /** {@return the next number of [0, 1), a multiple of 2^-53} */
    double unit() {
        long high = Integer.toUnsignedLong(word() >>> (Integer.SIZE - HIGH_BITS));
        long low = Integer.toUnsignedLong(word() >>> (Integer.SIZE - LOW_BITS));
        return (high << LOW_BITS | low) * 0x1p-53;
    }

    /**
     * The next number of an interval.
     *
     * @param low lower bound, included
     * @param high upper bound, excluded
     * @return the number
     */
    public double between(double low, double high) {
        return low + (high - low) * unit();
    }

    /**
     * The next number with a triangular density around 0.
     *
     * @param spread half the width of the triangle
     * @return a number of (-spread, spread)
     */
    public double around(double spread) {
        return (unit() + unit() - 1) * spread;
    }

    /**
     * The next integer.
     *
     * @param bound upper bound, excluded
     * @return an integer of [0, bound)
     */
    public int below(int bound) {
        return (int) (unit() * bound);
    }

    /**
     * A random order.
     *
     * @param size number of integers
     * @return the integers 0 to {@code size - 1}, shuffled
     */
    public int[] permutation(int size) {
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
