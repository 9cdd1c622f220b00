package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.Bfloat16.weight;
import static io.dfc.tornado.kernel.TableCodes.*;
import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The passes without time: forward, backward, and forward with perturbed voltages. */
public final class PassKernels {
    private PassKernels() {}

    /** Voltages, rates and slopes, then the loss and its gradient; a tile to a group. */
    public static void forward(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        if (tile < p.get(base + TILES)) {
            int depth = p.get(base + DEPTH);
            for (int i = 0; i < depth; i++) {
                int layer = LAYERS + i * LAYER_RECORD;
                int n = p.get(base + layer + SIZE);
                int below = p.get(base + layer + FAN_IN);
                int from =
                        i == 0
                                ? p.get(base + INPUT) + tile * below * TILE
                                : p.get(base + RATE)
                                        + p.get(base + layer - LAYER_RECORD + OFFSET)
                                        + tile * below * TILE;
                int at = p.get(base + layer + OFFSET) + tile * n * TILE;
                int weights = p.get(base + layer + WEIGHTS_READ);
                int row = p.get(base + layer + WEIGHT_ROW);
                int step = p.get(base + layer + WEIGHT_STEP);
                int activation = p.get(base + layer + ACTIVATION);
                float rectifier =
                        k.get(
                                base
                                        + LAYER_CONSTANTS
                                        + i * LAYER_CONSTANTS_RECORD
                                        + RECTIFIER_SLOPE);
                for (int j = lane; j < n; j += width) {
                    float a0 = 0f;
                    if (p.get(base + HAS_BIAS) == 1) {
                        a0 = m.get(p.get(base + layer + BIASES) + j);
                    }
                    float a1 = a0;
                    float a2 = a0;
                    float a3 = a0;
                    for (int x = 0; x < below; x++) {
                        float w = m.get(weights + j * row + x * step);
                        int in = from + x * TILE;
                        a0 += w * m.get(in);
                        a1 += w * m.get(in + 1);
                        a2 += w * m.get(in + 2);
                        a3 += w * m.get(in + 3);
                    }
                    int v = p.get(base + VOLTAGE) + at + j * TILE;
                    int r = p.get(base + RATE) + at + j * TILE;
                    int s = p.get(base + SLOPE) + at + j * TILE;
                    m.set(v, a0);
                    m.set(v + 1, a1);
                    m.set(v + 2, a2);
                    m.set(v + 3, a3);
                    m.set(r, Rates.rate(activation, rectifier, a0));
                    m.set(r + 1, Rates.rate(activation, rectifier, a1));
                    m.set(r + 2, Rates.rate(activation, rectifier, a2));
                    m.set(r + 3, Rates.rate(activation, rectifier, a3));
                    m.set(s, Rates.slope(activation, rectifier, a0));
                    m.set(s + 1, Rates.slope(activation, rectifier, a1));
                    m.set(s + 2, Rates.slope(activation, rectifier, a2));
                    m.set(s + 3, Rates.slope(activation, rectifier, a3));
                }
                c.globalBarrier();
            }
        }
    }

