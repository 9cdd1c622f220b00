package io.dfc.tornado;

import static io.dfc.tornado.Slots.*;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The controlled loop over time. */
final class LoopKernels {
    private LoopKernels() {}

    /**
     * Simulates from one time step to another, see {@link io.dfc.api.control.Dynamics}; a tile to a
     * group, all steps in one launch.
     *
     * <p>With {@link Slots#MASKED} the averages of tiles in which some samples have not converged
     * are formed again without those; with {@link Slots#LOST} there only tiles are simulated in
     * which the search for a steady state has lost a sample.
     */
    static void simulate(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        int depth = p.get(DEPTH);
        int outputs = p.get(OUTPUTS);
        int span = outputs * TILE;
        int own = tile * span;
        int first = tile * TILE;
        int from = p.get(FROM);
        int to = p.get(TO);
        int active = tile < p.get(TILES) ? 1 : 0;
        if (active == 1 && p.get(MASKED) == LOST) {
            int lost = 0;
            for (int s = 0; s < TILE; s++) {
                lost += m.get(p.get(STATUS) + first + s) == (float) LOST ? 1 : 0;
            }
            active = lost > 0 ? 1 : 0;
        }
        if (active == 1 && p.get(MASKED) == 1) {
            float converged =
                    m.get(p.get(CONVERGED) + first)
                            + m.get(p.get(CONVERGED) + first + 1)
                            + m.get(p.get(CONVERGED) + first + 2)
                            + m.get(p.get(CONVERGED) + first + 3);
            int present = TornadoMath.min(TILE, p.get(SAMPLES) - first);
            active = converged < (float) present ? 1 : 0;
        }
        if (active == 1) {
            int u = p.get(CONTROL) + own;
            int before = p.get(CONTROL_BEFORE) + own;
            int integral = p.get(INTEGRAL) + own;
            int error = p.get(ERROR) + own;
            int topLayer = LAYERS + (depth - 1) * LAYER;
            int top = p.get(topLayer + OFFSET) + own;
            if (from == 0) {
                for (int i = 0; i < depth; i++) {
                    int layer = LAYERS + i * LAYER;
                    int n = p.get(layer + SIZE);
                    int at = p.get(layer + OFFSET) + tile * n * TILE;
                    for (int j = lane; j < n * TILE; j += width) {
                        m.set(p.get(SOMATIC) + at + j, 0f);
                        m.set(p.get(RATE_DEVIATION) + at + j, 0f);
                        m.set(p.get(BASAL) + at + j, 0f);
                        m.set(p.get(APICAL) + at + j, 0f);
                    }
                }
                for (int j = lane; j < span; j += width) {
                    m.set(u + j, 0f);
                    m.set(before + j, 0f);
                    m.set(integral + j, 0f);
                }
                int averages = p.get(AVERAGES);
                int length = p.get(PARTIAL_LENGTH);
                int firstSpan = p.get(LAYERS + SIZE) * TILE;
                for (int q = 0; q < averages; q++) {
                    int partial = p.get(PARTIAL) + (q * (p.get(PADDED) / TILE) + tile) * length;
                    for (int j = lane; j < length; j += width) {
                        m.set(partial + j, 0f);
                    }
                    int sum =
                            p.get(FIRST_SUM)
                                    + q * p.get(PADDED) * p.get(LAYERS + SIZE)
                                    + tile * firstSpan;
                    for (int j = lane; j < firstSpan; j += width) {
                        m.set(sum + j, 0f);
                    }
                }
                if (p.get(LEARNS_FEEDBACK) == 1) {
                    int learned = p.get(FEEDBACK_LENGTH);
                    for (int j = lane; j < learned; j += width) {
                        m.set(p.get(FEEDBACK_PARTIAL) + tile * learned + j, 0f);
                    }
                }
                c.globalBarrier();
                evaluate(p, k, m, tile, lane, width);
                c.globalBarrier();
                if (lane < TILE) {
                    float norm = 0f;
                    for (int j = 0; j < outputs; j++) {
                        float e = m.get(error + j * TILE + lane);
                        norm += e * e;
                    }
                    m.set(p.get(INITIAL_ERROR) + first + lane, norm);
                    m.set(p.get(DIVERGED_POINTS) + first + lane, 0f);
                }
                record(p, m, tile, 0, lane, width);
            }
            float somaticRate = k.get(SOMATIC_RATE);
            float apicalRate = k.get(APICAL_RATE);
            float dt = k.get(TIME_STEP);
            float alpha = k.get(LEAKAGE_RATE);
            float gain = k.get(PROPORTIONAL_GAIN);
            int applied = p.get(PROACTIVE) == 1 ? u : before;
            for (int step = from; step < to; step++) {
                for (int j = lane; j < span; j += width) {
                    float e = m.get(error + j);
                    float old = m.get(u + j);
                    float sum = m.get(integral + j);
                    float leaking = p.get(LEAK_TOTAL) == 1 ? old : sum;
                    sum += dt * (e - alpha * leaking);
                    m.set(before + j, old);
                    m.set(integral + j, sum);
                    m.set(u + j, sum + gain * e);
                }
                c.globalBarrier();
                for (int l = 0; l < depth; l++) {
                    // Downwards, every layer still finds the old rates of the layer below.
                    int i = p.get(INSTANT_TRANSMISSION) == 1 ? l : depth - 1 - l;
                    int layer = LAYERS + i * LAYER;
                    int n = p.get(layer + SIZE);
                    int at = p.get(layer + OFFSET) + tile * n * TILE;
                    int activation = p.get(layer + ACTIVATION);
                    float rectifier = k.get(LAYER_CONSTANTS + i * CONSTANTS + RECTIFIER_SLOPE);
                    float noisy = k.get(LAYER_CONSTANTS + i * CONSTANTS + NOISE_FACTOR);
                    int below = i == 0 ? 0 : p.get(layer + BELOW);
                    int weights = p.get(layer + WEIGHTS_TRANSPOSED);
                    int inputs =
                            i == 0
                                    ? 0
                                    : p.get(RATE_DEVIATION)
                                            + p.get(layer - LAYER + OFFSET)
                                            + tile * below * TILE;
                    int feedback = p.get(layer + FEEDBACK_TRANSPOSED);
                    for (int j = lane; j < n; j += width) {
                        float a0 = 0f;
                        float a1 = 0f;
                        float a2 = 0f;
                        float a3 = 0f;
                        for (int x = 0; x < below; x++) {
                            float w = m.get(weights + x * n + j);
                            int in = inputs + x * TILE;
                            a0 += w * m.get(in);
                            a1 += w * m.get(in + 1);
                            a2 += w * m.get(in + 2);
                            a3 += w * m.get(in + 3);
                        }
                        float b0 = 0f;
                        float b1 = 0f;
                        float b2 = 0f;
                        float b3 = 0f;
                        for (int x = 0; x < outputs; x++) {
                            float w = m.get(feedback + x * n + j);
                            int in = applied + x * TILE;
                            b0 += w * m.get(in);
                            b1 += w * m.get(in + 1);
                            b2 += w * m.get(in + 2);
                            b3 += w * m.get(in + 3);
                        }
                        int cell = at + j * TILE;
                        int apical = p.get(APICAL) + cell;
                        float h0 = m.get(apical);
                        float h1 = m.get(apical + 1);
                        float h2 = m.get(apical + 2);
                        float h3 = m.get(apical + 3);
                        if (p.get(LEARNS_FEEDBACK) == 1) {
                            // The control at a point is the first that has seen the apical voltage
                            // of the point before.
                            int sums =
                                    p.get(FEEDBACK_PARTIAL)
                                            + tile * p.get(FEEDBACK_LENGTH)
                                            + p.get(layer + FEEDBACK_GRADIENT)
                                            + j * outputs;
                            for (int x = 0; x < outputs; x++) {
                                int in = u + x * TILE;
                                m.set(
                                        sums + x,
                                        m.get(sums + x)
                                                + h0 * m.get(in)
                                                + h1 * m.get(in + 1)
                                                + h2 * m.get(in + 2)
                                                + h3 * m.get(in + 3));
                            }
                        }
                        h0 += apicalRate * (b0 - h0);
                        h1 += apicalRate * (b1 - h1);
                        h2 += apicalRate * (b2 - h2);
                        h3 += apicalRate * (b3 - h3);
                        if (p.get(NOISE_KIND) != SILENT) {
                            h0 += noisy * noise(p, m, i, j, first, step, from, cell);
                            h1 += noisy * noise(p, m, i, j, first + 1, step, from, cell + 1);
                            h2 += noisy * noise(p, m, i, j, first + 2, step, from, cell + 2);
                            h3 += noisy * noise(p, m, i, j, first + 3, step, from, cell + 3);
                        }
                        m.set(apical, h0);
                        m.set(apical + 1, h1);
                        m.set(apical + 2, h2);
                        m.set(apical + 3, h3);
                        int basal = p.get(BASAL) + cell;
                        m.set(basal, a0);
                        m.set(basal + 1, a1);
                        m.set(basal + 2, a2);
                        m.set(basal + 3, a3);
                        int somatic = p.get(SOMATIC) + cell;
                        float d0 = a0 + h0;
                        float d1 = a1 + h1;
                        float d2 = a2 + h2;
                        float d3 = a3 + h3;
                        if (p.get(INSTANT_SYSTEM) == 0) {
                            float s0 = m.get(somatic);
                            float s1 = m.get(somatic + 1);
                            float s2 = m.get(somatic + 2);
                            float s3 = m.get(somatic + 3);
                            d0 = s0 + somaticRate * (d0 - s0);
                            d1 = s1 + somaticRate * (d1 - s1);
                            d2 = s2 + somaticRate * (d2 - s2);
                            d3 = s3 + somaticRate * (d3 - s3);
                        }
                        m.set(somatic, d0);
                        m.set(somatic + 1, d1);
                        m.set(somatic + 2, d2);
                        m.set(somatic + 3, d3);
                        int v = p.get(VOLTAGE) + cell;
                        int r = p.get(RATE) + cell;
                        int s = p.get(SLOPE) + cell;
                        int out = p.get(RATE_DEVIATION) + cell;
                        for (int e = 0; e < TILE; e++) {
                            float d = e == 0 ? d0 : (e == 1 ? d1 : (e == 2 ? d2 : d3));
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
                evaluate(p, k, m, tile, lane, width);
                c.globalBarrier();
                if (lane < TILE) {
                    float rest = 0f;
                    for (int j = 0; j < outputs; j++) {
                        float g =
                                m.get(error + j * TILE + lane)
                                        - k.get(LEAKAGE) * m.get(u + j * TILE + lane);
                        rest += g * g;
                    }
                    int sample = first + lane;
                    float ratio = TornadoMath.sqrt(rest) / m.get(p.get(OUTPUT_NORM) + sample);
                    m.set(p.get(RATIO) + sample, ratio);
                    if (ratio > 1f && sample < p.get(SAMPLES)) {
                        int points = p.get(DIVERGED_POINTS) + sample;
                        m.set(points, m.get(points) + 1f);
                    }
                }
                record(p, m, tile, step + 1, lane, width);
                if (p.get(AVERAGES) > 0) {
                    int filled = (step - from) % CHUNK;
                    // The signals of all time-averaged updates at this point, and the rates they go
                    // with. Written out here: it is too long to be inlined.
                    int block = p.get(PADDED) * p.get(NEURONS);
                    for (int i = 0; i < depth; i++) {
                        int layer = LAYERS + i * LAYER;
                        int n = p.get(layer + SIZE);
                        int at = p.get(layer + OFFSET) + tile * n * TILE;
                        int activation = p.get(layer + ACTIVATION);
                        float rectifier = k.get(LAYER_CONSTANTS + i * CONSTANTS + RECTIFIER_SLOPE);
                        for (int j = lane; j < n * TILE; j += width) {
                            int cell = at + j;
                            m.set(
                                    p.get(CHUNK_RATE) + filled * block + cell,
                                    m.get(p.get(RATE) + cell)
                                            + m.get(p.get(RATE_DEVIATION) + cell));
                            int s = j - (j / TILE) * TILE;
                            float takesPart = 1f;
                            if (p.get(MASKED) == 1) {
                                takesPart = m.get(p.get(CONVERGED) + tile * TILE + s);
                            }
                            float basal = m.get(p.get(BASAL) + cell);
                            float difference = m.get(p.get(SOMATIC) + cell) - basal;
                            int averages = p.get(AVERAGES);
                            for (int q = 0; q < averages; q++) {
                                float signal =
                                        Rates.signal(
                                                p.get(RULES + q),
                                                activation,
                                                rectifier,
                                                m.get(p.get(VOLTAGE) + cell),
                                                m.get(p.get(SLOPE) + cell),
                                                basal,
                                                difference);
                                m.set(
                                        p.get(CHUNK_SIGNAL) + (q * CHUNK + filled) * block + cell,
                                        takesPart == 0f ? 0f : signal);
                            }
                        }
                    }
                    // Zero at the end of a chunk and at the last step; a product, since the code
                    // generator runs what depends on "this or that" in any case.
                    int left = (CHUNK - 1 - filled) * (to - 1 - step);
                    if (left == 0) {
                        c.globalBarrier();
                        int sums = p.get(AVERAGES);
                        for (int q = 0; q < sums; q++) {
                            sumFirst(p, m, q, tile, filled + 1, lane, width);
                            for (int i = 1; i < depth; i++) {
                                sumProducts(p, m, q, i, tile, filled + 1, lane, width);
                                if (p.get(HAS_BIAS) == 1) {
                                    sumBiases(p, m, q, i, tile, filled + 1, lane, width);
                                }
                            }
                        }
                        c.globalBarrier();
                    }
                }
            }
            if (p.get(LAST) == 1 && lane < TILE && p.get(MASKED) == 0) {
                int sample = first + lane;
                float norm = 0f;
                for (int j = 0; j < outputs; j++) {
                    float e = m.get(error + j * TILE + lane);
                    norm += e * e;
                }
                float ratio = m.get(p.get(RATIO) + sample);
                float bound = k.get(CONVERGENCE) * m.get(p.get(INITIAL_ERROR) + sample);
                float converged = ratio < 1e-5f && norm < bound ? 1f : 0f;
                m.set(p.get(CONVERGED) + sample, sample < p.get(SAMPLES) ? converged : 0f);
                m.set(p.get(DIVERGED) + sample, ratio > 1f && sample < p.get(SAMPLES) ? 1f : 0f);
            }
        }
    }

    /** The control error of a tile. */
    static void evaluate(IntArray p, FloatArray k, FloatArray m, int tile, int lane, int width) {
        int outputs = p.get(OUTPUTS);
        int span = outputs * TILE;
        int own = tile * span;
        int error = p.get(ERROR) + own;
        int top = p.get(LAYERS + (p.get(DEPTH) - 1) * LAYER + OFFSET) + own;
        int deviation = p.get(RATE_DEVIATION) + top;
        if (p.get(ERROR_KIND) == DISTANCE) {
            int gradient = p.get(LOSS_GRADIENT) + own;
            float step = k.get(STEP_SIZE);
            for (int j = lane; j < span; j += width) {
                m.set(error + j, -step * m.get(gradient + j) - m.get(deviation + j));
            }
        } else if (lane < TILE) {
            int rate = p.get(RATE) + top;
            int target = p.get(TARGET) + own;
            float max = m.get(rate + lane) + m.get(deviation + lane);
            for (int j = 1; j < outputs; j++) {
                int at = j * TILE + lane;
                max = TornadoMath.max(max, m.get(rate + at) + m.get(deviation + at));
            }
            float sum = 0f;
            for (int j = 0; j < outputs; j++) {
                int at = j * TILE + lane;
                sum += TornadoMath.exp(m.get(rate + at) + m.get(deviation + at) - max);
            }
            float present = tile * TILE + lane < p.get(SAMPLES) ? 1f : 0f;
            for (int j = 0; j < outputs; j++) {
                int at = j * TILE + lane;
                float y = m.get(target + at);
                if (p.get(LABELED) == 1) {
                    y = y > 0.5f ? k.get(RIGHT_CLASS) : k.get(WRONG_CLASS);
                }
                float r = m.get(rate + at) + m.get(deviation + at);
                if (p.get(ERROR_KIND) == LABEL_SOFTMAX) {
                    r = TornadoMath.exp(r - max) / sum;
                }
                m.set(error + at, present * (y - r));
            }
        }
    }

    /** The normal number of a neuron at a step; 0 for the samples that fill up the last tile. */
    private static float noise(
            IntArray p, FloatArray m, int i, int j, int sample, int step, int from, int cell) {
        float x = 0f;
        if (sample < p.get(SAMPLES)) {
            if (p.get(NOISE_KIND) == GENERATED) {
                int place = (p.get(PHASE) << 28) | (i << 20) | sample;
                x =
                        Normals.normal(
                                j,
                                place,
                                step,
                                p.get(MINIBATCH),
                                p.get(SEED_LOW),
                                p.get(SEED_HIGH));
            } else {
                x = m.get(p.get(NOISE) + (step - from) * p.get(PADDED) * p.get(NEURONS) + cell);
            }
        }
        return x;
    }

    /** Copies the state of a tile if the point is one of those to be recorded. */
    static void record(IntArray p, FloatArray m, int tile, int point, int lane, int width) {
        int records = p.get(RECORDS);
        for (int slot = 0; slot < records; slot++) {
            if (p.get(p.get(RECORD_POINTS) + slot) == point) {
                int to = p.get(RECORD_AT) + slot * p.get(RECORD_SPAN);
                int block = p.get(PADDED) * p.get(NEURONS);
                int depth = p.get(DEPTH);
                for (int i = 0; i < depth; i++) {
                    int layer = LAYERS + i * LAYER;
                    int n = p.get(layer + SIZE);
                    int at = p.get(layer + OFFSET) + tile * n * TILE;
                    for (int j = lane; j < n * TILE; j += width) {
                        m.set(to + at + j, m.get(p.get(SOMATIC) + at + j));
                        m.set(to + block + at + j, m.get(p.get(RATE_DEVIATION) + at + j));
                        m.set(to + 2 * block + at + j, m.get(p.get(BASAL) + at + j));
                        m.set(to + 3 * block + at + j, m.get(p.get(APICAL) + at + j));
                    }
                }
                int span = p.get(OUTPUTS) * TILE;
                int own = tile * span;
                int controls = to + 4 * block + own;
                int errors = controls + p.get(PADDED) * p.get(OUTPUTS);
                for (int j = lane; j < span; j += width) {
                    m.set(controls + j, m.get(p.get(CONTROL) + own + j));
                    m.set(errors + j, m.get(p.get(ERROR) + own + j));
                }
            }
        }
    }

    /** Adds the kept signals of the first layer, whose input is constant, to their sum. */
    private static void sumFirst(
            IntArray p, FloatArray m, int q, int tile, int points, int lane, int width) {
        int block = p.get(PADDED) * p.get(NEURONS);
        int span = p.get(LAYERS + SIZE) * TILE;
        int sums = p.get(FIRST_SUM) + q * p.get(PADDED) * p.get(LAYERS + SIZE) + tile * span;
        int signals = p.get(CHUNK_SIGNAL) + q * CHUNK * block + tile * span;
        for (int j = lane; j < span; j += width) {
            float sum = m.get(sums + j);
            for (int t = 0; t < points; t++) {
                sum += m.get(signals + t * block + j);
            }
            m.set(sums + j, sum);
        }
    }

    /** Adds the products of kept signals and rates of a layer above the first to their sum. */
    private static void sumProducts(
            IntArray p, FloatArray m, int q, int i, int tile, int points, int lane, int width) {
        int block = p.get(PADDED) * p.get(NEURONS);
        int layer = LAYERS + i * LAYER;
        int n = p.get(layer + SIZE);
        int below = p.get(layer + BELOW);
        int signals =
                p.get(CHUNK_SIGNAL) + q * CHUNK * block + p.get(layer + OFFSET) + tile * n * TILE;
        int rates = p.get(CHUNK_RATE) + p.get(layer - LAYER + OFFSET) + tile * below * TILE;
        int sums =
                p.get(PARTIAL)
                        + (q * (p.get(PADDED) / TILE) + tile) * p.get(PARTIAL_LENGTH)
                        + p.get(layer + WEIGHT_GRADIENT)
                        - p.get(LAYERS + LAYER + WEIGHT_GRADIENT);
        for (int e = lane; e < n * below; e += width) {
            int j = e / below;
            int x = e - j * below;
            float sum = m.get(sums + e);
            for (int t = 0; t < points; t++) {
                int s = signals + t * block + j * TILE;
                int r = rates + t * block + x * TILE;
                sum +=
                        m.get(s) * m.get(r)
                                + m.get(s + 1) * m.get(r + 1)
                                + m.get(s + 2) * m.get(r + 2)
                                + m.get(s + 3) * m.get(r + 3);
            }
            m.set(sums + e, sum);
        }
    }

    /** Adds the kept signals of a layer above the first to the sums of its biases. */
    private static void sumBiases(
            IntArray p, FloatArray m, int q, int i, int tile, int points, int lane, int width) {
        int block = p.get(PADDED) * p.get(NEURONS);
        int layer = LAYERS + i * LAYER;
        int n = p.get(layer + SIZE);
        int signals =
                p.get(CHUNK_SIGNAL) + q * CHUNK * block + p.get(layer + OFFSET) + tile * n * TILE;
        int sums =
                p.get(PARTIAL)
                        + (q * (p.get(PADDED) / TILE) + tile) * p.get(PARTIAL_LENGTH)
                        + p.get(layer + BIAS_GRADIENT)
                        - p.get(LAYERS + LAYER + WEIGHT_GRADIENT);
        for (int j = lane; j < n; j += width) {
            float sum = m.get(sums + j);
            for (int t = 0; t < points; t++) {
                int s = signals + t * block + j * TILE;
                sum += m.get(s) + m.get(s + 1) + m.get(s + 2) + m.get(s + 3);
            }
            m.set(sums + j, sum);
        }
    }
}
