package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.Bfloat16.weight;
import static io.dfc.tornado.kernel.TableCodes.*;
import static io.dfc.tornado.kernel.TableLayout.*;

import io.dfc.api.control.Convergence;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Steady states by Newton's method; mostly a sample to a group. */
public final class SteadyKernels {
    private SteadyKernels() {}

    /**
     * Solves {@code (S J Q + alpha I) x = e - alpha u} by elimination with row exchanges, and
     * stores the control at the start of the step.
     */
    public static void solve(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int sample = c.groupIdx;
        int outputs = p.get(base + OUTPUTS);
        if (sample < p.get(base + SAMPLES)) {
            int depth = p.get(base + DEPTH);
            int square = outputs * outputs;
            int gains = p.get(base + GAIN) + sample * depth * square;
            int a = p.get(base + SYSTEM) + sample * square;
            int x = p.get(base + SOLUTION) + sample * outputs;
            int pivot = p.get(base + STABILITY_STATE) + sample * (depth + 4) * outputs;
            int tile = sample / TILE;
            int first = tile * outputs * TILE + sample - tile * TILE;
            float alpha = k.get(base + LEAKAGE);
            for (int e = lane; e < square; e += width) {
                int j = e / outputs;
                float sum = j == e - j * outputs ? alpha : 0f;
                for (int i = 0; i < depth; i++) {
                    sum += m.get(gains + i * square + e);
                }
                m.set(a + e, sum);
            }
            for (int j = lane; j < outputs; j += width) {
                int at = first + j * TILE;
                float u = m.get(p.get(base + CONTROL) + at);
                m.set(x + j, m.get(p.get(base + ERROR) + at) - alpha * u);
                m.set(p.get(base + PREVIOUS_CONTROL) + at, u);
            }
            c.globalBarrier();
            for (int column = 0; column < outputs; column++) {
                if (lane == 0) {
                    float best = -1f;
                    float row = 0f;
                    for (int r = column; r < outputs; r++) {
                        float size = TornadoMath.abs(m.get(a + r * outputs + column));
                        row = size > best ? (float) r : row;
                        best = size > best ? size : best;
                    }
                    m.set(pivot, row);
                }
                c.globalBarrier();
                int from = (int) m.get(pivot);
                for (int y = lane; y < outputs; y += width) {
                    float held = m.get(a + column * outputs + y);
                    m.set(a + column * outputs + y, m.get(a + from * outputs + y));
                    m.set(a + from * outputs + y, held);
                }
                if (lane == 0) {
                    float held = m.get(x + column);
                    m.set(x + column, m.get(x + from));
                    m.set(x + from, held);
                }
                c.globalBarrier();
                int rest = outputs - 1 - column;
                float inverse = 1f / m.get(a + column * outputs + column);
                for (int e = lane; e < rest * rest; e += width) {
                    int r = e / rest;
                    int y = column + 1 + e - r * rest;
                    int row = a + (column + 1 + r) * outputs;
                    float share = m.get(row + column) * inverse;
                    m.set(row + y, m.get(row + y) - share * m.get(a + column * outputs + y));
                }
                for (int r = lane; r < rest; r += width) {
                    int row = a + (column + 1 + r) * outputs;
                    float share = m.get(row + column) * inverse;
                    int to = x + column + 1 + r;
                    m.set(to, m.get(to) - share * m.get(x + column));
                }
                c.globalBarrier();
            }
            for (int back = 0; back < outputs; back++) {
                int column = outputs - 1 - back;
                if (lane == 0) {
                    m.set(x + column, m.get(x + column) / m.get(a + column * outputs + column));
                }
                c.globalBarrier();
                for (int r = lane; r < column; r += width) {
                    m.set(
                            x + r,
                            m.get(x + r) - m.get(a + r * outputs + column) * m.get(x + column));
                }
                c.globalBarrier();
            }
        }
    }

    /** Takes a fraction of the step, for samples whose steady state is still searched. */
    public static void advance(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int stride = c.globalGroupSizeX;
        int outputs = p.get(base + OUTPUTS);
        float length = k.get(base + STEP_LENGTH);
        for (int e = c.globalIdx; e < p.get(base + SAMPLES) * outputs; e += stride) {
            int sample = e / outputs;
            int j = e - sample * outputs;
            if (m.get(p.get(base + STATUS) + sample) == (float) SEARCHING) {
                int tile = sample / TILE;
                int at = (tile * outputs + j) * TILE + sample - tile * TILE;
                m.set(
                        p.get(base + CONTROL) + at,
                        m.get(p.get(base + PREVIOUS_CONTROL) + at)
                                + length * m.get(p.get(base + SOLUTION) + e));
            }
        }
    }

