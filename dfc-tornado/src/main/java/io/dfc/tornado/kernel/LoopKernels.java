package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.TableLayout.*;

import io.dfc.api.control.Convergence;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Start and end of the controlled loop over time. Barriers stand outside of all conditions, and a
 * skipped part is a loop of no turns: compilers for processors copy the code behind a conditional
 * barrier.
 */
public final class LoopKernels {
    private LoopKernels() {}

    /**
     * Goes back to the feedforward pass and clears all sums over time, except in tiles that are
     * marked in {@link TableLayout#SKIPPED}; a tile to a group.
     */
    public static void reset(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
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
        int before = p.get(base + PREVIOUS_CONTROL) + own;
        int integral = p.get(base + INTEGRAL) + own;
        int error = p.get(base + ERROR) + own;
        if (m.get(p.get(base + SKIPPED) + tile) == 0f) {
            for (int i = 0; i < depth; i++) {
                int layer = LAYERS + i * LAYER_RECORD;
                int n = p.get(base + layer + SIZE);
                int at = p.get(base + layer + OFFSET) + tile * n * TILE;
                for (int j = lane; j < n * TILE; j += width) {
                    m.set(p.get(base + SOMATIC) + at + j, 0f);
                    m.set(p.get(base + RATE_DEVIATION) + at + j, 0f);
                    m.set(p.get(base + BASAL) + at + j, 0f);
                    m.set(p.get(base + APICAL) + at + j, 0f);
                }
                int filtered = p.get(base + FILTERS) == 1 ? n * TILE : 0;
                for (int j = lane; j < filtered; j += width) {
                    m.set(p.get(base + FILTERED) + at + j, 0f);
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
                        p.get(base + PARTIAL_SUM)
                                + (q * (p.get(base + PADDED) / TILE) + tile) * length;
                for (int j = lane; j < length; j += width) {
                    m.set(partial + j, 0f);
                }
                int sum =
                        p.get(base + FIRST_LAYER_SUM)
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
            LoopFunctions.controlError(p, base, k, m, tile, lane, width);
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
        }
    }

    /**
     * Decides for each sample whether its last state has converged or diverged; a sample to a
     * work-item.
     */
    public static void convergence(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
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
            float ratio = m.get(p.get(base + DISTANCE_RATIO) + sample);
            float bound =
                    k.get(base + CONVERGENCE_BOUND) * m.get(p.get(base + INITIAL_ERROR) + sample);
            float converged = ratio < (float) Convergence.RATIO_CONVERGED ? present : 0f;
            m.set(p.get(base + CONVERGED) + sample, norm < bound ? converged : 0f);
            m.set(p.get(base + DIVERGED) + sample, ratio > 1f ? present : 0f);
        }
    }
}
