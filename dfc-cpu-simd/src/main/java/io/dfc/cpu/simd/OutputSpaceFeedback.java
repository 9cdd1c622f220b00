package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.network.Network;
import io.dfc.api.spi.OutputSpace;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * One share of a noisy feedback phase in output space; used by one thread at a time.
 *
 * <p>Everything that the noise goes through up to the controller is linear and the same for all
 * neurons of a layer, so the raw normal numbers are projected on the output and filtered there; in
 * {@code sum_k noise[k] u[k+1]^T} the filter is moved over to {@code u}. So no step touches the
 * network, and the numbers of a chunk of steps meet the rest in two matrix products.
 */
final class OutputSpaceFeedback {
    /** Steps handled at once; bounds memory. */
    private static final int CHUNK = 64;

    private final FeedbackRule.NormalController rule;
    private final Model model;
    private final Network network;
    private final Dynamics dynamics;
    private final Tile tile;
    private final OuterKernel outer;
    private final Adjoints adjoints;
    private final float[][] slopes;
    private final float[] products;
    private final OutputLoop loop;
    private final int depth;
    private final int outputs;
    private final int outputRows;
    private final int controlStride;
    private final float keep;

    /** Steps of a chunk, padded. */
    private final int steps;

    /** Per layer {@code J_i^T} of a lane, [lanes, n_i, padded n_L]. */
    private final float[][] jacobian;

    /** Raw normal numbers of a chunk, [lanes, n_i, steps]. */
    private final float[][] numbers;

    /** Noise at the start of the chunk over its factor, [lanes, n_i]. */
    private final float[][] carried;

    /** {@code J_i} times the numbers, [lanes, padded n_L, steps]. */
    private final float[][] projected;

    /** {@code J_i} times the noise, per step [depth, n_L, lanes]. */
    private final float[] seen;

    /**
     * Control after each step and what drove the apical compartments before, [lanes, steps, n_L].
     */
    private final float[] controls;

    private final float[] applied;

    /** Control, filtered backwards in time. */
    private final float[] filtered;

    private final PackedMatrix packed;
    private final float[] scratch;
    private final float[] feedbackProducts;

    /** {@code sum vfb u^T} of the samples that are not checked, padded [n_i, n_L]. */
    final float[][] sums;

    /** The same of the samples that are. */
    final float[][] checked;

    private final Adjoints.Visitor visitor = this::takeRows;

    /** First lane and number of the samples whose Jacobians are visited. */
    private int base;

    private int samples;

    /** Whether all outputs stayed bounded. */
    boolean tame;

    OutputSpaceFeedback(FeedbackRule.NormalController rule, Model model) {
        this.rule = rule;
        this.model = model;
        this.network = model.network;
        this.dynamics = rule.dynamics();
        tile = new Tile(network, Batch.TILE);
        adjoints = new Adjoints(model);
        depth = network.depth();
        outputs = network.outputs();
        outputRows = Simd.roundUp(outputs, Simd.BLOCK);
        controlStride = Simd.stride(outputs);
        outer = new OuterKernel(outputRows);
        keep = (float) (1 - dynamics.apicalRate());
        steps = Simd.roundUp(Math.min(dynamics.steps(), CHUNK), LANES);
        products = new float[adjoints.rows * controlStride];
        loop =
                new OutputLoop(
                        (ProportionalIntegralController) rule.controller(),
                        dynamics,
                        depth,
                        outputs);
        slopes = new float[depth][];
        jacobian = new float[depth][];
        numbers = new float[depth][];
        carried = new float[depth][];
        projected = new float[depth][];
        sums = new float[depth][];
        checked = new float[depth][];
        int widest = 0;
        int width = LANES * steps;
        for (int i = 0; i < depth; i++) {
            int rows = Simd.roundUp(network.size(i), Simd.BLOCK);
            widest = Math.max(widest, rows);
            jacobian[i] = new float[Math.multiplyExact(LANES * rows, outputRows)];
            numbers[i] = new float[Math.multiplyExact(rows, width)];
            carried[i] = new float[LANES * rows];
            projected[i] = new float[outputRows * width];
            sums[i] = new float[rows * controlStride];
            checked[i] = new float[rows * controlStride];
        }
        seen = new float[steps * depth * outputs * LANES];
        controls = new float[width * outputs];
        applied = new float[width * outputs];
        filtered = new float[width * outputs];
        packed = new PackedMatrix(steps, outputs);
        scratch = new float[widest * controlStride];
        feedbackProducts = new float[2 * outputs * outputs];
    }

    void begin() {
        tame = true;
        for (int i = 0; i < depth; i++) {
            Arrays.fill(sums[i], 0f);
            Arrays.fill(checked[i], 0f);
        }
        Arrays.fill(feedbackProducts, 0f);
    }

