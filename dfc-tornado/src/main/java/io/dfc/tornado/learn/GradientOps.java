package io.dfc.tornado.learn;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.network.Parameters;
import io.dfc.tornado.kernel.Slots;
import io.dfc.tornado.memory.Layout;
import io.dfc.tornado.memory.Region;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

/** What is done with gradients as arrays of tensors, forward ones and those of feedback weights. */
public final class GradientOps {
    /** In place of a gradient that another is held against. */
    private static final int NOTHING = -1;

    private final DeviceShare device;
    private final Layout layout;

    /** Where norms of tensors are formed. */
    private final int norms;

    public GradientOps(DeviceShare device, Layout layout) {
        this.device = device;
        this.layout = layout;
        norms = layout.address(new Region.Norms());
    }

    /**
     * Forms an update from the current state, or adds its contribution to one.
     *
     * @param rule a rule of {@link Slots}
     * @param presynaptic presynaptic rates of {@link Slots}
     */
    public void fromState(
            int rule, int presynaptic, int gradient, double factor, boolean add, int samples) {
        device.set(Slots.RULE, rule);
        device.set(Slots.PRESYNAPTIC, presynaptic);
        device.launch(Kernel.SIGNALS, Tiles.count(samples));
        products(layout.at(Slots.SIGNAL), presynaptic, gradient, factor, layout.depth, add);
    }

    /** Sums products of signals and presynaptic rates over the samples into a gradient. */
    public void products(
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
    public void reduce(int partials, int tiles, int length, int gradient, double factor) {
        reduce(partials, tiles, length, length, gradient, factor);
    }

    /**
     * Adds up part of the partial sums of the first tiles.
     *
     * @param apart how far the partial sums are apart
     * @param length how many numbers of each are added up
     */
    public void reduce(
            int partials, int tiles, int apart, int length, int gradient, double factor) {
        if (length > 0) {
            device.set(Slots.SOURCE, partials);
            device.set(Slots.PARTS, tiles);
            device.set(Slots.PART_STRIDE, apart);
            device.set(Slots.LENGTH, length);
            device.set(Slots.DESTINATION, gradient);
            device.set(Slots.FACTOR, factor);
            device.launch(Kernel.REDUCE, device.groups(length));
        }
    }

    /** Writes a gradient, bounded, to a place that may be its own. */
    public void clip(Clipping clipping, int gradient, int to, TensorTable tensors) {
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
            norms(gradient, tensors);
        }
        select(gradient, tensors);
        device.set(Slots.CLIPPING, kind);
        device.set(Slots.MAX_NORM, max);
        device.set(Slots.DESTINATION, to);
        device.launch(Kernel.CLIP, tensors.tensors());
    }

    private void select(int gradient, TensorTable tensors) {
        device.set(Slots.SOURCE, gradient);
        device.set(Slots.TENSORS, tensors.tensors());
        device.set(Slots.TENSOR_TABLE, tensors.position);
        device.set(Slots.NORMS, norms);
    }

    /** Forms the sums of squares of the tensors on the device. */
    private void norms(int gradient, TensorTable tensors) {
        norms(gradient, NOTHING, tensors);
    }

    private void norms(int gradient, int other, TensorTable tensors) {
        select(gradient, tensors);
        device.set(Slots.OTHER, other);
        device.launch(Kernel.NORMS, tensors.tensors());
    }

    /** Norm of each layer of a gradient. */
    public double[] layerNorms(int gradient, TensorTable tensors) {
        return layerDistances(gradient, NOTHING, tensors);
    }

    /** Norm of each layer of the difference of two gradients. */
    public double[] layerDistances(int gradient, int other, TensorTable tensors) {
        norms(gradient, other, tensors);
        float[] squares = device.read(norms, tensors.tensors());
        double[] sums = new double[Math.max(layout.depth, tensors.layers())];
        for (int t = 0; t < squares.length; t++) {
            sums[tensors.layer(t)] += squares[t];
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.sqrt(sums[i]);
        }
        return sums;
    }

    /** Largest magnitude among each layer's parameters. */
    public double[] largestParameters() {
        TensorTable all = layout.tensors.all;
        select(layout.parameters, all);
        device.launch(Kernel.LARGEST, all.tensors());
        float[] each = device.read(norms, all.tensors());
        double[] largest = new double[Math.max(layout.depth, all.layers())];
        for (int t = 0; t < each.length; t++) {
            // Keeps an undefined number, as Math.max does.
            largest[all.layer(t)] = Math.max(largest[all.layer(t)], each[t]);
        }
        return largest;
    }

    /** Adds the decay of feedback weights towards a fixed norm to their gradient. */
    void decay(HomeostaticDecay decay, int weights, int gradient, TensorTable tensors) {
        norms(weights, tensors);
        select(weights, tensors);
        device.set(Slots.DECAY_RATE, decay.rate());
        device.set(Slots.DECAY_CONSTANT, decay.constant());
        device.set(Slots.LENGTH, tensors.length());
        device.set(Slots.DESTINATION, gradient);
        device.launch(Kernel.DECAY, device.groups(tensors.length()));
    }

    /** A copy of a gradient. */
    public Parameters download(int gradient, TensorTable tensors) {
        return new Parameters(tensors.byGroup(device.read(gradient, tensors.length())));
    }
}
