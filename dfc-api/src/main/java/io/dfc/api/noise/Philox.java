package io.dfc.api.noise;

/**
 * The counter-based generator Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011) and the normative layout in which this framework uses it.
 *
 * <p><b>Key.</b> The 64-bit seed: its low word is the first key word.
 *
 * <p><b>Counter</b>, four 32-bit words:
 *
 * <ol start="0">
 *   <li>neuron / 4, or for initialisation the element / 4;
 *   <li>phase in bits 28 to 31, layer (from 0) in bits 20 to 27, sample within the minibatch in
 *       bits 0 to 19;
 *   <li>time step {@code k}, from 0; its noise enters time point {@code k + 1};
 *   <li>number of the minibatch, counted over the whole run.
 * </ol>
 *
 * <p><b>Normal numbers.</b> One counter gives the words {@code x0..x3}. With {@code a = (x0 + 1/2)
 * / 2^32} and {@code b = (x1 + 1/2) / 2^32}, words taken as unsigned, {@code sqrt(-2 ln a) cos(2 pi
 * b)} belongs to neuron {@code 4j} and {@code sqrt(-2 ln a) sin(2 pi b)} to neuron {@code 4j + 1};
 * {@code x2, x3} give neurons {@code 4j + 2} and {@code 4j + 3} in the same way. Integers are
 * bit-identical on every backend. Normal numbers lie within 2^-20 of the exact values in float32
 * and within 2^-44 in float64.
 */
public final class Philox {
    /** Phase number of the controlled forward phase. */
    public static final int PHASE_CONTROL = 0;

    /** Phase number of the feedback learning phase. */
    public static final int PHASE_FEEDBACK = 1;

    /** Phase number of parameter initialisation. */
    public static final int PHASE_INITIALIZATION = 2;

    /** Phase number of noise on buffers of a program; its streams take the place of layers. */
    public static final int PHASE_PROGRAM = 3;

    /**
     * Phase number of noise on parameters in a program; streams take the place of layers, elements,
     * row-major, that of neurons.
     */
    public static final int PHASE_PARAMETERS = 4;

    /** Largest number of samples in a minibatch that the counter can tell apart. */
    public static final int MAX_SAMPLES = 1 << 20;

    /** Largest number of layers that the counter can tell apart. */
    public static final int MAX_LAYERS = 1 << 8;

    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final double TWO_TO_MINUS_32 = 0x1p-32;

    private Philox() {}

    /**
     * One block of the generator.
     *
     * @param c0 counter word 0
     * @param c1 counter word 1
     * @param c2 counter word 2
     * @param c3 counter word 3
     * @param k0 key word 0
     * @param k1 key word 1
     * @param out receives four words
     * @param offset first position written
     */
    public static void block(
            int c0, int c1, int c2, int c3, int k0, int k1, int[] out, int offset) {
        int x0 = c0;
        int x1 = c1;
        int x2 = c2;
        int x3 = c3;
        int key0 = k0;
        int key1 = k1;
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = (M0 & 0xFFFFFFFFL) * (x0 & 0xFFFFFFFFL);
            long p1 = (M1 & 0xFFFFFFFFL) * (x2 & 0xFFFFFFFFL);
            int y0 = (int) (p1 >>> 32) ^ x1 ^ key0;
            int y2 = (int) (p0 >>> 32) ^ x3 ^ key1;
            x1 = (int) p1;
            x3 = (int) p0;
            x0 = y0;
            x2 = y2;
            key0 += W0;
            key1 += W1;
        }
        out[offset] = x0;
        out[offset + 1] = x1;
        out[offset + 2] = x2;
        out[offset + 3] = x3;
    }

    /**
     * Counter word 1.
     *
     * @param phase one of the phase numbers of this class
     * @param layer layer, from 0, below {@link #MAX_LAYERS}
     * @param sample sample within the minibatch, below {@link #MAX_SAMPLES}
     * @return the word
     */
    public static int place(int phase, int layer, int sample) {
        return phase << 28 | layer << 20 | sample;
    }

    /**
     * Standard normal numbers of consecutive neurons of one sample, layer and step.
     *
     * @param seed key
     * @param place counter word 1, see {@link #place}
     * @param step time step, from 0
     * @param minibatch number of the minibatch in the run
     * @param out receives the numbers of neurons 0 to {@code count - 1}
     * @param offset first position written
     * @param count number of neurons
     * @param words scratch of at least four words
     */
    public static void normals(
            long seed,
            int place,
            int step,
            int minibatch,
            double[] out,
            int offset,
            int count,
            int[] words) {
        for (int n = 0; n < count; n += 4) {
            block(n >>> 2, place, step, minibatch, (int) seed, (int) (seed >>> 32), words, 0);
            for (int pair = 0; pair < 2 && n + 2 * pair < count; pair++) {
                double radius = Math.sqrt(-2 * Math.log(open(words[2 * pair])));
                double angle = 2 * Math.PI * open(words[2 * pair + 1]);
                int at = n + 2 * pair;
                out[offset + at] = radius * Math.cos(angle);
                if (at + 1 < count) {
                    out[offset + at + 1] = radius * Math.sin(angle);
                }
            }
        }
    }

    /** Maps an unsigned word to the open interval (0, 1). */
    private static double open(int word) {
        return ((word & 0xFFFFFFFFL) + 0.5) * TWO_TO_MINUS_32;
    }
}
