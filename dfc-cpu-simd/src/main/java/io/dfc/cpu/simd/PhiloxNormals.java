package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.L;
import static io.dfc.cpu.simd.Simd.LANES;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;

/**
 * Normal numbers from Philox 4x32-10, one counter to a float32 lane; see {@link
 * io.dfc.api.noise.Philox} for the layout. The rounds work on 64-bit lanes, so that products fit:
 * one vector for the even counters, one for the odd ones. Not thread-safe.
 */
final class PhiloxNormals {
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final long WORD = 0xFFFFFFFFL;
    private static final int ROUNDS = 10;

    private static final LongVector EVEN = LongVector.zero(L).addIndex(2);

    /** Number of 64-bit lanes. */
    private static final int HALF = LANES / 2;

    /** Words 0 to 3 of all lanes, [4, lanes]. */
    private final int[] words = new int[4 * LANES];

    /** Counter word 0 of the even lanes and the odd ones, then word 2, [4, 64-bit lanes]. */
    private final long[] counters = new long[4 * HALF];

    private final float[] radius = new float[LANES];
    private final float[] reduced = new float[2 * LANES];

    /** The four numbers of every counter, [4, lanes]. */
    private final float[] numbers = new float[4 * LANES];

    /**
     * Writes the numbers of neurons 0 to {@code count - 1}.
     *
     * @param seed key
     * @param place counter word 1
     * @param step counter word 2
     * @param minibatch counter word 3
     * @param out receives the numbers
     * @param at first position written
     * @param count number of neurons
     */
    void fill(long seed, int place, int step, int minibatch, float[] out, int at, int count) {
        for (int block = 0; 4 * block < count; block += LANES) {
            neuronWords(seed, block, place, step, minibatch);
            normals(numbers, 0, LANES);
            int end = Math.min(count - 4 * block, 4 * LANES);
            int to = at + 4 * block;
            int lane = 0;
            for (; 4 * lane + 3 < end; lane++, to += 4) {
                out[to] = numbers[lane];
                out[to + 1] = numbers[LANES + lane];
                out[to + 2] = numbers[2 * LANES + lane];
                out[to + 3] = numbers[3 * LANES + lane];
            }
            for (int rest = 4 * lane; rest < end; rest++) {
                out[to++] = numbers[rest % 4 * LANES + lane];
            }
        }
    }

    /**
     * Writes the numbers of consecutive steps for neurons 0 to {@code count - 1}, one neuron to a
     * row.
     *
     * @param firstStep counter word 2 of the first step
     * @param steps number of steps; rows are written up to the next multiple of the lanes
     * @param out receives the numbers, rows {@code stride} apart; it has rows up to the next
     *     multiple of four
     */
    void fillSteps(
            long seed,
            int place,
            int firstStep,
            int steps,
            int minibatch,
            float[] out,
            int at,
            int stride,
            int count) {
        for (int block = 0; 4 * block < count; block++) {
            int row = at + 4 * block * stride;
            for (int step = 0; step < steps; step += LANES) {
                LongVector.broadcast(L, block).intoArray(counters, 0);
                LongVector.broadcast(L, block).intoArray(counters, HALF);
                EVEN.add((long) firstStep + step).intoArray(counters, 2 * HALF);
                EVEN.add(firstStep + step + 1L).intoArray(counters, 3 * HALF);
                words(seed, place, minibatch);
                normals(out, row + step, stride);
            }
        }
    }

    /**
     * The words of consecutive counters of one step: word {@code w} of lane {@code l} at {@code w *
     * lanes + l}.
     */
    int[] neuronWords(long seed, int firstBlock, int place, int step, int minibatch) {
        EVEN.add((long) firstBlock).intoArray(counters, 0);
        EVEN.add(firstBlock + 1L).intoArray(counters, HALF);
        LongVector.broadcast(L, step).intoArray(counters, 2 * HALF);
        LongVector.broadcast(L, step).intoArray(counters, 3 * HALF);
        words(seed, place, minibatch);
        return words;
    }

    /**
     * The words of as many counters as there are lanes. There are no helpers in here that take
     * vectors, for the same reason as in {@link BoxMuller}.
     */
    private void words(long seed, int place, int minibatch) {
        LongVector mask = LongVector.broadcast(L, WORD);
        // Products of numbers that visibly fit into 32 bits take a shorter instruction.
        LongVector m0 = LongVector.broadcast(L, M0).and(mask);
        LongVector m1 = LongVector.broadcast(L, M1).and(mask);
        LongVector x0 = LongVector.fromArray(L, counters, 0);
        LongVector y0 = LongVector.fromArray(L, counters, HALF);
        LongVector x2 = LongVector.fromArray(L, counters, 2 * HALF);
        LongVector y2 = LongVector.fromArray(L, counters, 3 * HALF);
        LongVector x1 = LongVector.broadcast(L, place);
        LongVector x3 = LongVector.broadcast(L, minibatch);
        LongVector y1 = x1;
        LongVector y3 = x3;
        int key0 = (int) seed;
        int key1 = (int) (seed >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            LongVector k0 = LongVector.broadcast(L, key0);
            LongVector k1 = LongVector.broadcast(L, key1);
            LongVector p0 = x0.and(mask).mul(m0);
            LongVector p1 = x2.and(mask).mul(m1);
            LongVector q0 = y0.and(mask).mul(m0);
            LongVector q1 = y2.and(mask).mul(m1);
            // Upper halves may hold anything: they are masked before each product.
            x0 = p1.lanewise(LSHR, 32).lanewise(XOR, x1).lanewise(XOR, k0);
            x2 = p0.lanewise(LSHR, 32).lanewise(XOR, x3).lanewise(XOR, k1);
            y0 = q1.lanewise(LSHR, 32).lanewise(XOR, y1).lanewise(XOR, k0);
            y2 = q0.lanewise(LSHR, 32).lanewise(XOR, y3).lanewise(XOR, k1);
            x1 = p1;
            x3 = p0;
            y1 = q1;
            y3 = q0;
            key0 += W0;
            key1 += W1;
        }
        // Even and odd counters side by side.
        y0.lanewise(LSHL, 32).lanewise(OR, x0.and(mask)).reinterpretAsInts().intoArray(words, 0);
        y1.lanewise(LSHL, 32)
                .lanewise(OR, x1.and(mask))
                .reinterpretAsInts()
                .intoArray(words, LANES);
        y2.lanewise(LSHL, 32)
                .lanewise(OR, x2.and(mask))
                .reinterpretAsInts()
                .intoArray(words, 2 * LANES);
        y3.lanewise(LSHL, 32)
                .lanewise(OR, x3.and(mask))
                .reinterpretAsInts()
                .intoArray(words, 3 * LANES);
    }

    /**
     * Writes the numbers of all lanes: number {@code i} of lane {@code l} at {@code i * stride +
     * l}.
     */
    private void normals(float[] out, int at, int stride) {
        for (int pair = 0; pair < 2; pair++) {
            BoxMuller.reduce(words, 2 * pair * LANES, reduced);
            BoxMuller.radii(reduced, radius);
            int to = at + 2 * pair * stride;
            BoxMuller.pairs(words, (2 * pair + 1) * LANES, radius, out, to, to + stride);
        }
    }
}
