package io.dfc.tornado;

import static io.dfc.tornado.Bfloat16.weight;
import static io.dfc.tornado.Slots.*;

import io.dfc.api.control.Convergence;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The controlled loop over time. Its barriers are outside of all conditions, and what a work-group
 * skips it skips as a loop of no turns: compilers for processors copy the code behind a barrier
 * that depends on something.
 */
final class LoopKernels {
    private LoopKernels() {}

    /**
     * Goes back to the feedforward pass and clears all sums over time, except in tiles that are
     * marked in {@link Slots#SKIPPED}; a tile to a group.
     */
    static void reset(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int span = outputs * TILE;
        int own = tile * span;
        int first = tile * TILE;
        int u = p.get(base + CONTROL) + own;
        int before = p.get(base + CONTROL_BEFORE) + own;
        int integral = p.get(base + INTEGRAL) + own;
        int error = p.get(base + ERROR) + own;
        if (m.get(p.get(base + SKIPPED) + tile) == 0f) {
            for (int i = 0; i < depth; i++) {
                int layer = LAYERS + i * LAYER;
                int n = p.get(base + layer + SIZE);
                int at = p.get(base + layer + OFFSET) + tile * n * TILE;
                for (int j = lane; j < n * TILE; j += width) {
                    m.set(p.get(base + SOMATIC) + at + j, 0f);
                    m.set(p.get(base + RATE_DEVIATION) + at + j, 0f);
                    m.set(p.get(base + BASAL) + at + j, 0f);
                    m.set(p.get(base + APICAL) + at + j, 0f);
                }
            }
            for (int j = lane; j < span; j += width) {
                m.set(u + j, 0f);
                m.set(before + j, 0f);
                m.set(integral + j, 0f);
            }
            int averages = p.get(base + AVERAGES);
            int length = p.get(base + PARTIAL_LENGTH);
            int firstSpan = p.get(base + LAYERS + SIZE) * TILE;
            for (int q = 0; q < averages; q++) {
                int partial =
                        p.get(base + PARTIAL) + (q * (p.get(base + PADDED) / TILE) + tile) * length;
                for (int j = lane; j < length; j += width) {
                    m.set(partial + j, 0f);
                }
                int sum =
                        p.get(base + FIRST_SUM)
                                + q * p.get(base + PADDED) * p.get(base + LAYERS + SIZE)
                                + tile * firstSpan;
                for (int j = lane; j < firstSpan; j += width) {
                    m.set(sum + j, 0f);
                }
            }
            if (p.get(base + LEARNS_FEEDBACK) == 1) {
                int learned = p.get(base + FEEDBACK_LENGTH);
                for (int j = lane; j < learned; j += width) {
                    m.set(p.get(base + FEEDBACK_PARTIAL) + tile * learned + j, 0f);
                }
            }
            c.globalBarrier();
            LoopState.evaluate(p, base, k, m, tile, lane, width);
            c.globalBarrier();
            if (lane < TILE) {
                float norm = 0f;
                for (int j = 0; j < outputs; j++) {
                    float e = m.get(error + j * TILE + lane);
                    norm += e * e;
                }
                m.set(p.get(base + INITIAL_ERROR) + first + lane, norm);
                m.set(p.get(base + DIVERGED_POINTS) + first + lane, 0f);
            }
            LoopState.record(p, base, m, tile, 0, lane, width);
        }
    }

