package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.model.Adjoints;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.MatrixProduct;
import io.dfc.cpu.simd.product.PackedMatrix;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * Learning of feedback weights from the mean over all noise, in the loop linearised at the
 * feedforward pass, some samples at a time: with the Jacobians {@code J_i} of the samples, the
 * responses of the reduced-order loop give
 *
 * <pre>{@code
 * sum_k E[apical_i[k] c[k+1]^T] = J_i^T M_i^T + Q_i P
 * }</pre>
 *
 * with {@code M_i} and {@code P} of [n_L, n_L] per sample; see {@link ImpulseResponses}. Used by
 * one thread at a time.
 */
public final class ExpectedFeedback {
    /** Most rows of a product that {@link Gemm#add} sums over at once. */
    private static final int MOST_ROWS = 256;

    /** Most outputs that it is for: matrices of so many rows and columns, one to a sample. */
    public static final int MOST_OUTPUTS = 64;

    private final Model model;
    private final Network network;
    private final Adjoints adjoints;
    private final float[][] slopes;
    private final float[] products;
    private final int depth;
    private final int outputs;
    private final int stride;
    private final ImpulseResponses responses;

    /** By layer, what a normal number adds to the noise, squared. */
    private final float[] variances;

    /** The loop without noise; null where it stays at the feedforward pass. */
    private final NoiselessLoop noiseless;

    private final MatrixProduct[] grams;
    private final float[] partial;

    /** Samples whose rows of {@code J_i} one matrix holds. */
    private final int share;

    /** By layer and share, rows of {@code J_i}, one after the other sample's. */
    private final PackedMatrix[][] jacobians;

    /** {@code c_i^2 M_i} of the samples of a share side by side, [n_L, samples * n_L]. */
    private final float[] direct;

    private final int directStride;
    private final Adjoints.Visitor visitor = this::takeRows;

    /** First lane and number of the samples whose Jacobians are visited. */
    private int base;

    private int samples;

    public ExpectedFeedback(LoopPhase phase, Model model) {
        this.model = model;
        network = model.network;
        depth = network.depth();
        outputs = network.outputs();
        stride = Simd.stride(outputs);
        adjoints = new Adjoints(model);
        slopes = new float[depth][];
        products = new float[adjoints.rows * stride];
        responses = new ImpulseResponses(phase, depth, outputs);
        noiseless =
                phase.target() instanceof OutputTarget.OwnOutput
                        ? null
                        : new NoiselessLoop(
                                new OutputLoop(
                                        (ProportionalIntegralController) phase.controller(),
                                        phase.dynamics(),
                                        depth,
                                        outputs),
                                phase);
        share = Math.clamp(MOST_ROWS / outputs, 1, LANES);
        directStride = Simd.stride(share * outputs);
        direct = new float[outputs * directStride];
        partial = new float[outputs * outputs * LANES];
        variances = new float[depth];
        grams = new MatrixProduct[depth];
        jacobians = new PackedMatrix[depth][(LANES + share - 1) / share];
        ApicalNoise noise = phase.noise().orElseThrow();
        for (int i = 0; i < depth; i++) {
            double step = noise.step(i, depth, phase.dynamics());
            variances[i] = (float) (step * step);
            int size = network.size(i);
            grams[i] = new MatrixProduct(outputs, LANES, Simd.stride(size));
            for (int k = 0; k < jacobians[i].length; k++) {
                jacobians[i][k] = new PackedMatrix(model.blocks.products(), share * outputs, size);
            }
        }
    }

    /**
     * Adds some samples of the minibatch.
     *
     * @param first the first of them
     * @param count number of samples, at most as many as there are lanes
     * @param into added to
     */
    public void add(
            int first, int count, Batch batch, ControlError target, ExpectedFeedbackSums into) {
        for (int i = 0; i < depth; i++) {
            slopes[i] = batch.layers[i].slope;
        }
        for (int group = 0; group < count; group += adjoints.group) {
            base = group;
            samples = Math.min(adjoints.group, count - group);
            adjoints.visit(slopes, first + group, samples, visitor);
        }
        responses.run(count);
        if (noiseless != null) {
            noiseless.run(first, count, target, responses.throughFeedback);
        }
        for (int i = 0; i < depth; i++) {
            if (variances[i] > 0) {
                addDirect(i, count, into.transposed[i], into.strides[i]);
            }
        }
        into.addProducts(responses.throughFeedback);
    }

