package io.dfc.tornado;

import static io.dfc.tornado.Slots.*;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Parts of the kernels that deal with the state of the controlled loop, for a tile. */
final class LoopState {
    private LoopState() {}

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
    static float noise(
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
}
