package io.dfc.api.reference.model;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A gradient of feedback weights: as it was formed, and bounded. */
public final class FeedbackGradient {
    private final Network network;
    private final String group;

    /** Per layer, [n_i, n_L]. */
    final double[][] formed;

    private double[][] clipped = {};

    public FeedbackGradient(Network network, String group) {
        this.network = network;
        this.group = group;
        formed = Buffers.perLayer(network, network.outputs());
    }

    /** Adds {@code factor * voltage control^T} of one sample. */
    public void addOuter(int layer, double factor, double[] voltage, double[] control) {
        Buffers.addOuter(
                formed[layer],
                factor,
                voltage,
                0,
                network.size(layer),
                control,
                0,
                network.outputs());
    }

    /** Multiplies what was added to a layer so far. */
    public void scale(int layer, double factor) {
        for (int n = 0; n < formed[layer].length; n++) {
            formed[layer][n] *= factor;
        }
    }

    /** Adds the decay of the weights that the engine holds. */
    public void decay(HomeostaticDecay decay, double[][] held) {
        double norm = 0;
        for (double[] q : held) {
            norm += Buffers.sumOfSquares(q, 0, q.length);
        }
        for (int i = 0; i < formed.length; i++) {
            Buffers.add(formed[i], decay.rate() * (norm - decay.constant()), held[i]);
        }
    }

    /** Bounds the gradient, which is complete. */
    public void clip(Clipping clipping) {
        clipped = Arrays.stream(formed).map(double[]::clone).toArray(double[][]::new);
        switch (clipping) {
            case Clipping.None none -> {}
            case Clipping.PerTensor(double max) -> clipEach(max);
            case Clipping.PerLayer(double max) -> clipEach(max);
            case Clipping.Joint(double max) -> GradientArrays.clipGroup(max, List.of(clipped));
        }
    }

    private void clipEach(double max) {
        for (double[] x : clipped) {
            GradientArrays.clipGroup(max, List.of(x));
        }
    }

    public double[][] clipped() {
        return clipped;
    }

    public double norm(int layer) {
        return Buffers.norm(clipped[layer], 0, clipped[layer].length);
    }

    public List<Tensor> unclippedTensors() {
        return tensors(formed);
    }

    public Parameters toParameters() {
        return new Parameters(Map.of(group, tensors(clipped)));
    }

    private List<Tensor> tensors(double[][] arrays) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < arrays.length; i++) {
            out.add(Tensor.of(arrays[i], network.size(i), network.outputs()));
        }
        return out;
    }
}
