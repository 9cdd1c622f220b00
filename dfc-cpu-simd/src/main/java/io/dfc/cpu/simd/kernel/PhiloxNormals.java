package io.dfc.cpu.simd.kernel;

import static io.dfc.cpu.simd.kernel.Simd.I;
import static io.dfc.cpu.simd.kernel.Simd.L;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;

/**
 * Normal numbers from Philox 4x32-10, one counter to a float32 lane; see {@link
 * io.dfc.api.noise.Philox} for the layout. The rounds work on 64-bit lanes, so that products fit:
 * one vector for the even counters, one for the odd ones. Not thread-safe.
 */
public final class PhiloxNormals {
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final long WORD = 0xFFFFFFFFL;
    private static final int ROUNDS = 10;

    /** The 32-bit lanes of the odd counters. */
    private static final VectorMask<Integer> ODD = VectorMask.fromLong(I, 0xAAAAAAAAAAAAAAAAL);

    private static final LongVector EVEN = LongVector.zero(L).addIndex(2);

    /** Number of 64-bit lanes. */
    private static final int HALF = LANES / 2;

    /** Most counters at a time. */
    static final int WIDTH = 8 * LANES;

    /** Words 0 to 3 of all counters, [4, counters]. */
    private final int[] words = new int[4 * WIDTH];

    /** Counter words 0 to 2, each of the even lanes and then of the odd ones, [6, 64-bit lanes]. */
    private final long[] counters = new long[6 * HALF];

    private final float[] radius = new float[WIDTH];
    private final float[] reduced = new float[2 * WIDTH];