    /**
     * Simulates from one time step to another, see {@link io.dfc.api.control.Dynamics}; a tile to a
     * group, all steps in one launch. Tiles that are marked in {@link Slots#SKIPPED} stay as they
     * are.
     *
     * @param packed 1 if weights are read from words, see {@link Bfloat16#weight}
     */
    static void simulate(
            KernelContext c, IntArray p, FloatArray k, FloatArray m, IntArray w, int packed) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int powers = base + p.get(base + POWERS);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int span = outputs * TILE;
        int own = tile * span;
        int first = tile * TILE;
        int from = p.get(base + FROM);
        int end = m.get(p.get(base + SKIPPED) + tile) == 0f ? p.get(base + TO) : from;
        int u = p.get(base + CONTROL) + own;
        int before = p.get(base + CONTROL_BEFORE) + own;
        int integral = p.get(base + INTEGRAL) + own;
        int error = p.get(base + ERROR) + own;
        float somaticRate = k.get(base + SOMATIC_RATE);
        float apicalRate = k.get(base + APICAL_RATE);
        float dt = k.get(base + TIME_STEP);
        float alpha = k.get(base + LEAKAGE_RATE);
        float gain = k.get(base + PROPORTIONAL_GAIN);
        int applied = p.get(base + PROACTIVE) == 1 ? u : before;
        float[] near = c.allocateFloatLocalArray(NEAR);
        for (int step = from; step < end; step++) {
            for (int j = lane; j < span; j += width) {
                float e = m.get(error + j);
                float old = m.get(u + j);
                float sum = m.get(integral + j);
                float leaking = p.get(base + LEAK_TOTAL) == 1 ? old : sum;
                sum += dt * (e - alpha * leaking);
                m.set(before + j, old);
                m.set(integral + j, sum);
                m.set(u + j, sum + gain * e);
            }
            c.globalBarrier();
            for (int l = 0; l < depth; l++) {
                // Downwards, every layer still finds the old rates of the layer below.
                int i = p.get(base + INSTANT_TRANSMISSION) == 1 ? l : depth - 1 - l;
                int layer = LAYERS + i * LAYER;
                int n = p.get(base + layer + SIZE);
                int at = p.get(base + layer + OFFSET) + tile * n * TILE;
                int activation = p.get(base + layer + ACTIVATION);
                float rectifier = k.get(base + LAYER_CONSTANTS + i * CONSTANTS + RECTIFIER_SLOPE);
                float noisy = k.get(base + LAYER_CONSTANTS + i * CONSTANTS + NOISE_FACTOR);
                int below = i == 0 ? 0 : p.get(base + layer + BELOW);
                int weights = p.get(base + layer + WEIGHTS_READ + packed * PACKED);
                int row = p.get(base + layer + WEIGHT_ROW + packed * PACKED);
                int rowStep = p.get(base + layer + WEIGHT_STEP);
                int inputs =
                        i == 0
                                ? 0
                                : p.get(base + RATE_DEVIATION)
                                        + p.get(base + layer - LAYER + OFFSET)
                                        + tile * below * TILE;
                // What all work-items read goes to local memory, if it has room there.
                int staged = below * TILE <= NEAR ? below : 0;
                for (int x = lane; x < staged * TILE; x += width) {
                    near[x] = m.get(inputs + x);
                }
                c.localBarrier();
                int feedback = p.get(base + layer + FEEDBACK_READ + packed * PACKED);
                int feedbackRow = p.get(base + layer + FEEDBACK_ROW + packed * PACKED);
                int feedbackStep = p.get(base + layer + FEEDBACK_STEP);
                for (int j = lane; j < n; j += width) {
                    float a0 = 0f;
                    float a1 = 0f;
                    float a2 = 0f;
                    float a3 = 0f;
                    int toBasal = weights + j * row;
                    for (int x = 0; x < staged; x++) {
                        float wx = weight(m, w, k, powers, toBasal, x, rowStep, packed);
                        int in = x * TILE;
                        a0 += wx * near[in];
                        a1 += wx * near[in + 1];
                        a2 += wx * near[in + 2];
                        a3 += wx * near[in + 3];
                    }
                    for (int x = staged; x < below; x++) {
                        float wx = weight(m, w, k, powers, toBasal, x, rowStep, packed);
                        int in = inputs + x * TILE;
                        a0 += wx * m.get(in);
                        a1 += wx * m.get(in + 1);
                        a2 += wx * m.get(in + 2);
                        a3 += wx * m.get(in + 3);
                    }
                    float b0 = 0f;
                    float b1 = 0f;
                    float b2 = 0f;
                    float b3 = 0f;
                    int toApical = feedback + j * feedbackRow;
                    for (int x = 0; x < outputs; x++) {
                        float wx = weight(m, w, k, powers, toApical, x, feedbackStep, packed);
                        int in = applied + x * TILE;
                        b0 += wx * m.get(in);
                        b1 += wx * m.get(in + 1);
                        b2 += wx * m.get(in + 2);
                        b3 += wx * m.get(in + 3);
                    }
                    int cell = at + j * TILE;
                    int apical = p.get(base + APICAL) + cell;
                    float h0 = m.get(apical);
                    float h1 = m.get(apical + 1);
                    float h2 = m.get(apical + 2);
                    float h3 = m.get(apical + 3);
                    if (p.get(base + LEARNS_FEEDBACK) == 1) {
                        LoopState.learn(p, base, m, i, j, tile);
                    }
                    m.set(apical, h0 + apicalRate * (b0 - h0));
                    m.set(apical + 1, h1 + apicalRate * (b1 - h1));
                    m.set(apical + 2, h2 + apicalRate * (b2 - h2));
                    m.set(apical + 3, h3 + apicalRate * (b3 - h3));
                    int basal = p.get(base + BASAL) + cell;
                    m.set(basal, a0);
                    m.set(basal + 1, a1);
                    m.set(basal + 2, a2);
                    m.set(basal + 3, a3);
                    int somatic = p.get(base + SOMATIC) + cell;
                    int v = p.get(base + VOLTAGE) + cell;
                    int r = p.get(base + RATE) + cell;
                    int s = p.get(base + SLOPE) + cell;
                    int out = p.get(base + RATE_DEVIATION) + cell;
                    // A bound that the compiler does not know: unrolled, this would be most of
                    // the kernel.
                    int samples = p.get(base + TILE_SIZE);
                    for (int e = 0; e < samples; e++) {
                        float h = m.get(apical + e);
                        if (p.get(base + NOISE_KIND) != SILENT) {
                            h +=
                                    noisy
                                            * LoopState.noise(
                                                    p, base, m, i, j, first + e, step, from,
                                                    cell + e);
                            m.set(apical + e, h);
                        }
                        float d = m.get(basal + e) + h;
                        if (p.get(base + INSTANT_SYSTEM) == 0) {
                            float old = m.get(somatic + e);
                            d = old + somaticRate * (d - old);
                        }
                        m.set(somatic + e, d);
                        m.set(
                                out + e,
                                Rates.difference(
                                        activation,
                                        rectifier,
                                        m.get(v + e),
                                        m.get(r + e),
                                        m.get(s + e),
                                        d));
                    }
                }
                c.globalBarrier();
            }
            LoopState.evaluate(p, base, k, m, tile, lane, width);
            c.globalBarrier();
            if (lane < TILE) {
                float rest = 0f;
                for (int j = 0; j < outputs; j++) {
                    float g =
                            m.get(error + j * TILE + lane)
                                    - k.get(base + LEAKAGE) * m.get(u + j * TILE + lane);
                    rest += g * g;
                }
                int sample = first + lane;
                float ratio = TornadoMath.sqrt(rest) / m.get(p.get(base + OUTPUT_NORM) + sample);
                m.set(p.get(base + RATIO) + sample, ratio);
                if (ratio > 1f && sample < p.get(base + SAMPLES)) {
                    int points = p.get(base + DIVERGED_POINTS) + sample;
                    m.set(points, m.get(points) + 1f);
                }
            }
            LoopState.record(p, base, m, tile, step + 1, lane, width);
            int filled = (step - from) % CHUNK;
            if (p.get(base + AVERAGES) > 0) {
                // The signals of all time-averaged updates at this point, and the rates they go
                // with. Written out here: it is too long to be inlined.
                int block = p.get(base + PADDED) * p.get(base + NEURONS);
                for (int i = 0; i < depth; i++) {
                    int layer = LAYERS + i * LAYER;
                    int n = p.get(base + layer + SIZE);
                    int at = p.get(base + layer + OFFSET) + tile * n * TILE;
                    int activation = p.get(base + layer + ACTIVATION);
                    float rectifier =
                            k.get(base + LAYER_CONSTANTS + i * CONSTANTS + RECTIFIER_SLOPE);
                    for (int j = lane; j < n * TILE; j += width) {
                        int cell = at + j;
                        m.set(
                                p.get(base + CHUNK_RATE) + filled * block + cell,
                                m.get(p.get(base + RATE) + cell)
                                        + m.get(p.get(base + RATE_DEVIATION) + cell));
                        int s = j - (j / TILE) * TILE;
                        float takesPart = 1f;
                        if (p.get(base + MASKED) == 1) {
                            takesPart = m.get(p.get(base + CONVERGED) + tile * TILE + s);
                        }
                        float basal = m.get(p.get(base + BASAL) + cell);
                        float difference = m.get(p.get(base + SOMATIC) + cell) - basal;
                        int averages = p.get(base + AVERAGES);
                        for (int q = 0; q < averages; q++) {
                            float signal =
                                    Rates.signal(
                                            p.get(base + RULES + q),
                                            activation,
                                            rectifier,
                                            m.get(p.get(base + VOLTAGE) + cell),
                                            m.get(p.get(base + SLOPE) + cell),
                                            basal,
                                            difference);
                            m.set(
                                    p.get(base + CHUNK_SIGNAL)
                                            + (q * CHUNK + filled) * block
                                            + cell,
                                    takesPart == 0f ? 0f : signal);
                        }
                    }
                }
            }
            c.globalBarrier();
            // Zero at the end of a chunk and at the last step; a product, since the code
            // generator runs what depends on "this or that" in any case.
            int left = (CHUNK - 1 - filled) * (end - 1 - step);
            int sums = left == 0 ? p.get(base + AVERAGES) : 0;
            for (int q = 0; q < sums; q++) {
                TimeSums.first(p, base, m, q, tile, filled + 1, lane, width);
                for (int i = 1; i < depth; i++) {
                    TimeSums.products(p, base, m, q, i, tile, filled + 1, lane, width);
                    if (p.get(base + HAS_BIAS) == 1) {
                        TimeSums.biases(p, base, m, q, i, tile, filled + 1, lane, width);
                    }
                }
            }
        }
    }

    /** Judges the last state of each sample; a sample to a work-item. */
    static void verdict(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int sample = c.globalIdx;
        if (sample < p.get(base + TILES) * TILE) {
            int outputs = p.get(base + OUTPUTS);
            int tile = sample / TILE;
            int error = p.get(base + ERROR) + tile * outputs * TILE + sample - tile * TILE;
            float norm = 0f;
            for (int j = 0; j < outputs; j++) {
                float e = m.get(error + j * TILE);
                norm += e * e;
            }
            float present = sample < p.get(base + SAMPLES) ? 1f : 0f;
            float ratio = m.get(p.get(base + RATIO) + sample);
            float bound = k.get(base + CONVERGENCE) * m.get(p.get(base + INITIAL_ERROR) + sample);
            float near = ratio < (float) Convergence.RATIO_CONVERGED ? present : 0f;
            m.set(p.get(base + CONVERGED) + sample, norm < bound ? near : 0f);
            m.set(p.get(base + DIVERGED) + sample, ratio > 1f ? present : 0f);
        }
    }
}