    /** Adds a tile of the minibatch. */
    void run(int index, Batch batch, ControlError target, NoiseSource noise) {
        int first = index * Batch.TILE;
        int count = batch.tileSamples(index);
        tile.reset(batch, first, count);
        tile.evaluateError(target);
        for (int from = 0; from < count; from += LANES) {
            runBlock(first, from, Math.min(LANES, count - from), batch, noise);
        }
    }

    /** Adds what the feedback weights carry; once, after the last tile. */
    void finish() {
        for (int i = 0; i < depth; i++) {
            addFeedback(i, checked[i], 0);
            addFeedback(i, sums[i], outputs * outputs);
        }
    }

    private void runBlock(int first, int from, int count, Batch batch, NoiseSource noise) {
        formGains(batch, first, from, count);
        for (int lane = 0; lane < LANES; lane++) {
            for (int j = 0; j < outputs; j++) {
                loop.distance[j * LANES + lane] =
                        lane < count ? (float) tile.error[(from + lane) * outputs + j] : 0f;
            }
        }
        loop.reset();
        loop.evaluate(false);
        for (float[] x : carried) {
            Arrays.fill(x, 0f);
        }
        Arrays.fill(seen, 0f);
        int end = dynamics.steps();
        for (int start = 0; start < end; start += CHUNK) {
            int length = Math.min(CHUNK, end - start);
            project(first + from, count, start, length, noise);
            simulate(length);
            gather(first + from, count, length, start + length < end);
        }
        for (int lane = 0; lane < count; lane++) {
            double bound = tile.feedforwardNorm(from + lane);
            tame &= loop.largestOutput[lane] <= bound * bound;
        }
    }

    private void formGains(Batch batch, int first, int from, int count) {
        for (int i = 0; i < depth; i++) {
            slopes[i] = batch.layers[i].slope;
        }
        for (int group = 0; group < count; group += adjoints.group) {
            base = group;
            samples = Math.min(adjoints.group, count - group);
            adjoints.visit(slopes, first + from + group, samples, visitor);
        }
        for (int lane = count; lane < LANES; lane++) {
            loop.clearGain(lane);
        }
    }

    private void takeRows(int i, float[] rows, int used, int width) {
        Gemm.multiply(rows, 0, width, used, model.gain[i], products, 0, controlStride);
        for (int s = 0; s < samples; s++) {
            int at = s * outputs;
            loop.setGain(i, base + s, products, at * controlStride, controlStride);
            transpose(i, base + s, rows, at * width, width);
        }
    }

    private void transpose(int i, int lane, float[] rows, int at, int width) {
        int size = network.size(i);
        float[] out = jacobian[i];
        int to = lane * Simd.roundUp(size, Simd.BLOCK) * outputRows;
        for (int j = 0; j < outputs; j++) {
            int from = at + j * width;
            for (int n = 0; n < size; n++) {
                out[to + n * outputRows + j] = rows[from + n];
            }
        }
    }

    /** Draws the numbers of a chunk, projects them on the output and filters them there. */
    private void project(int sample, int count, int start, int length, NoiseSource noise) {
        for (int i = 0; i < depth; i++) {
            int size = network.size(i);
            int rows = Simd.roundUp(size, Simd.BLOCK);
            Arrays.fill(projected[i], 0f);
            for (int lane = 0; lane < count; lane++) {
                int at = lane * rows * steps;
                noise.fillSteps(
                        start, length, i, sample + lane, numbers[i], at, steps, tile.normals);
                outer.add(
                        jacobian[i],
                        lane * rows * outputRows,
                        outputRows,
                        numbers[i],
                        at,
                        steps,
                        size,
                        0,
                        outputRows,
                        length,
                        projected[i],
                        lane * outputRows * steps);
            }
            filter(i, count, length);
        }
    }

    private void filter(int i, int count, int length) {
        float factor = factor(i);
        int frame = depth * outputs * LANES;
        for (int j = 0; j < outputs; j++) {
            int place = (i * outputs + j) * LANES;
            for (int lane = 0; lane < count; lane++) {
                // The last frame of the chunk before holds what it ended with.
                float noise = seen[(steps - 1) * frame + place + lane];
                int from = (lane * outputRows + j) * steps;
                for (int t = 0; t < length; t++) {
                    noise = keep * noise + factor * projected[i][from + t];
                    seen[t * frame + place + lane] = noise;
                }
                seen[(steps - 1) * frame + place + lane] = noise;
            }
        }
    }

    private float factor(int i) {
        return (float)
                (rule.noise().sigma(i, depth)
                        * Math.sqrt(dynamics.timeStep())
                        / dynamics.apicalTimeConstant());
    }