    /**
     * Loss of each sample, whether it is classified correctly, and the gradient of the mean loss
     * with respect to the output rates; a sample to a work-item.
     */
    public static void loss(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int sample = c.globalIdx;
        if (sample < p.get(base + TILES) * TILE) {
            int outputs = p.get(base + OUTPUTS);
            int tile = sample / TILE;
            int lane = sample - tile * TILE;
            int at = tile * outputs * TILE + lane;
            int top = LAYERS + (p.get(base + DEPTH) - 1) * LAYER_RECORD;
            int rate = p.get(base + RATE) + p.get(base + top + OFFSET) + at;
            int target = p.get(base + TARGET) + at;
            int gradient = p.get(base + LOSS_GRADIENT) + at;
            float present = sample < p.get(base + SAMPLES) ? 1f : 0f;
            float samples = (float) p.get(base + SAMPLES);
            float norm = 0f;
            for (int j = 0; j < outputs; j++) {
                float r = m.get(rate + j * TILE);
                norm += r * r;
            }
            m.set(p.get(base + OUTPUT_NORM) + sample, TornadoMath.sqrt(norm));
            if (p.get(base + LABELED) == 1) {
                int label = (int) m.get(p.get(base + LABEL) + sample);
                for (int j = 0; j < outputs; j++) {
                    m.set(target + j * TILE, j == label ? 1f : 0f);
                }
            }
            // Each branch stores what it has found: the code generator loses variables that are
            // assigned in two branches where one of them ends with a loop.
            if (p.get(base + CROSS_ENTROPY) == 1) {
                float loss = 0f;
                float max = m.get(rate);
                int best = 0;
                float largest = m.get(target);
                int targetClass = 0;
                for (int j = 1; j < outputs; j++) {
                    float r = m.get(rate + j * TILE);
                    if (r > max) {
                        max = r;
                        best = j;
                    }
                    float y = m.get(target + j * TILE);
                    if (y > largest) {
                        largest = y;
                        targetClass = j;
                    }
                }
                float sum = 0f;
                float weight = 0f;
                for (int j = 0; j < outputs; j++) {
                    float e = TornadoMath.exp(m.get(rate + j * TILE) - max);
                    m.set(gradient + j * TILE, e);
                    sum += e;
                    weight += m.get(target + j * TILE);
                }
                float logSum = TornadoMath.log(sum);
                float others = 0f;
                for (int j = 0; j < outputs; j++) {
                    loss -= m.get(target + j * TILE) * (m.get(rate + j * TILE) - max - logSum);
                    if (j != targetClass) {
                        others += m.get(gradient + j * TILE);
                    }
                }
                for (int j = 0; j < outputs; j++) {
                    float y = m.get(target + j * TILE);
                    float g = weight * m.get(gradient + j * TILE) / sum - y;
                    if (p.get(base + LABELED) == 1 && j == targetClass) {
                        // p - 1 would cancel where the network is sure of a label.
                        g = -others / sum;
                    }
                    m.set(gradient + j * TILE, present * g / samples);
                }
                m.set(p.get(base + LOSS) + sample, present * loss);
                m.set(p.get(base + CORRECT) + sample, best == targetClass ? present : 0f);
            } else {
                float loss = 0f;
                for (int j = 0; j < outputs; j++) {
                    float d = m.get(rate + j * TILE) - m.get(target + j * TILE);
                    loss += d * d / (float) outputs;
                    m.set(gradient + j * TILE, present * 2f * d / (samples * (float) outputs));
                }
                m.set(p.get(base + LOSS) + sample, present * loss);
                m.set(p.get(base + CORRECT) + sample, 0f);
            }
        }
    }

    /**
     * Backpropagated errors of all voltages, in place of postsynaptic factors; a tile to a group.
     */
    public static void backward(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        if (tile < p.get(base + TILES)) {
            int depth = p.get(base + DEPTH);
            for (int up = 0; up < depth; up++) {
                int i = depth - 1 - up;
                int layer = LAYERS + i * LAYER_RECORD;
                int n = p.get(base + layer + SIZE);
                int at = p.get(base + layer + OFFSET) + tile * n * TILE;
                int slope = p.get(base + SLOPE) + at;
                int out = p.get(base + POSTSYNAPTIC) + at;
                if (up == 0) {
                    int gradient = p.get(base + LOSS_GRADIENT) + tile * n * TILE;
                    for (int j = lane; j < n * TILE; j += width) {
                        m.set(out + j, m.get(gradient + j) * m.get(slope + j));
                    }
                } else {
                    int above = p.get(base + layer + LAYER_RECORD + SIZE);
                    int weights = p.get(base + layer + LAYER_RECORD + WEIGHTS);
                    int from =
                            p.get(base + POSTSYNAPTIC)
                                    + p.get(base + layer + LAYER_RECORD + OFFSET)
                                    + tile * above * TILE;
                    for (int j = lane; j < n; j += width) {
                        float a0 = 0f;
                        float a1 = 0f;
                        float a2 = 0f;
                        float a3 = 0f;
                        for (int x = 0; x < above; x++) {
                            float w = m.get(weights + x * n + j);
                            int in = from + x * TILE;
                            a0 += w * m.get(in);
                            a1 += w * m.get(in + 1);
                            a2 += w * m.get(in + 2);
                            a3 += w * m.get(in + 3);
                        }
                        int cell = j * TILE;
                        m.set(out + cell, a0 * m.get(slope + cell));
                        m.set(out + cell + 1, a1 * m.get(slope + cell + 1));
                        m.set(out + cell + 2, a2 * m.get(slope + cell + 2));
                        m.set(out + cell + 3, a3 * m.get(slope + cell + 3));
                    }
                }
                c.globalBarrier();
            }
        }
    }

