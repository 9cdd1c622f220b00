package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.TableCodes.*;
import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Functions of a tile that kernels of the controlled loop share. */
final class LoopFunctions {
    private LoopFunctions() {}

    /** 1 if a tile has samples and is not skipped, else 0. */
    static int isActive(IntArray p, int base, FloatArray m, int tile) {
        int last = p.get(base + TILES) - 1;
        float skipped = m.get(p.get(base + SKIPPED) + TornadoMath.min(tile, last));
        return tile > last ? 0 : skipped == 0f ? 1 : 0;
    }

    /** Stores a number for each sample of a tile, if the tile is active. */
    static void store(FloatArray m, int at, int active, float s0, float s1, float s2, float s3) {
        if (active == 1) {
            m.set(at, s0);
            m.set(at + 1, s1);
            m.set(at + 2, s2);
            m.set(at + 3, s3);
        }
    }

    /** Forms the control error of a tile. */
    static void controlError(
            IntArray p, int base, FloatArray k, FloatArray m, int tile, int lane, int width) {
        int outputs = p.get(base + OUTPUTS);
        int span = outputs * TILE;
        int own = tile * span;
        int error = p.get(base + ERROR) + own;
        int top = p.get(base + LAYERS + (p.get(base + DEPTH) - 1) * LAYER_RECORD + OFFSET) + own;
        int deviation = p.get(base + RATE_DEVIATION) + top;
        if (p.get(base + ERROR_KIND) == DISTANCE) {
            int gradient = p.get(base + LOSS_GRADIENT) + own;
            float step = k.get(base + STEP_SIZE);
            for (int j = lane; j < span; j += width) {
                m.set(error + j, -step * m.get(gradient + j) - m.get(deviation + j));
            }
        } else if (lane < TILE) {
            int rate = p.get(base + RATE) + top;
            int target = p.get(base + TARGET) + own;
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
            float present = tile * TILE + lane < p.get(base + SAMPLES) ? 1f : 0f;
            for (int j = 0; j < outputs; j++) {
                int at = j * TILE + lane;
                float y = m.get(target + at);
                if (p.get(base + LABELED) == 1) {
                    y = y > 0.5f ? k.get(base + RIGHT_CLASS) : k.get(base + WRONG_CLASS);
                }
                float r = m.get(rate + at) + m.get(deviation + at);
                if (p.get(base + ERROR_KIND) == LABEL_SOFTMAX) {
                    r = TornadoMath.exp(r - max) / sum;
                }
                m.set(error + at, present * (y - r));
            }
        }
    }

    /** Parts the control at an output into its low-passed and its high-passed part. */
    static void highPass(
            IntArray p, int base, FloatArray k, FloatArray m, int cell, int step, float control) {
        int low = p.get(base + LOW_PASSED) + cell;
        float share = step == 0 ? 1f : k.get(base + FILTER_SHARE);
        float passed = step == 0 ? control : share * control + (1f - share) * m.get(low);
        m.set(low, passed);
        m.set(p.get(base + HIGH_PASSED) + cell, control - passed);
    }

    /**
     * The noise that an apical voltage gets in a step: a white number, or the state of a filter.
     *
     * @param cell the neuron and sample in a block over all layers
     */
    static float noiseTerm(
            IntArray p,
            int base,
            FloatArray k,
            FloatArray m,
            int i,
            int j,
            int sample,
            int step,
            int from,
            int cell) {
        float factor = k.get(base + LAYER_CONSTANTS + i * LAYER_CONSTANTS_RECORD + NOISE_FACTOR);
        float x = factor * noise(p, base, m, i, j, sample, step, from, cell);
        if (p.get(base + FILTERS) == 1) {
            int state = p.get(base + FILTERED) + cell;
            x += k.get(base + NOISE_CORRELATION) * m.get(state);
            m.set(state, x);
        }
        return x;
    }

    /**
     * Adds a neuron's apical voltages times the control, or times the high-passed control, to the
     * sums of its feedback weights. The control at a point is the first that depends on the apical
     * voltage of the point before.
     */
    static void correlate(IntArray p, int base, FloatArray m, int i, int j, int tile) {
        int layer = LAYERS + i * LAYER_RECORD;
        int outputs = p.get(base + OUTPUTS);
        int apical =
                p.get(base + APICAL)
                        + p.get(base + layer + OFFSET)
                        + (tile * p.get(base + layer + SIZE) + j) * TILE;
        int u = p.get(base + CORRELATED) + tile * outputs * TILE;
        int sums =
                p.get(base + FEEDBACK_PARTIAL)
                        + tile * p.get(base + FEEDBACK_LENGTH)
                        + p.get(base + layer + FEEDBACK_GRADIENT)
                        + j * outputs;
        float h0 = m.get(apical);
        float h1 = m.get(apical + 1);
        float h2 = m.get(apical + 2);
        float h3 = m.get(apical + 3);
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

    /** The normal number of a neuron at a step; 0 for the samples that fill up the last tile. */
    static float noise(
            IntArray p,
            int base,
            FloatArray m,
            int i,
            int j,
            int sample,
            int step,
            int from,
            int cell) {
        float x = 0f;
        if (sample < p.get(base + SAMPLES)) {
            if (p.get(base + NOISE_KIND) == GENERATED) {
                int place = (p.get(base + NOISE_STREAM) << 28) | (i << 20) | sample;
                x =
                        Normals.normal(
                                j,
                                place,
                                step,
                                p.get(base + MINIBATCH),
                                p.get(base + SEED_LOW),
                                p.get(base + SEED_HIGH));
            } else {
                x =
                        m.get(
                                p.get(base + NOISE)
                                        + (step - from)
                                                * p.get(base + PADDED)
                                                * p.get(base + NEURONS)
                                        + cell);
            }
        }
        return x;
    }
}