    /** The four numbers of every counter, [4, counters]. */
    private final float[] numbers = new float[4 * WIDTH];

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
    public void fill(
            long seed, int place, int step, int minibatch, float[] out, int at, int count) {
        for (int block = 0; 4 * block < count; block += WIDTH) {
            int blocks = Math.min(WIDTH, Math.ceilDiv(count - 4 * block, 4));
            int n = Simd.roundUp(blocks, LANES);
            for (int v = 0; v < n; v += LANES) {
                neuronCounters(block + v, place, step);
                words(seed, minibatch, v);
            }
            normals(numbers, 0, WIDTH, n);
            int end = Math.min(count - 4 * block, 4 * WIDTH);
            int to = at + 4 * block;
            int lane = 0;
            for (; 4 * lane + 3 < end; lane++, to += 4) {
                out[to] = numbers[lane];
                out[to + 1] = numbers[WIDTH + lane];
                out[to + 2] = numbers[2 * WIDTH + lane];
                out[to + 3] = numbers[3 * WIDTH + lane];
            }
            for (int rest = 4 * lane; rest < end; rest++) {
                out[to++] = numbers[rest % 4 * WIDTH + lane];
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
            for (int step = 0; step < steps; step += WIDTH) {
                int n = Math.min(WIDTH, Simd.roundUp(steps - step, LANES));
                for (int v = 0; v < n; v += LANES) {
                    LongVector.broadcast(L, block).intoArray(counters, 0);
                    LongVector.broadcast(L, block).intoArray(counters, HALF);
                    LongVector.broadcast(L, place).intoArray(counters, 2 * HALF);
                    LongVector.broadcast(L, place).intoArray(counters, 3 * HALF);
                    EVEN.add((long) firstStep + step + v).intoArray(counters, 4 * HALF);
                    EVEN.add(firstStep + step + v + 1L).intoArray(counters, 5 * HALF);
                    words(seed, minibatch, v);
                }
                normals(out, row + step, stride, n);
            }
        }
    }

    /**
     * The words of consecutive counters of one step, as many as there are lanes: word {@code w} of
     * counter {@code c} at {@code w * WIDTH + c}.
     */
    int[] neuronWords(long seed, int firstBlock, int place, int step, int minibatch) {
        neuronCounters(firstBlock, place, step);
        words(seed, minibatch, 0);
        return words;
    }

    private void neuronCounters(int firstBlock, int place, int step) {
        EVEN.add((long) firstBlock).intoArray(counters, 0);
        EVEN.add(firstBlock + 1L).intoArray(counters, HALF);
        LongVector.broadcast(L, place).intoArray(counters, 2 * HALF);
        LongVector.broadcast(L, place).intoArray(counters, 3 * HALF);
        LongVector.broadcast(L, step).intoArray(counters, 4 * HALF);
        LongVector.broadcast(L, step).intoArray(counters, 5 * HALF);
    }

    /**
     * Writes the numbers of one step for neurons 0 to {@code count - 1} of consecutive samples, one
     * neuron to a row.
     *
     * @param place counter word 1 of the first sample
     * @param samples number of samples, a multiple of the lanes and at most {@link #WIDTH}
     * @param out receives the numbers, rows of {@code samples}; it has rows up to the next multiple
     *     of four
     */
    void fillSamples(
            long seed,
            int place,
            int step,
            int minibatch,
            int samples,
            float[] out,
            int at,
            int count) {
        int blocks = Math.ceilDiv(count, 4);
        int most = WIDTH / samples;
        for (int first = 0; first < blocks; first += most) {
            int of = Math.min(most, blocks - first);
            for (int block = 0; block < of; block++) {
                for (int v = 0; v < samples; v += LANES) {
                    LongVector.broadcast(L, first + block).intoArray(counters, 0);
                    LongVector.broadcast(L, first + block).intoArray(counters, HALF);
                    EVEN.add((long) place + v).intoArray(counters, 2 * HALF);
                    EVEN.add(place + v + 1L).intoArray(counters, 3 * HALF);
                    LongVector.broadcast(L, step).intoArray(counters, 4 * HALF);
                    LongVector.broadcast(L, step).intoArray(counters, 5 * HALF);
                    words(seed, minibatch, block * samples + v);
                }
            }
            sampleNormals(out, at + 4 * first * samples, of, samples);
        }
    }

    /** Writes the numbers of the first counters, [4 blocks, samples]. */
    private void sampleNormals(float[] out, int at, int blocks, int samples) {
        for (int pair = 0; pair < 2; pair++) {
            BoxMuller.reduce(words, 2 * pair * WIDTH, reduced, blocks * samples);
            BoxMuller.radii(reduced, radius, blocks * samples);
            for (int block = 0; block < blocks; block++) {
                int from = block * samples;
                int to = at + (4 * block + 2 * pair) * samples;
                BoxMuller.pairs(
                        words,
                        (2 * pair + 1) * WIDTH + from,
                        radius,
                        from,
                        out,
                        to,
                        to + samples,
                        samples);
            }
        }
    }

    /**
     * The words of as many counters as there are lanes. There are no helpers in here that take
     * vectors, for the same reason as in {@link BoxMuller}.
     *
     * @param at place of the first counter among {@link #words}
     */
    private void words(long seed, int minibatch, int at) {
        // Products of numbers that visibly fit into 32 bits take a shorter instruction.
        LongVector m0 = LongVector.broadcast(L, M0).and(WORD);
        LongVector m1 = LongVector.broadcast(L, M1).and(WORD);
        LongVector x0 = LongVector.fromArray(L, counters, 0);
        LongVector y0 = LongVector.fromArray(L, counters, HALF);
        LongVector x1 = LongVector.fromArray(L, counters, 2 * HALF);
        LongVector y1 = LongVector.fromArray(L, counters, 3 * HALF);
        LongVector x2 = LongVector.fromArray(L, counters, 4 * HALF);
        LongVector y2 = LongVector.fromArray(L, counters, 5 * HALF);
        LongVector x3 = LongVector.broadcast(L, minibatch);
        LongVector y3 = x3;
        int key0 = (int) seed;
        int key1 = (int) (seed >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            LongVector k0 = LongVector.broadcast(L, key0);
            LongVector k1 = LongVector.broadcast(L, key1);
            LongVector mask = LongVector.broadcast(L, WORD);
            LongVector p0 = mask.and(x0).mul(m0);
            LongVector p1 = mask.and(x2).mul(m1);
            LongVector q0 = mask.and(y0).mul(m0);
            LongVector q1 = mask.and(y2).mul(m1);
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
        // Even and odd counters side by side; blended, since a mask here as well would make the
        // compiler form the masked values in one round and use them in the next, where it no longer
        // sees that they fit into 32 bits. What comes out of the loop is added to zero, for
        // the compiler knows the class of a sum before that of what went round.
        LongVector none = LongVector.zero(L);
        none.add(x0)
                .reinterpretAsInts()
                .blend(none.add(y0).lanewise(LSHL, 32).reinterpretAsInts(), ODD)
                .intoArray(words, at);
        none.add(x1)
                .reinterpretAsInts()
                .blend(none.add(y1).lanewise(LSHL, 32).reinterpretAsInts(), ODD)
                .intoArray(words, WIDTH + at);
        none.add(x2)
                .reinterpretAsInts()
                .blend(none.add(y2).lanewise(LSHL, 32).reinterpretAsInts(), ODD)
                .intoArray(words, 2 * WIDTH + at);
        none.add(x3)
                .reinterpretAsInts()
                .blend(none.add(y3).lanewise(LSHL, 32).reinterpretAsInts(), ODD)
                .intoArray(words, 3 * WIDTH + at);
    }

    /**
     * Writes the numbers of the first counters: number {@code i} of counter {@code c} at {@code i *
     * stride + c}.
     *
     * @param n number of counters, a multiple of the lanes
     */
    private void normals(float[] out, int at, int stride, int n) {
        for (int pair = 0; pair < 2; pair++) {
            BoxMuller.reduce(words, 2 * pair * WIDTH, reduced, n);
            BoxMuller.radii(reduced, radius, n);
            int to = at + 2 * pair * stride;
            BoxMuller.pairs(words, (2 * pair + 1) * WIDTH, radius, 0, out, to, to + stride, n);
        }
    }
}