    /**
     * One forward pass with noise added to every voltage. The noise takes the place of postsynaptic
     * factors, the changes that of the rates' deviations, and the change of the output that of the
     * control error. A tile to a group.
     */
    public static void perturb(
            KernelContext c, IntArray p, FloatArray k, FloatArray m, IntArray w, int packed) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int powers = base + p.get(base + POWERS);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        if (tile < p.get(base + TILES)) {
            int depth = p.get(base + DEPTH);
            int padded = p.get(base + PADDED);
            for (int i = 0; i < depth; i++) {
                int layer = LAYERS + i * LAYER_RECORD;
                int n = p.get(base + layer + SIZE);
                int at = p.get(base + layer + OFFSET) + tile * n * TILE;
                int activation = p.get(base + layer + ACTIVATION);
                float rectifier =
                        k.get(
                                base
                                        + LAYER_CONSTANTS
                                        + i * LAYER_CONSTANTS_RECORD
                                        + RECTIFIER_SLOPE);
                float factor =
                        k.get(base + LAYER_CONSTANTS + i * LAYER_CONSTANTS_RECORD + NOISE_FACTOR);
                int below = i == 0 ? 0 : p.get(base + layer + FAN_IN);
                int weights = p.get(base + layer + WEIGHTS_READ + packed * PACKED);
                int row = p.get(base + layer + WEIGHT_ROW + packed * PACKED);
                int step = p.get(base + layer + WEIGHT_STEP);
                int inputs =
                        i == 0
                                ? 0
                                : p.get(base + RATE_DEVIATION)
                                        + p.get(base + layer - LAYER_RECORD + OFFSET)
                                        + tile * below * TILE;
                for (int cell = lane; cell < n * TILE; cell += width) {
                    int j = cell / TILE;
                    int s = cell - j * TILE;
                    float sum = 0f;
                    for (int x = 0; x < below; x++) {
                        sum +=
                                weight(m, w, k, powers, weights + j * row, x, step, packed)
                                        * m.get(inputs + x * TILE + s);
                    }
                    float noise = 0f;
                    int sample = tile * TILE + s;
                    if (sample < p.get(base + SAMPLES)) {
                        if (p.get(base + NOISE_KIND) == GENERATED) {
                            int place = (p.get(base + NOISE_STREAM) << 28) | (i << 20) | sample;
                            noise =
                                    Normals.normal(
                                            j,
                                            place,
                                            0,
                                            p.get(base + MINIBATCH),
                                            p.get(base + SEED_LOW),
                                            p.get(base + SEED_HIGH));
                        } else if (p.get(base + NOISE_KIND) == RECORDED) {
                            noise = m.get(p.get(base + NOISE) + at + cell);
                        }
                    }
                    noise = noise * factor;
                    float change =
                            Rates.difference(
                                    activation,
                                    rectifier,
                                    m.get(p.get(base + VOLTAGE) + at + cell),
                                    m.get(p.get(base + RATE) + at + cell),
                                    m.get(p.get(base + SLOPE) + at + cell),
                                    sum + noise);
                    m.set(p.get(base + POSTSYNAPTIC) + at + cell, noise);
                    m.set(p.get(base + RATE_DEVIATION) + at + cell, change);
                    if (i == depth - 1) {
                        m.set(p.get(base + ERROR) + tile * n * TILE + cell, change);
                    }
                }
                c.globalBarrier();
            }
        }
    }
}
