package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.OperationLayout.*;
import static io.dfc.tornado.kernel.TableCodes.*;
import static io.dfc.tornado.kernel.TableLayout.*;

import io.dfc.api.noise.Philox;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Operations of programs on the samples of a tile; none does anything for a record of another kind.
 */
final class SampleOperations {
    private SampleOperations() {}

    /** A matrix times a vector of each sample. */
    static void product(IntArray p, FloatArray m, int at, int tile, int lane, int width) {
        int n = p.get(at + KIND) == PRODUCT ? p.get(at + WIDTH) : 0;
        int below = p.get(at + IN_WIDTH);
        int inputs = p.get(at + X) + tile * below * TILE;
        int row = p.get(at + ROW);
        int column = p.get(at + COLUMN);
        for (int j = lane; j < n; j += width) {
            int matrix = p.get(at + Y) + j * row;
            float a0 = 0f;
            float a1 = 0f;
            float a2 = 0f;
            float a3 = 0f;
            for (int x = 0; x < below; x++) {
                float w = m.get(matrix + x * column);
                int in = inputs + x * TILE;
                a0 += w * m.get(in);
                a1 += w * m.get(in + 1);
                a2 += w * m.get(in + 2);
                a3 += w * m.get(in + 3);
            }
            int out = p.get(at + OUT) + (tile * n + j) * TILE;
            m.set(out, a0);
            m.set(out + 1, a1);
            m.set(out + 2, a2);
            m.set(out + 3, a3);
        }
    }

    /** Operations on each number of a buffer by itself. */
    static void elementwise(
            IntArray p, FloatArray k, FloatArray m, int at, int tile, int lane, int width) {
        int kind = p.get(at + KIND);
        int span = p.get(at + WIDTH) * TILE;
        int end = kind >= ADD_BIAS ? span : 0;
        end = kind > SELECT ? 0 : end;
        int out = p.get(at + OUT) + tile * span;
        int firsts = p.get(at + X) + tile * p.get(at + IN_WIDTH) * TILE;
        int chosen = kind == SELECT ? p.get(at + SELECTOR) * TILE : span;
        float a = k.get(at + A);
        float b = k.get(at + B);
        for (int e = lane; e < end; e += width) {
            float x = m.get(firsts + TornadoMath.min(e, chosen - 1));
            int second = kind == ADD_BIAS ? e / TILE : tile * span + e;
            float y = m.get(p.get(at + Y) + second);
            float value = a;
            if (kind == ADD_BIAS) {
                value = x + y;
            }
            if (kind == ACTIVATION_RATE) {
                value = Rates.rate(p.get(at + SELECTOR), a, x);
            }
            if (kind == ACTIVATION_SLOPE) {
                value = Rates.slope(p.get(at + SELECTOR), a, x);
            }
            if (kind == ACTIVATION_INVERSE) {
                value = Rates.inverse(p.get(at + SELECTOR), a, x);
            }
            if (kind == COMBINE) {
                value = b == 0f ? a * x : a * x + b * y;
            }
            if (kind == HADAMARD) {
                value = x * y;
            }
            if (kind == SELECT) {
                value = e < chosen ? x : y;
            }
            m.set(out + e, value);
        }
    }

    /** Gradient of the mean loss; a sample to a work-item. */
    static void lossSlope(IntArray p, int base, FloatArray m, int at, int tile, int lane) {
        int outputs = p.get(base + OUTPUTS);
        int here = tile * outputs * TILE + lane;
        int kind = p.get(at + KIND);
        int present = kind == GRADIENT_OF_LOSS ? outputs : 0;
        present = lane < TILE ? present : 0;
        int x = p.get(at + X) + here;
        int out = p.get(at + OUT) + here;
        int target = p.get(base + TARGET) + here;
        float samples = (float) p.get(base + SAMPLES);
        int entropic = p.get(base + CROSS_ENTROPY) == 1 ? present : 0;
        float max = entropic > 0 ? m.get(x) : 0f;
        for (int j = 1; j < entropic; j++) {
            max = TornadoMath.max(max, m.get(x + j * TILE));
        }
        float sum = 0f;
        float weight = 0f;
        float others = 0f;
        for (int j = 0; j < entropic; j++) {
            float e = TornadoMath.exp(m.get(x + j * TILE) - max);
            float y = m.get(target + j * TILE);
            sum += e;
            weight += y;
            others += y > 0.5f ? 0f : e;
            m.set(out + j * TILE, e);
        }
        for (int j = 0; j < entropic; j++) {
            float y = m.get(target + j * TILE);
            float g = weight * m.get(out + j * TILE) / sum - y;
            if (p.get(base + LABELED) == 1 && y > 0.5f) {
                // p - 1 would cancel where the network is sure of a label.
                g = -others / sum;
            }
            m.set(out + j * TILE, g / samples);
        }
        int squared = p.get(base + CROSS_ENTROPY) == 1 ? 0 : present;
        for (int j = 0; j < squared; j++) {
            float d = m.get(x + j * TILE) - m.get(target + j * TILE);
            m.set(out + j * TILE, 2f * d / (samples * (float) outputs));
        }
    }

