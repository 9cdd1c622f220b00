package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Adjoints;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.PackedMatrix;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * Learning of feedback weights from a noisy loop in output space, some samples at a time. Used by
 * one thread at a time.
 *
 * <p>Everything that the noise goes through up to the controller is linear and the same for all
 * neurons of a layer, so the raw normal numbers are projected on the output and filtered there; in
 * {@code sum_k noise[k] u[k+1]^T} the filter is moved over to {@code u}. So no step touches the
 * network, and the numbers of a chunk of steps meet the rest in two matrix products.
 */
public final class OutputSpaceFeedback {
    /** Steps handled at once; bounds memory. */
    private static final int CHUNK = 64;

    private final Model model;
    private final Network network;
    private final Dynamics dynamics;
    private final Tile tile;
    private final Adjoints adjoints;
    private final float[][] slopes;
    private final float[] products;
    private final OutputLoop loop;
    private final int depth;
    private final int outputs;
    private final int controlStride;
    private final float keep;
    private final ProjectedNoise noise;

    /** Steps of a chunk, padded. */
    private final int steps;

    /** Control after each step, and the applied control before it, [lanes, steps, n_L]. */
    private final float[] controls;

    private final float[] applied;

    /** Control, filtered backwards in time. */
    private final float[] filtered;

    private final PackedMatrix packed;
    private final float[] scratch;

    private final Adjoints.Visitor visitor = this::takeRows;

    /** First lane and number of the samples whose Jacobians are visited. */
    private int base;

    private int samples;

    /** Sums of the checked samples, and of the others. */
    private OutputSpaceFeedbackSums checked;

    private OutputSpaceFeedbackSums unchecked;

    /** Whether all outputs stayed bounded. */
    private boolean withinBounds;

    public OutputSpaceFeedback(LoopPhase phase, Model model) {
        this.model = model;
        this.network = model.network;
        this.dynamics = phase.dynamics();
        tile = new Tile(network, Simd.roundUp(LANES, Simd.BLOCK));
        adjoints = new Adjoints(model);
        depth = network.depth();
        outputs = network.outputs();
        controlStride = Simd.stride(outputs);
        keep = (float) (1 - dynamics.apicalRate());
        steps = Simd.roundUp(Math.min(dynamics.steps(), CHUNK), LANES);
        noise = new ProjectedNoise(phase, model, steps, tile.normals);
        products = new float[adjoints.rows * controlStride];
        loop =
                new OutputLoop(
                        (ProportionalIntegralController) phase.controller(),
                        dynamics,
                        depth,
                        outputs);
        slopes = new float[depth][];
        int widest = 0;
        int width = LANES * steps;
        for (int i = 0; i < depth; i++) {
            widest = Math.max(widest, Simd.roundUp(network.size(i), Simd.BLOCK));
        }
        controls = new float[width * outputs];
        applied = new float[width * outputs];
        filtered = new float[width * outputs];
        packed = new PackedMatrix(model.blocks.products(), steps, outputs);
        scratch = new float[widest * controlStride];
    }

    /**
     * Adds some samples of the minibatch.
     *
     * @param first the first of them
     * @param count number of samples, at most as many as there are lanes
     * @param checkedInto added to by the first samples of all, which are checked
     * @param into added to by the others
     * @return whether all outputs stayed bounded
     */
    public boolean run(
            int first,
            int count,
            Batch batch,
            ControlError target,
            NoiseSource numbers,
            OutputSpaceFeedbackSums checkedInto,
            OutputSpaceFeedbackSums into) {
        checked = checkedInto;
        unchecked = into;
        tile.reset(batch, first, count);
        tile.evaluateError(target);
        withinBounds = true;
        formGains(batch, first, count);
        for (int lane = 0; lane < LANES; lane++) {
            for (int j = 0; j < outputs; j++) {
                loop.distance[j * LANES + lane] =
                        lane < count ? (float) tile.error[lane * outputs + j] : 0f;
            }
        }
        loop.reset();
        loop.evaluate(false);
        noise.clear();
        int end = dynamics.steps();
        for (int start = 0; start < end; start += CHUNK) {
            int length = Math.min(CHUNK, end - start);
            noise.draw(numbers, first, count, start, length);
            simulate(length);
            gather(first, count, length, start + length < end);
        }
        for (int lane = 0; lane < count; lane++) {
            double bound = tile.feedforwardNorm(lane);
            withinBounds &= loop.largestOutput[lane] <= bound * bound;
        }
        return withinBounds;
    }

    private void formGains(Batch batch, int first, int count) {
        for (int i = 0; i < depth; i++) {
            slopes[i] = batch.layers[i].slope;
        }
        for (int group = 0; group < count; group += adjoints.group) {
            base = group;
            samples = Math.min(adjoints.group, count - group);
            adjoints.visit(slopes, first + group, samples, visitor);
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
            noise.takeJacobian(i, base + s, rows, at * width, width);
        }
    }

    private void simulate(int length) {
        int frame = depth * outputs * LANES;
        for (int t = 0; t < length; t++) {
            storeRow(loop.lagged, applied, t);
            loop.control();
            storeRow(loop.u, controls, t);
            loop.propagate();
            loop.addNoise(noise.seen, t * frame);
            loop.evaluate(false);
        }
    }

    private void storeRow(float[] vectors, float[] rows, int t) {
        for (int lane = 0; lane < LANES; lane++) {
            int to = (lane * steps + t) * outputs;
            for (int j = 0; j < outputs; j++) {
                rows[to + j] = vectors[j * LANES + lane];
            }
        }
    }

    /** Adds the sums of a chunk. */
    private void gather(int sample, int count, int length, boolean more) {
        int boundary = Math.clamp(OutputSpace.CHECKED_SAMPLES - sample, 0, count);
        for (int lane = 0; lane < count; lane++) {
            addProducts(lane, length, (lane < boundary ? checked : unchecked).products);
        }
        filterBackwards(length);
        if (boundary > 0) {
            addStatistic(0, boundary, length, checked.sums);
        }
        if (boundary < count) {
            addStatistic(boundary, count, length, unchecked.sums);
        }
        if (more) {
            noise.carry(count, length);
        }
    }

    private void addProducts(int lane, int length, float[] out) {
        for (int t = 0; t < length; t++) {
            int row = (lane * steps + t) * outputs;
            for (int j = 0; j < outputs; j++) {
                float a = applied[row + j];
                for (int k = 0; k < outputs; k++) {
                    out[j * outputs + k] += a * controls[row + k];
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
        Gemm.multiply(noise.numbers(i), at, steps, rows, packed, scratch, 0, controlStride);
        FloatVector factor = FloatVector.broadcast(F, noise.factor(i));
        for (int k = 0; k < rows * controlStride; k += LANES) {
            fromArray(F, scratch, k).fma(factor, fromArray(F, sum, k)).intoArray(sum, k);
        }
    }

    /** Adds the noise from before the chunk times the controls that it acts on. */
    private void addCarried(int i, int lane, float[] sum) {
        int size = network.size(i);
        int at = lane * steps * outputs;
        for (int n = 0; n < size; n++) {
            float earlier = noise.carried(i, lane, n);
            if (earlier != 0) {
                for (int j = 0; j < outputs; j++) {
                    sum[n * controlStride + j] +=
                            earlier * (controls[at + j] + keep * filtered[at + j]);
                }
            }
        }
    }
}
