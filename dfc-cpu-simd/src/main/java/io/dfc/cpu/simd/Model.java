package io.dfc.cpu.simd;

import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Parameters in float32, and the packed forms in which products read them. */
final class Model {
    private static final int PANELS_PER_TASK = 4;

    final Network network;

    final RegisterBlocks blocks;

    /** Row-major [n_i, n_(i-1)]. */
    final float[][] w;

    final float[][] b;

    /** Biases, padded to whole vectors. */
    final float[][] biasRows;

    /** Row-major [n_i, n_L]. */
    final float[][] q;

    /** {@code W_i^T}: rates of the layer below to basal voltages. */
    final PackedMatrix[] up;

    /** {@code W_i}: adjoints to the layer below. */
    final PackedMatrix[] down;

    /** {@code Q_i^T}: control to apical voltages. */
    final PackedMatrix[] feedback;

    /** {@code [W_i Q_i]^T}: both at once. */
    final PackedMatrix[] drive;

    /** {@code Q_i}: adjoints to output space, for {@code J Q}. */
    final PackedMatrix[] gain;

    /**
     * {@code W_i} and {@code Q_i} for steps with samples side by side; null where none has asked
     * for them.
     */
    private final LaneWeights[] laneWeights;

    private final LaneWeights[] laneFeedback;

    /** What is to be done after a step of the weights, in pieces of about the same size. */
    private final List<Runnable> packings = new ArrayList<>();

    private final IntConsumer packing = this::pack;

    Model(Network network, RegisterBlocks blocks) {
        this.network = network;
        this.blocks = blocks;
        int depth = network.depth();
        w = new float[depth][];
        b = new float[network.bias() ? depth : 0][];
        biasRows = new float[depth][];
        q = new float[depth][];
        up = new PackedMatrix[depth];
        down = new PackedMatrix[depth];
        feedback = new PackedMatrix[depth];
        drive = new PackedMatrix[depth];
        gain = new PackedMatrix[depth];
        laneWeights = new LaneWeights[depth];
        laneFeedback = new LaneWeights[depth];
        for (int i = 0; i < depth; i++) {
            int size = network.size(i);
            int fanIn = network.fanIn(i);
            int outputs = network.outputs();
            w[i] = new float[Math.multiplyExact(size, fanIn)];
            q[i] = new float[Math.multiplyExact(size, outputs)];
            if (network.bias()) {
                b[i] = new float[size];
                biasRows[i] = new float[Simd.stride(size)];
            }
            drive[i] = new PackedMatrix(blocks.products(), fanIn + outputs, size);
            up[i] = drive[i].rows(0, fanIn);
            down[i] = new PackedMatrix(blocks.products(), size, fanIn);
            feedback[i] = drive[i].rows(fanIn, outputs);
            gain[i] = new PackedMatrix(blocks.products(), size, outputs);
            addPackings(i);
        }
    }

    private void addPackings(int layer) {
        int panels = up[layer].panels();
        for (int from = 0; from < panels; from += PANELS_PER_TASK) {
            int first = from;
            int end = Math.min(from + PANELS_PER_TASK, panels);
            packings.add(() -> up[layer].packTransposed(w[layer], first, end));
        }
        if (layer > 0) {
            packings.add(() -> down[layer].pack(w[layer]));
        }
        packings.add(() -> packOthers(layer));
    }

    private void pack(int piece) {
        packings.get(piece).run();
    }

    private void packOthers(int layer) {
        if (network.bias()) {
            System.arraycopy(b[layer], 0, biasRows[layer], 0, b[layer].length);
        }
        if (laneWeights[layer] != null) {
            laneWeights[layer].pack(w[layer]);
        }
    }

    /** {@code W_i} for samples side by side, which from now on follows the others. */
    LaneWeights laneWeights(int layer) {
        if (laneWeights[layer] == null) {
            int fanIn = network.fanIn(layer);
            laneWeights[layer] = new LaneWeights(blocks.lanes(), network.size(layer), fanIn);
            laneWeights[layer].pack(w[layer]);
        }
        return laneWeights[layer];
    }

    /** The same of {@code Q_i}. */
    LaneWeights laneFeedback(int layer) {
        if (laneFeedback[layer] == null) {
            int outputs = network.outputs();
            laneFeedback[layer] = new LaneWeights(blocks.lanes(), network.size(layer), outputs);
            laneFeedback[layer].pack(q[layer]);
        }
        return laneFeedback[layer];
    }

    void load(Parameters parameters, Workers workers) {
        parameters.requireFit(network, ElementType.F32);
        for (int i = 0; i < w.length; i++) {
            parameters.weights().get(i).copyTo(w[i], 0);
            parameters.feedback().get(i).copyTo(q[i], 0);
            if (network.bias()) {
                parameters.biases().get(i).copyTo(b[i], 0);
            }
        }
        weightsChanged(workers);
        feedbackChanged();
    }

    void weightsChanged(Workers workers) {
        workers.run(packings.size(), packing);
    }

    void feedbackChanged() {
        for (int i = 0; i < q.length; i++) {
            feedback[i].packTransposed(q[i]);
            gain[i].pack(q[i]);
            if (laneFeedback[i] != null) {
                laneFeedback[i].pack(q[i]);
            }
        }
    }

    Parameters toParameters() {
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        List<Tensor> feedbacks = new ArrayList<>();
        for (int i = 0; i < w.length; i++) {
            weights.add(Tensor.wrap(w[i].clone(), network.size(i), network.fanIn(i)));
            feedbacks.add(Tensor.wrap(q[i].clone(), network.size(i), network.outputs()));
            if (network.bias()) {
                biases.add(Tensor.wrap(b[i].clone(), network.size(i)));
            }
        }
        return new Parameters(weights, biases, feedbacks);
    }

    double largest(int layer) {
        double largest = largest(w[layer], largest(q[layer], 0));
        return network.bias() ? largest(b[layer], largest) : largest;
    }

    private static double largest(float[] x, double start) {
        float largest = (float) start;
        for (float value : x) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
