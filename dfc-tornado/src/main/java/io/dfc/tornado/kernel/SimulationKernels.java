package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.Bfloat16.weight;
import static io.dfc.tornado.kernel.LoopFunctions.isActive;
import static io.dfc.tornado.kernel.LoopFunctions.store;
import static io.dfc.tornado.kernel.TableCodes.*;
import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The controlled loop's steps. The barriers are outside of all conditions, as in {@link
 * LoopKernels}.
 */
public final class SimulationKernels {
    private SimulationKernels() {}

    /**
     * Simulates from one time step to another, see {@link io.dfc.api.control.Dynamics}, all steps
     * in one launch. A group has some tiles side by side, so that each weight it reads serves the
     * samples of all of them. Tiles that are marked in {@link TableLayout#SKIPPED} stay as they
     * are.
     *
     * <p>Work-items share the neurons, each for all tiles; for the rest they form teams, one to a
     * tile.
     *
     * @param packed 1 if weights are read from words, see {@link Bfloat16#weight}
     * @param tiles tiles to a group: 1, 2 or 4
     * @param localFloats floats of local memory for the rates of a layer
     */
    public static void simulate(
            KernelContext c,
            IntArray p,
            FloatArray k,
            FloatArray m,
            IntArray w,
            int packed,
            int tiles,
            int localFloats) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int powers = base + p.get(base + POWERS);
        int lane = c.localIdx;
        int width = c.localGroupSizeX;
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int span = outputs * TILE;
        // The last group may lack tiles: it computes an existing one in place of such a tile, and
        // does not store the result.
        int tile0 = c.groupIdx * tiles;
        int last = p.get(base + TILES) - 1;
        int tile1 = TornadoMath.min(tile0 + 1, last);
        int tile2 = TornadoMath.min(tile0 + 2, last);
        int tile3 = TornadoMath.min(tile0 + 3, last);
        int active0 = isActive(p, base, m, tile0);
        int active1 = tiles > 1 ? isActive(p, base, m, tile0 + 1) : 0;
        int active2 = tiles > 2 ? isActive(p, base, m, tile0 + 2) : 0;
        int active3 = tiles > 2 ? isActive(p, base, m, tile0 + 3) : 0;
        int tilesHere = TornadoMath.min(tiles, last + 1 - tile0);
        int from = p.get(base + FIRST_STEP);
        int end = active0 + active1 + active2 + active3 > 0 ? p.get(base + END_STEP) : from;
        int team = width / tiles;
        int tile = tile0 + lane / team;
        int teamLane = isActive(p, base, m, tile) == 1 ? lane - lane / team * team : NO_LANE;
        int own = tile * span;
        int first = tile * TILE;
        int u = p.get(base + CONTROL) + own;
        int before = p.get(base + PREVIOUS_CONTROL) + own;
        int integral = p.get(base + INTEGRAL) + own;
        int error = p.get(base + ERROR) + own;
        float somaticRate = k.get(base + SOMATIC_RATE);
        float apicalRate = k.get(base + APICAL_RATE);
        float dt = k.get(base + TIME_STEP);
        float alpha = k.get(base + LEAKAGE_RATE);
        float gain = k.get(base + PROPORTIONAL_GAIN);
        int applied =
                p.get(base + PROACTIVE) == 1
                        ? p.get(base + CONTROL)
                        : p.get(base + PREVIOUS_CONTROL);
        float[] localRates = c.allocateFloatLocalArray(localFloats);
        for (int step = from; step < end; step++) {
            for (int j = teamLane; j < span; j += team) {
                float e = m.get(error + j);
                float old = m.get(u + j);
                float sum = m.get(integral + j);
                float leaking = p.get(base + LEAK_TOTAL) == 1 ? old : sum;
                sum += dt * (e - alpha * leaking);
                m.set(before + j, old);
                m.set(integral + j, sum);
                m.set(u + j, sum + gain * e);
                if (p.get(base + HIGH_PASSES) == 1) {
                    LoopFunctions.highPass(p, base, k, m, own + j, step, sum + gain * e);
                }
            }
            c.globalBarrier();
            for (int l = 0; l < depth; l++) {
                // Downwards, every layer still finds the old rates of the layer below.
                int i = p.get(base + INSTANT_TRANSMISSION) == 1 ? l : depth - 1 - l;
                int layer = LAYERS + i * LAYER_RECORD;
                int n = p.get(base + layer + SIZE);
                int at = p.get(base + layer + OFFSET);
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
                int rowStep = p.get(base + layer + WEIGHT_STEP);
                int rates =
                        i == 0
                                ? 0
                                : p.get(base + RATE_DEVIATION)
                                        + p.get(base + layer - LAYER_RECORD + OFFSET);
                // What all work-items read goes to local memory, if it has localFloats there.
                int fitting = below * tiles * TILE <= localFloats ? below : 0;
                for (int e = lane; e < fitting * tiles * TILE; e += width) {
                    int x = e / (tiles * TILE);
                    int of = e - x * tiles * TILE;
                    int there = TornadoMath.min(tile0 + of / TILE, last);
                    localRates[e] = m.get(rates + (there * below + x) * TILE + of % TILE);
                }
                c.localBarrier();
                int feedback = p.get(base + layer + FEEDBACK_READ + packed * PACKED);
                int feedbackRow = p.get(base + layer + FEEDBACK_ROW + packed * PACKED);
                int feedbackStep = p.get(base + layer + FEEDBACK_STEP);
                for (int j = lane; j < n; j += width) {
                    // First the product with the rates below, then with the control; the input of
                    // the
                    // first layer is constant.
                    for (int part = i == 0 ? 1 : 0; part < 2; part++) {
                        int count = part == 0 ? below : outputs;
                        int staged = part == 0 ? fitting : 0;
                        int inputs = part == 0 ? rates : applied;
                        int start = part == 0 ? weights + j * row : feedback + j * feedbackRow;
                        int apart = part == 0 ? rowStep : feedbackStep;
                        int sums =
                                at + (part == 0 ? p.get(base + BASAL) : p.get(base + POSTSYNAPTIC));
                        // A variable to a sample, written out for each width: no method returns
                        // that many.
                        if (tiles == 4) {
                            float a0 = 0f;
                            float a1 = 0f;
                            float a2 = 0f;
                            float a3 = 0f;
                            float a4 = 0f;
                            float a5 = 0f;
                            float a6 = 0f;
                            float a7 = 0f;
                            float a8 = 0f;
                            float a9 = 0f;
                            float a10 = 0f;
                            float a11 = 0f;
                            float a12 = 0f;
                            float a13 = 0f;
                            float a14 = 0f;
                            float a15 = 0f;
                            for (int x = 0; x < staged; x++) {
                                float wx = weight(m, w, k, powers, start, x, apart, packed);
                                int in = x * 4 * TILE;
                                a0 += wx * localRates[in];
                                a1 += wx * localRates[in + 1];
                                a2 += wx * localRates[in + 2];
                                a3 += wx * localRates[in + 3];
                                a4 += wx * localRates[in + 4];
                                a5 += wx * localRates[in + 5];
                                a6 += wx * localRates[in + 6];
                                a7 += wx * localRates[in + 7];
                                a8 += wx * localRates[in + 8];
                                a9 += wx * localRates[in + 9];
                                a10 += wx * localRates[in + 10];
                                a11 += wx * localRates[in + 11];
                                a12 += wx * localRates[in + 12];
                                a13 += wx * localRates[in + 13];
                                a14 += wx * localRates[in + 14];
                                a15 += wx * localRates[in + 15];
                            }
                            for (int x = staged; x < count; x++) {
                                float wx = weight(m, w, k, powers, start, x, apart, packed);
                                int in0 = inputs + (tile0 * count + x) * TILE;
                                int in1 = inputs + (tile1 * count + x) * TILE;
                                int in2 = inputs + (tile2 * count + x) * TILE;
                                int in3 = inputs + (tile3 * count + x) * TILE;
                                a0 += wx * m.get(in0);
                                a1 += wx * m.get(in0 + 1);
                                a2 += wx * m.get(in0 + 2);
                                a3 += wx * m.get(in0 + 3);
                                a4 += wx * m.get(in1);
                                a5 += wx * m.get(in1 + 1);
                                a6 += wx * m.get(in1 + 2);
                                a7 += wx * m.get(in1 + 3);
                                a8 += wx * m.get(in2);
                                a9 += wx * m.get(in2 + 1);
                                a10 += wx * m.get(in2 + 2);
                                a11 += wx * m.get(in2 + 3);
                                a12 += wx * m.get(in3);
                                a13 += wx * m.get(in3 + 1);
                                a14 += wx * m.get(in3 + 2);
                                a15 += wx * m.get(in3 + 3);
                            }
                            store(m, sums + (tile0 * n + j) * TILE, active0, a0, a1, a2, a3);
                            store(m, sums + (tile1 * n + j) * TILE, active1, a4, a5, a6, a7);
                            store(m, sums + (tile2 * n + j) * TILE, active2, a8, a9, a10, a11);
                            store(m, sums + (tile3 * n + j) * TILE, active3, a12, a13, a14, a15);
                        } else if (tiles == 2) {
                            float a0 = 0f;
                            float a1 = 0f;
                            float a2 = 0f;
                            float a3 = 0f;
                            float a4 = 0f;
                            float a5 = 0f;
                            float a6 = 0f;
                            float a7 = 0f;
                            for (int x = 0; x < staged; x++) {
                                float wx = weight(m, w, k, powers, start, x, apart, packed);
                                int in = x * 2 * TILE;
                                a0 += wx * localRates[in];
                                a1 += wx * localRates[in + 1];
                                a2 += wx * localRates[in + 2];
                                a3 += wx * localRates[in + 3];
                                a4 += wx * localRates[in + 4];
                                a5 += wx * localRates[in + 5];
                                a6 += wx * localRates[in + 6];
                                a7 += wx * localRates[in + 7];
                            }
                            for (int x = staged; x < count; x++) {
                                float wx = weight(m, w, k, powers, start, x, apart, packed);
                                int in0 = inputs + (tile0 * count + x) * TILE;
                                int in1 = inputs + (tile1 * count + x) * TILE;
                                a0 += wx * m.get(in0);
                                a1 += wx * m.get(in0 + 1);
                                a2 += wx * m.get(in0 + 2);
                                a3 += wx * m.get(in0 + 3);
                                a4 += wx * m.get(in1);
                                a5 += wx * m.get(in1 + 1);
                                a6 += wx * m.get(in1 + 2);
                                a7 += wx * m.get(in1 + 3);
                            }
                            store(m, sums + (tile0 * n + j) * TILE, active0, a0, a1, a2, a3);
                            store(m, sums + (tile1 * n + j) * TILE, active1, a4, a5, a6, a7);
                        } else {
                            float a0 = 0f;
                            float a1 = 0f;
                            float a2 = 0f;
                            float a3 = 0f;
                            for (int x = 0; x < staged; x++) {
                                float wx = weight(m, w, k, powers, start, x, apart, packed);
                                int in = x * TILE;
                                a0 += wx * localRates[in];
                                a1 += wx * localRates[in + 1];
                                a2 += wx * localRates[in + 2];
                                a3 += wx * localRates[in + 3];
                            }
                            for (int x = staged; x < count; x++) {
                                float wx = weight(m, w, k, powers, start, x, apart, packed);
                                int in0 = inputs + (tile0 * count + x) * TILE;
                                a0 += wx * m.get(in0);
                                a1 += wx * m.get(in0 + 1);
                                a2 += wx * m.get(in0 + 2);
                                a3 += wx * m.get(in0 + 3);
                            }
                            store(m, sums + (tile0 * n + j) * TILE, active0, a0, a1, a2, a3);
                        }
                    }
                    for (int q = 0; q < tilesHere; q++) {
                        int cell = at + ((tile0 + q) * n + j) * TILE;
                        int apical = p.get(base + APICAL) + cell;
                        int basal = p.get(base + BASAL) + cell;
                        int drive = p.get(base + POSTSYNAPTIC) + cell;
                        int somatic = p.get(base + SOMATIC) + cell;
                        int v = p.get(base + VOLTAGE) + cell;
                        int r = p.get(base + RATE) + cell;
                        int s = p.get(base + SLOPE) + cell;
                        int out = p.get(base + RATE_DEVIATION) + cell;
                        // A bound that the compiler does not know: unrolled, this would be most of
                        // the kernel.
                        int active = isActive(p, base, m, tile0 + q);
                        if (active * p.get(base + LEARNS_FEEDBACK) == 1) {
                            LoopFunctions.correlate(p, base, m, i, j, tile0 + q);
                        }
                        int samples = active * p.get(base + TILE_SIZE);
                        for (int e = 0; e < samples; e++) {
                            float h = m.get(apical + e);
                            h += apicalRate * (m.get(drive + e) - h);
                            if (p.get(base + NOISE_KIND) != NO_NOISE) {
                                int sample = (tile0 + q) * TILE + e;
                                h +=
                                        LoopFunctions.noiseTerm(
                                                p, base, k, m, i, j, sample, step, from, cell + e);
                            }
                            m.set(apical + e, h);
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
                }
                c.globalBarrier();
            }
            LoopFunctions.controlError(p, base, k, m, tile, teamLane, team);
            c.globalBarrier();
            if (teamLane < TILE) {
                float rest = 0f;
                for (int j = 0; j < outputs; j++) {
                    float g =
                            m.get(error + j * TILE + teamLane)
                                    - k.get(base + LEAKAGE) * m.get(u + j * TILE + teamLane);
                    rest += g * g;
                }
                int sample = first + teamLane;
                float ratio = TornadoMath.sqrt(rest) / m.get(p.get(base + OUTPUT_NORM) + sample);
                m.set(p.get(base + DISTANCE_RATIO) + sample, ratio);
                if (ratio > 1f && sample < p.get(base + SAMPLES)) {
                    int points = p.get(base + DIVERGED_POINTS) + sample;
                    m.set(points, m.get(points) + 1f);
                }
            }
            int filled = (step - from) % CHUNK;
            if (p.get(base + AVERAGES) > 0) {
                // The signals of all time-averaged updates at this point, and the rates they go
                // with. Written out here: it is too long to be inlined.
                int block = p.get(base + PADDED) * p.get(base + NEURONS);
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
                    for (int j = teamLane; j < n * TILE; j += team) {
                        int cell = at + j;
                        m.set(
                                p.get(base + CHUNK_RATE) + filled * block + cell,
                                m.get(p.get(base + RATE) + cell)
                                        + m.get(p.get(base + RATE_DEVIATION) + cell));
                        int s = j - (j / TILE) * TILE;
                        float included = 1f;
                        if (p.get(base + MASKED) == 1) {
                            included = m.get(p.get(base + CONVERGED) + tile * TILE + s);
                        }
                        float basal = m.get(p.get(base + BASAL) + cell);
                        float difference = m.get(p.get(base + SOMATIC) + cell) - basal;
                        int averages = p.get(base + AVERAGES);
                        for (int q = 0; q < averages; q++) {
                            float post =
                                    Rates.postsynaptic(
                                            p.get(base + RULES + q),
                                            activation,
                                            rectifier,
                                            m.get(p.get(base + VOLTAGE) + cell),
                                            m.get(p.get(base + SLOPE) + cell),
                                            basal,
                                            difference);
                            m.set(
                                    p.get(base + CHUNK_POSTSYNAPTIC)
                                            + (q * CHUNK + filled) * block
                                            + cell,
                                    included == 0f ? 0f : post);
                        }
                    }
                }
            }
            c.globalBarrier();
            // Zero at the end of a chunk and at the last step; a product, since the code
            // generator isActive what depends on "this or that" in any case.
            int left = (CHUNK - 1 - filled) * (end - 1 - step);
            int sums = left == 0 ? p.get(base + AVERAGES) : 0;
            for (int q = 0; q < sums; q++) {
                TimeSums.first(p, base, m, q, tile, filled + 1, teamLane, team);
                for (int i = 1; i < depth; i++) {
                    TimeSums.products(p, base, m, q, i, tile, filled + 1, teamLane, team);
                    if (p.get(base + HAS_BIAS) == 1) {
                        TimeSums.biases(p, base, m, q, i, tile, filled + 1, teamLane, team);
                    }
                }
            }
        }
    }
}
