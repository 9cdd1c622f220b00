package io.dfc.cpu.simd;

import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/** Parameters in float32, and the packed forms in which products read them. */
final class Model {
    final Network network;

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

    Model(Network network) {
        this.network = network;
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
            drive[i] = new PackedMatrix(fanIn + outputs, size);
            up[i] = drive[i].rows(0, fanIn);
            down[i] = new PackedMatrix(size, fanIn);
            feedback[i] = drive[i].rows(fanIn, outputs);
            gain[i] = new PackedMatrix(size, outputs);
        }
    }

    /** {@code W_i} for samples side by side, which from now on follows the others. */
    LaneWeights laneWeights(int layer) {
        if (laneWeights[layer] == null) {
            int fanIn = network.fanIn(layer);
            laneWeights[layer] = new LaneWeights(BlockShapes.lanes(), network.size(layer), fanIn);
            laneWeights[layer].pack(w[layer]);
        }
        return laneWeights[layer];
    }

    /** The same of {@code Q_i}. */
    LaneWeights laneFeedback(int layer) {
        if (laneFeedback[layer] == null) {
            int outputs = network.outputs();
            laneFeedback[layer] =
                    new LaneWeights(BlockShapes.lanes(), network.size(layer), outputs);
            laneFeedback[layer].pack(q[layer]);
        }
        return laneFeedback[layer];
    }

    void load(Parameters parameters) {
        parameters.requireFit(network, ElementType.F32);
        for (int i = 0; i < w.length; i++) {
            parameters.weights().get(i).copyTo(w[i], 0);
            parameters.feedback().get(i).copyTo(q[i], 0);
            if (network.bias()) {
                parameters.biases().get(i).copyTo(b[i], 0);
            }
        }
        weightsChanged();
        feedbackChanged();
    }

    void weightsChanged() {
        for (int i = 0; i < w.length; i++) {
            up[i].packTransposed(w[i]);
            if (network.bias()) {
                System.arraycopy(b[i], 0, biasRows[i], 0, b[i].length);
            }
            if (i > 0) {
                down[i].pack(w[i]);
            }
            if (laneWeights[i] != null) {
                laneWeights[i].pack(w[i]);
            }
        }
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
