package io.dfc.tornado.learn;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.network.Parameters;
import io.dfc.tornado.kernel.TableCodes;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.Region;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operations on gradients, arrays of the tensors of some groups. */
public final class GradientOperations {
    private final DeviceShare device;
    private final MemoryLayout layout;

    /** Where norms of tensors are formed. */
    private final int norms;

    public GradientOperations(DeviceShare device, MemoryLayout layout) {
        this.device = device;
        this.layout = layout;
        norms = layout.address(new Region.Norms());
    }

    /**
     * Forms an update from the current state, or adds its contribution to one.
     *
     * @param rule code of the rule, see {@link TableCodes}
     * @param presynaptic code of the presynaptic rates, see {@link TableCodes}
     */
    public void fromState(
            int rule, int presynaptic, int gradient, double factor, boolean add, int samples) {
        device.set(TableLayout.RULE, rule);
        device.set(TableLayout.PRESYNAPTIC, presynaptic);
        device.launch(Kernel.POSTSYNAPTIC, Tiles.count(samples));
        products(
                layout.at(TableLayout.POSTSYNAPTIC),
                presynaptic,
                gradient,
                factor,
                layout.depth,
                add);
    }

    /**
     * Sums products of postsynaptic factors and presynaptic rates over the samples into a gradient.
     */
    public void products(
            int postsynaptic,
            int presynaptic,
            int gradient,
            double factor,
            int endLayer,
            boolean add) {
        device.set(TableLayout.SOURCE, postsynaptic);
        device.set(TableLayout.PRESYNAPTIC, presynaptic);
        device.set(TableLayout.DESTINATION, gradient);
        device.set(TableLayout.FACTOR, factor);
        device.set(TableLayout.FIRST_LAYER, 0);
        device.set(TableLayout.END_LAYER, endLayer);
        device.set(TableLayout.ACCUMULATES, add ? 1 : 0);
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
            device.set(TableLayout.SOURCE, partials);
            device.set(TableLayout.PARTS, tiles);
            device.set(TableLayout.PART_STRIDE, apart);
            device.set(TableLayout.LENGTH, length);
            device.set(TableLayout.DESTINATION, gradient);
            device.set(TableLayout.FACTOR, factor);
            device.launch(Kernel.REDUCE, device.groups(length));
        }
    }

    /** Bounds the norm of a gradient, in place or into another array. */
    public void clip(Clipping clipping, int gradient, int to, TensorTable tensors) {
        double max = 0;
        int kind = TableCodes.UNCLIPPED;
        switch (clipping) {
            case Clipping.None none -> {
                if (gradient == to) {
                    return;
                }
            }
            case Clipping.PerTensor(double bound) -> {
                kind = TableCodes.PER_TENSOR;
                max = bound;
            }
            case Clipping.PerLayer(double bound) -> {
                kind = TableCodes.PER_LAYER;
                max = bound;
            }
            case Clipping.Joint(double bound) -> {
                kind = TableCodes.JOINT;
                max = bound;
            }
        }
        if (kind != TableCodes.UNCLIPPED) {
            norms(gradient, tensors);
        }
        select(gradient, tensors);
        device.set(TableLayout.CLIPPING, kind);
        device.set(TableLayout.MAX_NORM, max);
        device.set(TableLayout.DESTINATION, to);
        device.launch(Kernel.CLIP, tensors.tensors());
    }

    private void select(int gradient, TensorTable tensors) {
        device.set(TableLayout.SOURCE, gradient);
        device.set(TableLayout.TENSORS, tensors.tensors());
        device.set(TableLayout.TENSOR_TABLE, tensors.position);
        device.set(TableLayout.NORMS, norms);
    }

    /** Forms the sums of squares of the tensors on the device. */
    private void norms(int gradient, TensorTable tensors) {
        norms(new NormRequest(gradient, tensors), norms);
    }

    private void norms(NormRequest request, int address) {
        select(request.gradient(), request.tensors());
        device.set(TableLayout.SUBTRAHEND, request.subtrahend());
        device.set(TableLayout.NORMS, address);
        device.launch(Kernel.NORMS, request.tensors().tensors());
    }

    /**
     * Norm of each layer of some gradients of a phase, or of their differences; all are read from
     * the device in one transfer.
     *
     * @param requests what is measured; at most {@code MemoryRegions.NORMS_PER_GRADIENT} to a
     *     gradient of the phase
     * @return an array for each request, with a norm for each layer
     */
    public List<double[]> layerNorms(List<NormRequest> requests) {
        int length = 0;
        for (NormRequest request : requests) {
            norms(request, norms + length);
            length += request.tensors().tensors();
        }
        float[] squares = device.read(norms, length);
        List<double[]> all = new ArrayList<>();
        int first = 0;
        for (NormRequest request : requests) {
            TensorTable tensors = request.tensors();
            double[] layers = new double[Math.max(layout.depth, tensors.layers())];
            for (int t = 0; t < tensors.tensors(); t++) {
                layers[tensors.layer(t)] += squares[first + t];
            }
            Arrays.setAll(layers, i -> Math.sqrt(layers[i]));
            all.add(layers);
            first += tensors.tensors();
        }
        return all;
    }

    /** Largest magnitude among each layer's parameters. */
    public double[] largestParameters() {
        TensorTable all = layout.tensors.all;
        select(layout.parameters, all);
        device.launch(Kernel.LARGEST, all.tensors());
        float[] each = device.read(norms, all.tensors());
        double[] largest = new double[Math.max(layout.depth, all.layers())];
        for (int t = 0; t < each.length; t++) {
            // Math.max returns an undefined number if one is.
            largest[all.layer(t)] = Math.max(largest[all.layer(t)], each[t]);
        }
        return largest;
    }

    /** Adds the decay of feedback weights towards a fixed norm to their gradient. */
    void decay(HomeostaticDecay decay, int weights, int gradient, TensorTable tensors) {
        norms(weights, tensors);
        select(weights, tensors);
        device.set(TableLayout.DECAY_RATE, decay.rate());
        device.set(TableLayout.DECAY_CONSTANT, decay.constant());
        device.set(TableLayout.LENGTH, tensors.length());
        device.set(TableLayout.DESTINATION, gradient);
        device.launch(Kernel.DECAY, device.groups(tensors.length()));
    }

    /** A copy of a gradient. */
    public Parameters download(int gradient, TensorTable tensors) {
        return new Parameters(tensors.byGroup(device.read(gradient, tensors.length())));
    }
}