    /**
     * One forward pass with {@code Q u} added to every voltage, for samples that are not unsolved,
     * and the residual {@code e - alpha u} of each; a tile to a group.
     */
    public static void propagateControl(
            KernelContext c, IntArray p, FloatArray k, FloatArray m, IntArray w, int packed) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int powers = base + p.get(base + POWERS);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        if (tile < p.get(base + TILES)) {
            int depth = p.get(base + DEPTH);
            int outputs = p.get(base + OUTPUTS);
            int controls = p.get(base + CONTROL) + tile * outputs * TILE;
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
                int below = i == 0 ? 0 : p.get(base + layer + FAN_IN);
                int weights = p.get(base + layer + WEIGHTS_READ + packed * PACKED);
                int row = p.get(base + layer + WEIGHT_ROW + packed * PACKED);
                int step = p.get(base + layer + WEIGHT_STEP);
                int feedback = p.get(base + layer + FEEDBACK_READ + packed * PACKED);
                int feedbackRow = p.get(base + layer + FEEDBACK_ROW + packed * PACKED);
                int feedbackStep = p.get(base + layer + FEEDBACK_STEP);
                int inputs =
                        i == 0
                                ? 0
                                : p.get(base + RATE_DEVIATION)
                                        + p.get(base + layer - LAYER_RECORD + OFFSET)
                                        + tile * below * TILE;
                for (int e = lane; e < n * TILE; e += width) {
                    int j = e / TILE;
                    int s = e - j * TILE;
                    float basal = 0f;
                    for (int x = 0; x < below; x++) {
                        basal +=
                                weight(m, w, k, powers, weights + j * row, x, step, packed)
                                        * m.get(inputs + x * TILE + s);
                    }
                    float apical = 0f;
                    for (int x = 0; x < outputs; x++) {
                        apical +=
                                weight(
                                                m,
                                                w,
                                                k,
                                                powers,
                                                feedback + j * feedbackRow,
                                                x,
                                                feedbackStep,
                                                packed)
                                        * m.get(controls + x * TILE + s);
                    }
                    int cell = at + e;
                    if (m.get(p.get(base + STATUS) + tile * TILE + s) != (float) UNSOLVED) {
                        m.set(p.get(base + BASAL) + cell, basal);
                        m.set(p.get(base + APICAL) + cell, apical);
                        m.set(p.get(base + SOMATIC) + cell, basal + apical);
                        m.set(
                                p.get(base + RATE_DEVIATION) + cell,
                                Rates.difference(
                                        activation,
                                        rectifier,
                                        m.get(p.get(base + VOLTAGE) + cell),
                                        m.get(p.get(base + RATE) + cell),
                                        m.get(p.get(base + SLOPE) + cell),
                                        basal + apical));
                    }
                }
                c.globalBarrier();
            }
            LoopFunctions.controlError(p, base, k, m, tile, lane, width);
            c.globalBarrier();
            if (lane < TILE) {
                int first = tile * outputs * TILE + lane;
                float rest = 0f;
                for (int j = 0; j < outputs; j++) {
                    float g =
                            m.get(p.get(base + ERROR) + first + j * TILE)
                                    - k.get(base + LEAKAGE)
                                            * m.get(p.get(base + CONTROL) + first + j * TILE);
                    rest += g * g;
                }
                m.set(p.get(base + RESIDUAL) + tile * TILE + lane, TornadoMath.sqrt(rest));
            }
        }
    }

    /**
     * Decides for each sample whether its steady state has converged or diverged; a tile to a
     * group.
     */
    public static void steadyConvergence(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        if (tile < p.get(base + TILES)) {
            int outputs = p.get(base + OUTPUTS);
            if (lane < TILE) {
                int sample = tile * TILE + lane;
                int first = tile * outputs * TILE + lane;
                float rest = 0f;
                float norm = 0f;
                for (int j = 0; j < outputs; j++) {
                    float e = m.get(p.get(base + ERROR) + first + j * TILE);
                    float g =
                            e
                                    - k.get(base + LEAKAGE)
                                            * m.get(p.get(base + CONTROL) + first + j * TILE);
                    rest += g * g;
                    norm += e * e;
                }
                float ratio = TornadoMath.sqrt(rest) / m.get(p.get(base + OUTPUT_NORM) + sample);
                float present = sample < p.get(base + SAMPLES) ? 1f : 0f;
                float bound =
                        k.get(base + CONVERGENCE_BOUND)
                                * m.get(p.get(base + INITIAL_ERROR) + sample);
                float close = ratio < (float) Convergence.RATIO_CONVERGED ? 1f : 0f;
                float small = norm < bound ? 1f : 0f;
                float decided = p.get(base + LINEARIZED) == 1 ? 0f : 1f;
                float far = ratio > 1f ? decided * present : 0f;
                m.set(p.get(base + DISTANCE_RATIO) + sample, ratio);
                m.set(
                        p.get(base + CONVERGED) + sample,
                        present * (decided * close * small + 1f - decided));
                m.set(p.get(base + DIVERGED) + sample, far);
                m.set(p.get(base + DIVERGED_POINTS) + sample, far);
            }
        }
    }
}
