package io.dfc.cpu.simd.learn;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A gradient of feedback weights, before and after clipping. */
public final class FeedbackGradient {
    private final Network network;
    private final float[][] weights;
    private final String group;

    /** Row-major [n_i, n_L]. */
    public final float[][] formed;

    public final float[][] clipped;

    public FeedbackGradient(Model model, String group) {
        this.network = model.network;
        this.weights = model.q;
        this.group = group;
        formed = new float[network.depth()][];
        clipped = new float[network.depth()][];
        for (int i = 0; i < formed.length; i++) {
            formed[i] = new float[weights[i].length];
            clipped[i] = new float[weights[i].length];
        }
    }

    /**
     * Sets every layer to its factor times the sums of the workspaces, added in their order.
     *
     * @param workspaces padded [n_i, n_L] sums, layer by layer, of each workspace
     * @param used number of workspaces in use
     * @param factors one to each layer
     */
    public void collect(List<float[][]> workspaces, int used, float[] factors) {
        int outputs = network.outputs();
        int stride = Simd.stride(outputs);
        for (int i = 0; i < formed.length; i++) {
            float[] to = formed[i];
            float factor = factors[i];
            for (int k = 0; k < to.length; k++) {
                float sum = 0;
                for (int share = 0; share < used; share++) {
                    sum += workspaces.get(share)[i][k / outputs * stride + k % outputs];
                }
                to[k] = factor * sum;
            }
        }
    }

    /** Adds the decay of the weights, and clips the gradient, which is then complete. */
    public void finish(HomeostaticDecay decay, Clipping clipping) {
        if (decay != null) {
            addDecay(decay);
        }
        for (int i = 0; i < formed.length; i++) {
            System.arraycopy(formed[i], 0, clipped[i], 0, clipped[i].length);
        }
        switch (clipping) {
            case Clipping.None none -> {}
            case Clipping.PerTensor(double max) -> GradientArrays.clipEach(max, clipped);
            case Clipping.PerLayer(double max) -> GradientArrays.clipEach(max, clipped);
            case Clipping.Joint(double max) -> GradientArrays.clipJointly(max, clipped);
        }
    }

    private void addDecay(HomeostaticDecay decay) {
        double norm = 0;
        for (float[] q : weights) {
            norm += GradientArrays.sumOfSquares(q);
        }
        float beta = (float) (decay.rate() * (norm - decay.constant()));
        for (int i = 0; i < formed.length; i++) {
            for (int k = 0; k < formed[i].length; k++) {
                formed[i][k] += beta * weights[i][k];
            }
        }
    }

    public double norm(int layer) {
        return Math.sqrt(GradientArrays.sumOfSquares(clipped[layer]));
    }

    public Parameters toParameters() {
        return new Parameters(Map.of(group, tensors(clipped)));
    }

    public List<Tensor> unclippedTensors() {
        return tensors(formed);
    }

    private List<Tensor> tensors(float[][] arrays) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < arrays.length; i++) {
            out.add(Tensor.wrap(arrays[i].clone(), network.size(i), network.outputs()));
        }
        return out;
    }
}