    /** Loss of each sample; a sample to a work-item. */
    static void loss(IntArray p, int base, FloatArray m, int at, int tile, int lane) {
        int outputs = p.get(base + OUTPUTS);
        int here = tile * outputs * TILE + lane;
        int present = p.get(at + KIND) == SAMPLE_LOSS ? outputs : 0;
        present = lane < TILE ? present : 0;
        int x = p.get(at + X) + here;
        int target = p.get(base + TARGET) + here;
        int entropic = p.get(base + CROSS_ENTROPY) == 1 ? present : 0;
        float max = entropic > 0 ? m.get(x) : 0f;
        for (int j = 1; j < entropic; j++) {
            max = TornadoMath.max(max, m.get(x + j * TILE));
        }
        float sum = 0f;
        for (int j = 0; j < entropic; j++) {
            sum += TornadoMath.exp(m.get(x + j * TILE) - max);
        }
        float logSum = entropic > 0 ? TornadoMath.log(sum) : 0f;
        float loss = 0f;
        for (int j = 0; j < entropic; j++) {
            loss -= m.get(target + j * TILE) * (m.get(x + j * TILE) - max - logSum);
        }
        int squared = p.get(base + CROSS_ENTROPY) == 1 ? 0 : present;
        for (int j = 0; j < squared; j++) {
            float d = m.get(x + j * TILE) - m.get(target + j * TILE);
            loss += d * d / (float) outputs;
        }
        if (present > 0) {
            m.set(p.get(at + OUT) + tile * TILE + lane, loss);
        }
    }

    /** Normal numbers. */
    static void draw(
            IntArray p,
            int base,
            FloatArray k,
            FloatArray m,
            int at,
            int tile,
            int lane,
            int width,
            int round) {
        int span = p.get(at + WIDTH) * TILE;
        int end = p.get(at + KIND) == DRAW_NOISE ? span : 0;
        int out = p.get(at + OUT) + tile * span;
        for (int e = lane; e < end; e += width) {
            int j = e / TILE;
            int sample = tile * TILE + e - j * TILE;
            float x = 0f;
            if (p.get(base + NOISE_KIND) == GENERATED) {
                x =
                        Normals.normal(
                                j,
                                (Philox.PHASE_PROGRAM << 28)
                                        | (p.get(at + SELECTOR) << 20)
                                        | sample,
                                round,
                                p.get(base + MINIBATCH),
                                p.get(base + SEED_LOW),
                                p.get(base + SEED_HIGH));
            }
            m.set(out + e, k.get(at + A) * x);
        }
    }

    /** A step of a buffer along its gradient, by an optimiser whose state begins with round 0. */
    static void descend(
            IntArray p,
            FloatArray k,
            FloatArray m,
            int at,
            int tile,
            int lane,
            int width,
            int round) {
        int span = p.get(at + WIDTH) * TILE;
        int end = p.get(at + KIND) == DESCEND ? span : 0;
        int optimizer = p.get(at + SELECTOR);
        int corrections = p.get(at + CORRECTIONS) + 2 * round;
        int own = tile * span;
        float hasState = round == 0 ? 0f : 1f;
        float rate = k.get(at + A);
        float beta1 = k.get(at + B);
        float beta2 = k.get(at + C);
        for (int e = lane; e < end; e += width) {
            int first = p.get(at + OPTIMIZER_STATE) + own + e;
            int second = first + p.get(at + ROW);
            int state = p.get(at + OUT) + own + e;
            float g = m.get(p.get(at + X) + own + e);
            float x = m.get(state);
            if (optimizer == ADAM) {
                float a = (1f - beta1) * g;
                float b = (1f - beta2) * g * g;
                if (hasState > 0f) {
                    a += beta1 * m.get(first);
                    b += beta2 * m.get(second);
                }
                m.set(first, a);
                m.set(second, b);
                float scale = TornadoMath.sqrt(b) / m.get(corrections + 1) + k.get(at + D);
                x -= rate / m.get(corrections) * a / scale;
            } else {
                if (optimizer == MOMENTUM) {
                    if (hasState > 0f) {
                        g += beta1 * m.get(first);
                    }
                    m.set(first, g);
                }
                x -= rate * g;
            }
            m.set(state, x);
        }
    }

    /**
     * Adds up squared norms of a buffer's change and of its value before; a sample to a work-item.
     */
    static void change(IntArray p, FloatArray m, int at, int tile, int lane) {
        int n = p.get(at + WIDTH);
        int present = p.get(at + KIND) == CHANGE ? n : 0;
        present = lane < TILE ? present : 0;
        int here = tile * n * TILE + lane;
        float apart = 0f;
        float size = 0f;
        for (int j = 0; j < present; j++) {
            float before = m.get(p.get(at + Y) + here + j * TILE);
            float d = m.get(p.get(at + X) + here + j * TILE) - before;
            apart += d * d;
            size += before * before;
        }
        if (present > 0) {
            int out = p.get(at + OUT) + 2 * tile * TILE + lane;
            if (p.get(at + ADDS) == 1) {
                apart += m.get(out);
                size += m.get(out + TILE);
            }
            m.set(out, apart);
            m.set(out + TILE, size);
        }
    }
}
