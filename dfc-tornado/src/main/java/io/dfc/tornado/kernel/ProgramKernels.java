package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.OperationLayout.*;
import static io.dfc.tornado.kernel.TableCodes.*;
import static io.dfc.tornado.kernel.TableLayout.*;

import io.dfc.api.noise.Philox;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Interpreters of the records of {@link OperationLayout}. */
public final class ProgramKernels {
    private ProgramKernels() {}

    /**
     * Operations on each sample by itself, one after the other, all rounds in one launch; a tile to
     * a group.
     */
    public static void sampleOperations(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int tile = c.groupIdx;
        int rounds = tile < p.get(base + TILES) ? p.get(base + ROUNDS) : 0;
        int count = p.get(base + OPERATION_COUNT);
        int records = base + p.get(base + OPERATIONS);
        int firstRound = p.get(base + FIRST_ROUND);
        for (int round = 0; round < rounds; round++) {
            for (int o = 0; o < count; o++) {
                int at = records + o * RECORD;
                SampleOperations.product(p, m, at, tile, lane, width);
                SampleOperations.elementwise(p, k, m, at, tile, lane, width);
                SampleOperations.lossSlope(p, base, m, at, tile, lane);
                SampleOperations.loss(p, base, m, at, tile, lane);
                SampleOperations.draw(p, base, k, m, at, tile, lane, width, firstRound + round);
                SampleOperations.descend(p, k, m, at, tile, lane, width, firstRound + round);
                SampleOperations.change(p, m, at, tile, lane);
                c.globalBarrier();
            }
        }
    }

    /**
     * Sums over the samples, in their order, and noise in the shape of parameters; an element of
     * the result to a work-item, whatever the operation, so that none waits for another.
     */
    public static void sampleSums(KernelContext c, IntArray p, FloatArray k, FloatArray m) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int start = c.globalIdx;
        int stride = c.globalGroupSizeX;
        int samples = p.get(base + SAMPLES);
        int full = samples / TILE;
        int rest = samples - full * TILE;
        int count = p.get(base + OPERATION_COUNT);
        int records = base + p.get(base + OPERATIONS);
        for (int o = 0; o < count; o++) {
            int at = records + o * RECORD;
            int kind = p.get(at + KIND);
            int out = p.get(at + OUT);
            int post = p.get(at + X);
            int pre = p.get(at + Y);
            int n = p.get(at + WIDTH);
            int below = p.get(at + IN_WIDTH);
            float factor = k.get(at + A);
            int products = kind == OUTER ? n * below : 0;
            for (int e = start; e < products; e += stride) {
                int j = e / below;
                int x = e - j * below;
                float sum = 0f;
                for (int t = 0; t < full; t++) {
                    int s = post + (t * n + j) * TILE;
                    int r = pre + (t * below + x) * TILE;
                    sum +=
                            m.get(s) * m.get(r)
                                    + m.get(s + 1) * m.get(r + 1)
                                    + m.get(s + 2) * m.get(r + 2)
                                    + m.get(s + 3) * m.get(r + 3);
                }
                for (int s = 0; s < rest; s++) {
                    sum +=
                            m.get(post + (full * n + j) * TILE + s)
                                    * m.get(pre + (full * below + x) * TILE + s);
                }
                float old = p.get(at + ADDS) == 1 ? m.get(out + e) : 0f;
                m.set(out + e, old + factor * sum);
            }
            int sums = kind == SUM ? n : 0;
            for (int j = start; j < sums; j += stride) {
                float sum = 0f;
                for (int t = 0; t < full; t++) {
                    int s = post + (t * n + j) * TILE;
                    sum += m.get(s) + m.get(s + 1) + m.get(s + 2) + m.get(s + 3);
                }
                for (int s = 0; s < rest; s++) {
                    sum += m.get(post + (full * n + j) * TILE + s);
                }
                float old = p.get(at + ADDS) == 1 ? m.get(out + j) : 0f;
                m.set(out + j, old + factor * sum);
            }
            int cleared = kind == CLEAR ? n : 0;
            for (int e = start; e < cleared; e += stride) {
                m.set(out + e, 0f);
            }
            int drawn = kind == DRAW_PARAMETER_NOISE ? n : 0;
            for (int e = start; e < drawn; e += stride) {
                float x = 0f;
                if (p.get(base + NOISE_KIND) == GENERATED) {
                    x =
                            Normals.normal(
                                    e,
                                    (Philox.PHASE_PARAMETERS << 28) | (p.get(at + SELECTOR) << 20),
                                    0,
                                    p.get(base + MINIBATCH),
                                    p.get(base + SEED_LOW),
                                    p.get(base + SEED_HIGH));
                }
                m.set(out + e, factor * x);
            }
            int weighted = kind == WEIGHTED_NOISE ? n : 0;
            for (int e = start; e < weighted; e += stride) {
                float sum = 0f;
                for (int s = 0; s < samples; s++) {
                    sum += m.get(pre + s);
                }
                float old = p.get(at + ADDS) == 1 ? m.get(out + e) : 0f;
                m.set(out + e, old + factor * sum / (float) samples * m.get(post + e));
            }
        }
    }
}
