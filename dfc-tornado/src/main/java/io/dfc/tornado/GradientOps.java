package io.dfc.tornado;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/** What is done with gradients as arrays of tensors, forward ones and those of feedback weights. */
final class GradientOps {
    /** In place of a gradient that another is held against. */
    private static final int NOTHING = -1;

    private final DeviceShare device;
    private final Layout layout;

    GradientOps(DeviceShare device, Layout layout) {
        this.device = device;
        this.layout = layout;
    }

    /**
     * Forms an update from the current state, or adds its contribution to one.
     *
     * @param rule a rule of {@link Slots}
     * @param presynaptic presynaptic rates of {@link Slots}
     */
    void fromState(
            int rule, int presynaptic, int gradient, double factor, boolean add, int samples) {
        device.set(Slots.RULE, rule);
        device.set(Slots.PRESYNAPTIC, presynaptic);
        device.launch(Kernel.SIGNALS, Tiles.count(samples));
        products(layout.at(Slots.SIGNAL), presynaptic, gradient, factor, layout.depth, add);
    }

    /** Sums products of signals and presynaptic rates over the samples into a gradient. */
    void products(
            int signals, int presynaptic, int gradient, double factor, int endLayer, boolean add) {
        device.set(Slots.SOURCE, signals);
        device.set(Slots.PRESYNAPTIC, presynaptic);
        device.set(Slots.DESTINATION, gradient);
        device.set(Slots.FACTOR, factor);
        device.set(Slots.FIRST_LAYER, 0);
        device.set(Slots.END_LAYER, endLayer);
        device.set(Slots.ACCUMULATES, add ? 1 : 0);
        device.launch(Kernel.PRODUCTS, device.groups(layout.forwardLength));
    }

    /** Adds up partial sums of the first tiles into part of a gradient. */
    void reduce(int partials, int tiles, int length, int gradient, double factor) {
        if (length > 0) {
            device.set(Slots.SOURCE, partials);
            device.set(Slots.PARTS, tiles);
            device.set(Slots.LENGTH, length);
            device.set(Slots.DESTINATION, gradient);
            device.set(Slots.FACTOR, factor);
            device.launch(Kernel.REDUCE, device.groups(length));
        }
    }

    /** Writes a gradient, bounded, to a place that may be its own. */
    void clip(Clipping clipping, int gradient, int to, boolean forward) {
        double max = 0;
        int kind = Slots.UNCLIPPED;
        switch (clipping) {
            case Clipping.None none -> {
                if (gradient == to) {
                    return;
                }
            }
            case Clipping.PerTensor(double bound) -> {
                kind = Slots.PER_TENSOR;
                max = bound;
            }
            case Clipping.PerLayer(double bound) -> {
                kind = Slots.PER_LAYER;
                max = bound;
            }
            case Clipping.Joint(double bound) -> {
                kind = Slots.JOINT;
                max = bound;
            }
        }
        if (kind != Slots.UNCLIPPED) {
            norms(gradient, forward);
        }
        select(gradient, forward);
        device.set(Slots.CLIPPING, kind);
        device.set(Slots.MAX_NORM, max);
        device.set(Slots.DESTINATION, to);
        device.launch(Kernel.CLIP, tensors(forward));
    }

    private int tensors(boolean forward) {
        return forward ? layout.forwardTensors : layout.depth;
    }

    private void select(int gradient, boolean forward) {
        device.set(Slots.SOURCE, gradient);
        device.set(Slots.TENSORS, tensors(forward));
        device.set(Slots.TENSOR_TABLE, forward ? layout.forwardTable : layout.feedbackTable);
        device.set(Slots.NORMS, layout.norms);
    }

    /** Forms the sums of squares of the tensors on the device. */
    void norms(int gradient, boolean forward) {
        norms(gradient, NOTHING, forward);
    }

    private void norms(int gradient, int other, boolean forward) {
        select(gradient, forward);
        device.set(Slots.OTHER, other);
        device.launch(Kernel.NORMS, tensors(forward));
    }

    /** Norm of each layer of a gradient. */
    double[] layerNorms(int gradient, boolean forward) {
        return layerDistances(gradient, NOTHING, forward);
    }

    /** Norm of each layer of the difference of two gradients. */
    double[] layerDistances(int gradient, int other, boolean forward) {
        norms(gradient, other, forward);
        float[] squares = device.read(layout.norms, tensors(forward));
        double[] sums = new double[layout.depth];
        for (int t = 0; t < squares.length; t++) {
            sums[t % layout.depth] += squares[t];
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.sqrt(sums[i]);
        }
        return sums;
    }

    /** Largest magnitude among each layer's parameters. */
    double[] largestParameters() {
        int tensors = layout.forwardTensors + layout.feedbackTensors;
        device.set(Slots.SOURCE, layout.parameters);
        device.set(Slots.TENSORS, tensors);
        device.set(Slots.TENSOR_TABLE, layout.allTable);
        device.set(Slots.NORMS, layout.norms);
        device.launch(Kernel.LARGEST, tensors);
        float[] each = device.read(layout.norms, tensors);
        double[] largest = new double[layout.depth];
        for (int t = 0; t < tensors; t++) {
            // Keeps an undefined number, as Math.max does.
            largest[t % layout.depth] = Math.max(largest[t % layout.depth], each[t]);
        }
        return largest;
    }

    /** Adds the decay of feedback weights towards a fixed norm to their gradient. */
    void decay(HomeostaticDecay decay, int weights, int gradient) {
        norms(weights, false);
        select(weights, false);
        device.set(Slots.DECAY_RATE, decay.rate());
        device.set(Slots.DECAY_CONSTANT, decay.constant());
        device.set(Slots.LENGTH, layout.feedbackLength);
        device.set(Slots.DESTINATION, gradient);
        device.launch(Kernel.DECAY, device.groups(layout.feedbackLength));
    }

    /** A copy of a gradient of the forward parameters. */
    Parameters download(int gradient) {
        float[] all = device.read(gradient, layout.forwardLength);
        return Parameters.of(weights(all), biases(all));
    }

    /** Weight matrices of an array of forward tensors. */
    List<Tensor> weights(float[] all) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < layout.depth; i++) {
            int n = layout.network.size(i);
            int below = layout.network.fanIn(i);
            out.add(part(all, layout.forwardStart(i), n, below));
        }
        return out;
    }

    /** Biases of an array of forward tensors. */
    List<Tensor> biases(float[] all) {
        List<Tensor> out = new ArrayList<>();
        for (int i = layout.depth; i < layout.forwardTensors; i++) {
            out.add(part(all, layout.forwardStart(i), layout.network.size(i - layout.depth)));
        }
        return out;
    }

    /** Matrices of an array of feedback tensors. */
    List<Tensor> feedback(float[] all) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < layout.depth; i++) {
            out.add(part(all, layout.feedbackStart(i), layout.network.size(i), layout.outputs));
        }
        return out;
    }

    private static Tensor part(float[] all, int from, int... shape) {
        int length = 1;
        for (int d : shape) {
            length *= d;
        }
        return Tensor.wrap(java.util.Arrays.copyOfRange(all, from, from + length), shape);
    }
}
