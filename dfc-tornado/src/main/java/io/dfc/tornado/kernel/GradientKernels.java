package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.Bfloat16.weight;
import static io.dfc.tornado.kernel.TableCodes.*;
import static io.dfc.tornado.kernel.TableLayout.*;

import io.dfc.api.learn.Clipping;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Gradients from states. All sums over samples are taken in the order of the samples. */
public final class GradientKernels {
    private GradientKernels() {}

    /**
     * Postsynaptic factors of the current state; the basal voltage is formed anew from the rates of
     * that state. A tile to a group.
     */
    public static void postsynaptic(
            KernelContext c, IntArray p, FloatArray k, FloatArray m, IntArray w, int packed) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int powers = base + p.get(base + POWERS);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        int controlled = p.get(base + PRESYNAPTIC) == CONTROLLED ? 1 : 0;
        if (tile < p.get(base + TILES)) {
            int depth = p.get(base + DEPTH);
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
                int below = i == 0 ? 0 : controlled * p.get(base + layer + FAN_IN);
                int weights = p.get(base + layer + WEIGHTS_READ + packed * PACKED);
                int row = p.get(base + layer + WEIGHT_ROW + packed * PACKED);
                int step = p.get(base + layer + WEIGHT_STEP);
                int inputs = 0;
                if (i > 0) {
                    inputs =
                            p.get(base + RATE_DEVIATION)
                                    + p.get(base + layer - LAYER_RECORD + OFFSET)
                                    + tile * p.get(base + layer + FAN_IN) * TILE;
                }
                for (int e = lane; e < n * TILE; e += width) {
                    int j = e / TILE;
                    int s = e - j * TILE;
                    int cell = at + e;
                    float basal = 0f;
                    for (int x = 0; x < below; x++) {
                        basal +=
                                weight(m, w, k, powers, weights + j * row, x, step, packed)
                                        * m.get(inputs + x * TILE + s);
                    }
                    float post =
                            Rates.postsynaptic(
                                    p.get(base + RULE),
                                    activation,
                                    rectifier,
                                    m.get(p.get(base + VOLTAGE) + cell),
                                    m.get(p.get(base + SLOPE) + cell),
                                    basal,
                                    m.get(p.get(base + SOMATIC) + cell)
                                            - m.get(p.get(base + BASAL) + cell));
                    int sample = tile * TILE + s;
                    int included = 1;
                    if (p.get(base + MASK) == CONVERGED_ONLY) {
                        included = m.get(p.get(base + CONVERGED) + sample) > 0f ? 1 : 0;
                    } else if (p.get(base + MASK) == NOT_DIVERGED) {
                        included = m.get(p.get(base + DISTANCE_RATIO) + sample) > 1f ? 0 : 1;
                    }
                    m.set(p.get(base + POSTSYNAPTIC) + cell, included == 1 ? post : 0f);
                }
            }
        }
    }

    /**
     * Products of postsynaptic factors and presynaptic rates, summed over the samples; an element
     * of the gradient to a work-item.
     */
    public static void products(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int start = c.globalIdx;
        int stride = c.globalGroupSizeX;
        int tiles = p.get(base + TILES);
        float factor = k.get(base + FACTOR);
        int kind = p.get(base + PRESYNAPTIC);
        int end = p.get(base + END_LAYER);
        for (int i = p.get(base + FIRST_LAYER); i < end; i++) {
            int layer = LAYERS + i * LAYER_RECORD;
            int n = p.get(base + layer + SIZE);
            int posts = p.get(base + SOURCE) + p.get(base + layer + OFFSET);
            int below = p.get(base + layer + FAN_IN);
            int out = p.get(base + DESTINATION) + p.get(base + layer + WEIGHT_GRADIENT);
            int rates = p.get(base + INPUT);
            int deviations = rates;
            int deviates = 0;
            if (kind >= OUTPUT_CHANGE) {
                below = p.get(base + OUTPUTS);
                out = p.get(base + DESTINATION) + p.get(base + layer + FEEDBACK_GRADIENT);
                rates = kind == OUTPUT_CHANGE ? p.get(base + ERROR) : p.get(base + CONTROL);
            } else if (i > 0) {
                rates = p.get(base + RATE) + p.get(base + layer - LAYER_RECORD + OFFSET);
                deviations =
                        p.get(base + RATE_DEVIATION) + p.get(base + layer - LAYER_RECORD + OFFSET);
                deviates = kind == CONTROLLED ? 1 : 0;
            }
            for (int e = start; e < n * below; e += stride) {
                int j = e / below;
                int x = e - j * below;
                float sum = 0f;
                for (int tile = 0; tile < tiles; tile++) {
                    int s = posts + (tile * n + j) * TILE;
                    int cell = (tile * below + x) * TILE;
                    int r = rates + cell;
                    float r0 = m.get(r);
                    float r1 = m.get(r + 1);
                    float r2 = m.get(r + 2);
                    float r3 = m.get(r + 3);
                    if (deviates == 1) {
                        int d = deviations + cell;
                        r0 += m.get(d);
                        r1 += m.get(d + 1);
                        r2 += m.get(d + 2);
                        r3 += m.get(d + 3);
                    }
                    sum +=
                            m.get(s) * r0
                                    + m.get(s + 1) * r1
                                    + m.get(s + 2) * r2
                                    + m.get(s + 3) * r3;
                }
                float old = p.get(base + ACCUMULATES) == 1 ? m.get(out + e) : 0f;
                m.set(out + e, old + factor * sum);
            }
            if (p.get(base + HAS_BIAS) == 1 && kind < OUTPUT_CHANGE) {
                int biases = p.get(base + DESTINATION) + p.get(base + layer + BIAS_GRADIENT);
                for (int j = start; j < n; j += stride) {
                    float sum = 0f;
                    for (int tile = 0; tile < tiles; tile++) {
                        int s = posts + (tile * n + j) * TILE;
                        sum += m.get(s) + m.get(s + 1) + m.get(s + 2) + m.get(s + 3);
                    }
                    float old = p.get(base + ACCUMULATES) == 1 ? m.get(biases + j) : 0f;
                    m.set(biases + j, old + factor * sum);
                }
            }
        }
    }

    /** Adds up the partial sums of tiles. */
    public static void reduce(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int stride = c.globalGroupSizeX;
        int length = p.get(base + LENGTH);
        int parts = p.get(base + PARTS);
        int apart = p.get(base + PART_STRIDE);
        int source = p.get(base + SOURCE);
        int destination = p.get(base + DESTINATION);
        float factor = k.get(base + FACTOR);
        for (int e = c.globalIdx; e < length; e += stride) {
            float sum = 0f;
            for (int part = 0; part < parts; part++) {
                sum += m.get(source + part * apart + e);
            }
            m.set(destination + e, factor * sum);
        }
    }

    /**
     * Sum of the squares of each tensor, or of its difference from another; a tensor to a group.
     */
    public static void norms(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tensor = c.groupIdx;
        float[] sums = c.allocateFloatLocalArray(MAX_GROUP);
        int table = p.get(base + TENSOR_TABLE) + tensor;
        int begin = 0;
        int end = 0;
        if (tensor < p.get(base + TENSORS)) {
            begin = p.get(base + SOURCE) + p.get(base + table);
            end = p.get(base + SOURCE) + p.get(base + table + 1);
        }
        int other = p.get(base + SUBTRAHEND);
        int apart = other - p.get(base + SOURCE);
        float sum = 0f;
        for (int e = begin + lane; e < end; e += width) {
            float x = m.get(e);
            x -= other < 0 ? 0f : m.get(e + apart);
            sum += x * x;
        }
        sums[lane] = sum;
        for (int half = width / 2; half > 0; half = half / 2) {
            c.localBarrier();
            if (lane < half) {
                sums[lane] = sums[lane] + sums[lane + half];
            }
        }
        if (lane == 0 && tensor < p.get(base + TENSORS)) {
            m.set(p.get(base + NORMS) + tensor, sums[0]);
        }
    }

    /**
     * Largest magnitude of each tensor, undefined if an element is infinite or undefined; a tensor
     * to a group. Comparisons would lose undefined numbers: generated code swaps their branches.
     */
    public static void largest(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tensor = c.groupIdx;
        float[] best = c.allocateFloatLocalArray(MAX_GROUP);
        int table = p.get(base + TENSOR_TABLE) + tensor;
        int begin = 0;
        int end = 0;
        if (tensor < p.get(base + TENSORS)) {
            begin = p.get(base + SOURCE) + p.get(base + table);
            end = p.get(base + SOURCE) + p.get(base + table + 1);
        }
        float max = 0f;
        for (int e = begin + lane; e < end; e += width) {
            float x = TornadoMath.abs(m.get(e));
            max = TornadoMath.max(x, max) + 0f * (x + max);
        }
        best[lane] = max;
        for (int half = width / 2; half > 0; half = half / 2) {
            c.localBarrier();
            if (lane < half) {
                float a = best[lane];
                float b = best[lane + half];
                best[lane] = TornadoMath.max(a, b) + 0f * (a + b);
            }
        }
        if (lane == 0 && tensor < p.get(base + TENSORS)) {
            m.set(p.get(base + NORMS) + tensor, best[0]);
        }
    }

    /** Bounds the norms of tensors, layers or everything; a tensor to a group. */
    public static void clip(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tensor = c.groupIdx;
        int tensors = p.get(base + TENSORS);
        if (tensor < tensors) {
            int layers = p.get(base + TENSOR_TABLE) + tensors + 1;
            int clipping = p.get(base + CLIPPING);
            int norms = p.get(base + NORMS);
            float sum = 0f;
            for (int t = 0; t < tensors; t++) {
                int same = 0;
                if (clipping == PER_TENSOR) {
                    same = t == tensor ? 1 : 0;
                } else if (clipping == PER_LAYER) {
                    int a = p.get(base + layers + t);
                    same = a == p.get(base + layers + tensor) ? 1 : 0;
                } else if (clipping == JOINT) {
                    same = 1;
                }
                if (same == 1) {
                    sum += m.get(norms + t);
                }
            }
            float factor = 1f;
            if (clipping != UNCLIPPED) {
                float bound =
                        k.get(base + MAX_NORM)
                                / (TornadoMath.sqrt(sum) + (float) Clipping.NORM_OFFSET);
                factor = bound < 1f ? bound : 1f;
            }
            int table = p.get(base + TENSOR_TABLE) + tensor;
            int begin = p.get(base + table);
            int end = p.get(base + table + 1);
            for (int e = begin + lane; e < end; e += width) {
                m.set(p.get(base + DESTINATION) + e, factor * m.get(p.get(base + SOURCE) + e));
            }
        }
    }

    /** Adds to a gradient the homeostatic decay of feedback weights towards a fixed norm. */
    public static void decay(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int stride = c.globalGroupSizeX;
        int tensors = p.get(base + TENSORS);
        float norm = 0f;
        for (int t = 0; t < tensors; t++) {
            norm += m.get(p.get(base + NORMS) + t);
        }
        float factor = k.get(base + DECAY_RATE) * (norm - k.get(base + DECAY_CONSTANT));
        int length = p.get(base + LENGTH);
        for (int e = c.globalIdx; e < length; e += stride) {
            int to = p.get(base + DESTINATION) + e;
            m.set(to, m.get(to) + factor * m.get(p.get(base + SOURCE) + e));
        }
    }

    /** Steps parameters with a gradient, see {@code TensorTable}; an element to a work-item. */
    public static void optimize(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int start = c.globalIdx;
        int stride = c.globalGroupSizeX;
        int tensors = p.get(base + TENSORS);
        int table = p.get(base + TENSOR_TABLE);
        int optimizer = p.get(base + OPTIMIZER);
        float decay = k.get(base + WEIGHT_DECAY);
        float beta1 = k.get(base + BETA_1);
        float beta2 = k.get(base + BETA_2);
        for (int t = 0; t < tensors; t++) {
            int layer =
                    LAYER_CONSTANTS
                            + p.get(base + table + tensors + 1 + t) * LAYER_CONSTANTS_RECORD;
            float rate = k.get(base + layer + LEARNING_RATE);
            float epsilon = k.get(base + layer + EPSILON);
            int begin = p.get(base + table + t);
            int end = p.get(base + table + t + 1);
            int home = p.get(base + DESTINATION) + p.get(base + table + 2 * tensors + 1 + t);
            if (rate >= 0f) {
                for (int e = begin + start; e < end; e += stride) {
                    int at = home + e - begin;
                    float x = m.get(at);
                    float g = m.get(p.get(base + SOURCE) + e) + decay * x;
                    if (optimizer == ADAM) {
                        int first = p.get(base + FIRST_MOMENT) + e;
                        int second = p.get(base + SECOND_MOMENT) + e;
                        float a = beta1 * m.get(first) + (1f - beta1) * g;
                        float b = beta2 * m.get(second) + (1f - beta2) * g * g;
                        m.set(first, a);
                        m.set(second, b);
                        float scale = TornadoMath.sqrt(b) / k.get(base + CORRECTION_2) + epsilon;
                        x -= rate / k.get(base + CORRECTION_1) * a / scale;
                    } else {
                        if (optimizer == MOMENTUM) {
                            int first = p.get(base + FIRST_MOMENT) + e;
                            g += beta1 * m.get(first);
                            m.set(first, g);
                        }
                        x -= rate * g;
                    }
                    m.set(at, x);
                }
            }
        }
    }

    /** Brings the transposed copies of all weights up to date. */
    public static void transpose(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int start = c.globalIdx;
        int stride = c.globalGroupSizeX;
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        for (int i = 0; i < depth; i++) {
            int layer = LAYERS + i * LAYER_RECORD;
            int n = p.get(base + layer + SIZE);
            int below = p.get(base + layer + FAN_IN);
            for (int e = start; e < n * below; e += stride) {
                int x = e / n;
                int j = e - x * n;
                m.set(
                        p.get(base + layer + WEIGHTS_READ) + e,
                        m.get(p.get(base + layer + WEIGHTS) + j * below + x));
            }
            for (int e = start; e < n * outputs; e += stride) {
                int x = e / n;
                int j = e - x * n;
                m.set(
                        p.get(base + layer + FEEDBACK_READ) + e,
                        m.get(p.get(base + layer + FEEDBACK) + j * outputs + x));
            }
        }
    }
}