    private void simulate(int length) {
        int frame = depth * outputs * LANES;
        for (int t = 0; t < length; t++) {
            keepRow(loop.lagged, applied, t);
            loop.control();
            keepRow(loop.u, controls, t);
            loop.propagate();
            loop.addNoise(seen, t * frame);
            loop.evaluate(false);
        }
    }

    private void keepRow(float[] vectors, float[] rows, int t) {
        for (int lane = 0; lane < LANES; lane++) {
            int to = (lane * steps + t) * outputs;
            for (int j = 0; j < outputs; j++) {
                rows[to + j] = vectors[j * LANES + lane];
            }
        }
    }

    /** Adds the sums of a chunk. */
    private void gather(int sample, int count, int length, boolean more) {
        for (int lane = 0; lane < count; lane++) {
            addProducts(lane, length, sample + lane < OutputSpace.CHECKED_SAMPLES);
        }
        filterBackwards(length);
        int boundary = Math.clamp(OutputSpace.CHECKED_SAMPLES - sample, 0, count);
        if (boundary > 0) {
            addStatistic(0, boundary, length, checked);
        }
        if (boundary < count) {
            addStatistic(boundary, count, length, sums);
        }
        if (more) {
            carry(count, length);
        }
    }

    private void addProducts(int lane, int length, boolean isChecked) {
        int to = isChecked ? 0 : outputs * outputs;
        for (int t = 0; t < length; t++) {
            int row = (lane * steps + t) * outputs;
            for (int j = 0; j < outputs; j++) {
                float a = applied[row + j];
                for (int k = 0; k < outputs; k++) {
                    feedbackProducts[to + j * outputs + k] += a * controls[row + k];
                }
            }
        }
    }

    /** {@code z[k] = u[k + 1] + keep z[k + 1]}: the noise of a step acts on all later controls. */
    private void filterBackwards(int length) {
        Arrays.fill(filtered, 0f);
        for (int lane = 0; lane < LANES; lane++) {
            for (int t = length - 2; t >= 0; t--) {
                int at = (lane * steps + t) * outputs;
                for (int j = 0; j < outputs; j++) {
                    filtered[at + j] =
                            controls[at + outputs + j] + keep * filtered[at + outputs + j];
                }
            }
        }
    }

    private void addStatistic(int fromLane, int toLane, int length, float[][] out) {
        for (int lane = fromLane; lane < toLane; lane++) {
            packed.packRows(filtered, lane * steps * outputs, length);
            for (int i = 0; i < depth; i++) {
                addStatistic(i, lane, out[i]);
                addCarried(i, lane, out[i]);
            }
        }
    }

    private void addStatistic(int i, int lane, float[] sum) {
        int rows = Simd.roundUp(network.size(i), Simd.BLOCK);
        int at = lane * rows * steps;
        Gemm.multiply(numbers[i], at, steps, rows, packed, scratch, 0, controlStride);
        FloatVector factor = FloatVector.broadcast(F, factor(i));
        for (int k = 0; k < rows * controlStride; k += LANES) {
            fromArray(F, scratch, k).fma(factor, fromArray(F, sum, k)).intoArray(sum, k);
        }
    }

    /** Adds the noise from before the chunk times the controls that it acts on. */
    private void addCarried(int i, int lane, float[] sum) {
        int size = network.size(i);
        int at = lane * steps * outputs;
        float factor = factor(i);
        for (int n = 0; n < size; n++) {
            float noise = carried[i][lane * Simd.roundUp(size, Simd.BLOCK) + n];
            if (noise != 0) {
                for (int j = 0; j < outputs; j++) {
                    sum[n * controlStride + j] +=
                            factor * noise * (controls[at + j] + keep * filtered[at + j]);
                }
            }
        }
    }

    private void carry(int count, int length) {
        for (int i = 0; i < depth; i++) {
            int size = network.size(i);
            for (int lane = 0; lane < count; lane++) {
                for (int n = 0; n < size; n++) {
                    int at = lane * Simd.roundUp(size, Simd.BLOCK) + n;
                    float noise = carried[i][at];
                    int from = (lane * Simd.roundUp(size, Simd.BLOCK) + n) * steps;
                    for (int t = 0; t < length; t++) {
                        noise = keep * noise + numbers[i][from + t];
                    }
                    carried[i][at] = noise;
                }
            }
        }
    }

    /** Adds {@code Q_i sum a u^T}. */
    private void addFeedback(int i, float[] sum, int from) {
        float[] q = model.q[i];
        for (int n = 0; n < network.size(i); n++) {
            for (int j = 0; j < outputs; j++) {
                float x = q[n * outputs + j];
                for (int k = 0; k < outputs; k++) {
                    sum[n * controlStride + k] += x * feedbackProducts[from + j * outputs + k];
                }
            }
        }
    }
}