    private void takeRows(int i, float[] rows, int used, int width) {
        Gemm.multiply(rows, 0, width, used, model.gain[i], products, 0, stride);
        for (int s = 0; s < samples; s++) {
            int lane = base + s;
            int at = s * outputs;
            responses.setGain(i, lane, products, at * stride, stride);
            if (noiseless != null) {
                noiseless.loop.setGain(i, lane, products, at * stride, stride);
            }
            setGram(i, lane, rows, at * width);
            jacobians[i][lane / share].takeRows(
                    rows, at * width, width, outputs, lane % share * outputs);
        }
    }

    /** Forms {@code J_i J_i^T} of a sample, which is symmetric. */
    private void setGram(int i, int lane, float[] rows, int at) {
        int vectors = (network.size(i) + LANES - 1) / LANES;
        grams[i].multiplyByItself(rows, at, vectors, partial);
        float[] to = responses.grams;
        int start = responses.at(i) + lane;
        for (int j = 0; j < outputs; j++) {
            for (int k = j; k < outputs; k++) {
                int from = (j * outputs + k) * LANES;
                float sum = 0;
                for (int part = 0; part < LANES; part++) {
                    sum += partial[from + part];
                }
                float gram = variances[i] * sum;
                to[start + (j * outputs + k) * LANES] = gram;
                to[start + (k * outputs + j) * LANES] = gram;
            }
        }
    }

    /** Adds {@code (J_i^T M_i^T)^T} of all samples. */
    private void addDirect(int i, int count, float[] sum, int sumStride) {
        float[] m = responses.direct;
        for (int first = 0; first < count; first += share) {
            int of = Math.min(share, count - first);
            for (int c = 0; c < outputs; c++) {
                for (int j = 0; j < outputs; j++) {
                    int from = responses.at(i) + (c * outputs + j) * LANES + first;
                    int to = j * directStride + c;
                    for (int s = 0; s < of; s++) {
                        direct[to + s * outputs] = variances[i] * m[from + s];
                    }
                }
            }
            Gemm.add(
                    direct,
                    directStride,
                    outputs,
                    jacobians[i][first / share],
                    of * outputs,
                    sum,
                    sumStride);
        }
    }

    /** The reduced-order loop without noise, driven by the distance to a target. */
    private static final class NoiselessLoop {
        final OutputLoop loop;
        private final int steps;
        private final int outputs;

        /** Share by which the low-passed control follows; 0 without a high-pass filter. */
        private final float lowPass;

        private final float[] reached;
        private final float[] low;

        NoiselessLoop(OutputLoop loop, LoopPhase phase) {
            this.loop = loop;
            steps = phase.dynamics().steps();
            lowPass = (float) phase.feedbackPlasticity().orElseThrow().highPass().orElse(0);
            outputs = loop.u.length / LANES;
            reached = new float[loop.u.length];
            low = new float[loop.u.length];
        }

        /** Adds {@code sum_k a[k] c[k+1]^T}, a row to a component of {@code c}. */
        void run(int first, int count, ControlError target, float[] sum) {
            for (int lane = count; lane < LANES; lane++) {
                loop.clearGain(lane);
            }
            target.writeDistance(first, count, loop.distance);
            loop.reset();
            loop.evaluate(false);
            Arrays.fill(low, 0f);
            for (int step = 0; step < steps; step++) {
                System.arraycopy(loop.lagged, 0, reached, 0, reached.length);
                loop.control();
                if (lowPass > 0) {
                    // The filter begins at the first control signal.
                    passLow(step == 0 ? 1 : lowPass);
                }
                addProduct(sum);
                loop.propagate();
                loop.evaluate(false);
            }
        }

        private void passLow(float share) {
            FloatVector k = FloatVector.broadcast(F, share);
            for (int at = 0; at < low.length; at += LANES) {
                FloatVector l = fromArray(F, low, at);
                fromArray(F, loop.u, at).sub(l).fma(k, l).intoArray(low, at);
            }
        }

        private void addProduct(float[] sum) {
            for (int c = 0; c < outputs; c++) {
                int from = c * LANES;
                FloatVector signal = fromArray(F, loop.u, from).sub(fromArray(F, low, from));
                for (int j = 0; j < outputs; j++) {
                    int at = (c * outputs + j) * LANES;
                    fromArray(F, reached, j * LANES)
                            .fma(signal, fromArray(F, sum, at))
                            .intoArray(sum, at);
                }
            }
        }
    }
}
