package io.dfc.cpu.simd.model;

import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.tensor.Tensor;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.product.LaneWeights;
import io.dfc.cpu.simd.product.PackedMatrix;
import io.dfc.cpu.simd.product.RegisterBlocks;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/** Parameters in float32, and the packed forms in which products read them. */
public final class Model {
    private static final int PANELS_PER_TASK = 4;

    public final Network network;

    public final RegisterBlocks blocks;

    /** Row-major [n_i, n_(i-1)]. */
    public final float[][] w;

    final float[][] b;

    /** Biases, padded to whole vectors. */
    final float[][] biasRows;

    /** Row-major [n_i, n_L]; of no columns without a loop. */
    public final float[][] q;

    /** Arrays of all groups of the plan, among them {@link #w}, {@link #b} and {@link #q}. */
    private final Map<ParameterGroup, float[][]> groups = new LinkedHashMap<>();

    /** Packed forms that programs read besides. */
    private final ParameterForms forms;

    private final Optional<ParameterGroup> feedbackGroup;

    /** Columns of the feedback weights: the outputs, or none. */
    private final int feedbackColumns;

    /** {@code W_i^T}: rates of the layer below to basal voltages. */
    public final PackedMatrix[] up;

    /** {@code W_i}: adjoints to the layer below. */
    public final PackedMatrix[] down;

    /** {@code Q_i^T}: control to apical voltages. */
    public final PackedMatrix[] feedback;

    /** {@code [W_i Q_i]^T}: both at once. */
    public final PackedMatrix[] drive;

    /** {@code Q_i}: adjoints to output space, for {@code J Q}. */
    public final PackedMatrix[] gain;

    /**
     * {@code W_i} and {@code Q_i} for steps with samples side by side; null where none has asked
     * for them.
     */
    private final LaneWeights[] laneWeights;

    private final LaneWeights[] laneFeedback;

    /** Tasks of about the same size that update the packed forms after a step of the weights. */
    private final List<Runnable> packings = new ArrayList<>();

    private final IntConsumer packing = this::pack;

    private long version;

    /**
     * Parameters of zero.
     *
     * @param plan names the groups
     * @param feedback the group of the feedback weights {@code Q_i}, if there is one
     */
    public Model(Plan plan, Optional<ParameterGroup> feedback, RegisterBlocks blocks) {
        this.network = plan.network();
        this.feedbackGroup = feedback;
        this.blocks = blocks;
        forms = new ParameterForms(blocks.products());
        feedbackColumns = feedback.isPresent() ? network.outputs() : 0;
        int depth = network.depth();
        w = new float[depth][];
        b = new float[network.bias() ? depth : 0][];
        biasRows = new float[depth][];
        q = new float[depth][];
        up = new PackedMatrix[depth];
        down = new PackedMatrix[depth];
        this.feedback = new PackedMatrix[depth];
        drive = new PackedMatrix[depth];
        gain = new PackedMatrix[depth];
        laneWeights = new LaneWeights[depth];
        laneFeedback = new LaneWeights[depth];
        for (int i = 0; i < depth; i++) {
            int size = network.size(i);
            int fanIn = network.fanIn(i);
            w[i] = new float[Math.multiplyExact(size, fanIn)];
            q[i] = new float[Math.multiplyExact(size, feedbackColumns)];
            if (network.bias()) {
                b[i] = new float[size];
                biasRows[i] = new float[Simd.stride(size)];
            }
            drive[i] = new PackedMatrix(blocks.products(), fanIn + feedbackColumns, size);
            up[i] = drive[i].rows(0, fanIn);
            down[i] = new PackedMatrix(blocks.products(), size, fanIn);
            this.feedback[i] = drive[i].rows(fanIn, feedbackColumns);
            gain[i] = new PackedMatrix(blocks.products(), size, feedbackColumns);
            addPackings(i);
        }
        for (ParameterGroup group : plan.groups()) {
            groups.put(group, arrays(group));
        }
    }

    private float[][] arrays(ParameterGroup group) {
        if (feedbackGroup.isPresent() && feedbackGroup.get() == group) {
            return q;
        }
        return switch (group.name()) {
            case Parameters.WEIGHTS -> w;
            case Parameters.BIASES -> b;
            default -> {
                float[][] arrays = new float[group.tensors()][];
                for (int i = 0; i < arrays.length; i++) {
                    int length = 1;
                    for (int d : group.shape(i)) {
                        length = Math.multiplyExact(length, d);
                    }
                    arrays[i] = new float[length];
                }
                yield arrays;
            }
        };
    }

    /** The arrays of some groups, group after group. */
    public float[][] arrays(List<ParameterGroup> of) {
        return of.stream().flatMap(g -> Arrays.stream(groups.get(g))).toArray(float[][]::new);
    }

    /**
     * A matrix {@code A} as a right factor, updated with its group: rows {@code x} times it are
     * {@code A x}, or {@code A^T x}.
     */
    public PackedMatrix product(ParameterGroup group, int layer, boolean transposed) {
        if (group.name().equals(Parameters.WEIGHTS) && !transposed) {
            return up[layer];
        }
        if (group.name().equals(Parameters.WEIGHTS) && layer > 0) {
            return down[layer];
        }
        return forms.product(group, layer, groups.get(group)[layer], transposed);
    }

    /** A vector that follows its group, padded as rows are. */
    public float[] row(ParameterGroup group, int layer) {
        return group.name().equals(Parameters.BIASES)
                ? biasRows[layer]
                : forms.row(group, groups.get(group)[layer]);
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

    /** {@code W_i} for samples side by side; from now on updated with the other forms. */
    public LaneWeights laneWeights(int layer) {
        if (laneWeights[layer] == null) {
            int fanIn = network.fanIn(layer);
            laneWeights[layer] = new LaneWeights(blocks.lanes(), network.size(layer), fanIn);
            laneWeights[layer].pack(w[layer]);
        }
        return laneWeights[layer];
    }

    /** The same of {@code Q_i}. */
    public LaneWeights laneFeedback(int layer) {
        if (laneFeedback[layer] == null) {
            int outputs = network.outputs();
            laneFeedback[layer] = new LaneWeights(blocks.lanes(), network.size(layer), outputs);
            laneFeedback[layer].pack(q[layer]);
        }
        return laneFeedback[layer];
    }

    public void load(Parameters parameters, Workers workers) {
        groups.forEach(
                (group, arrays) -> {
                    for (int i = 0; i < arrays.length; i++) {
                        parameters.group(group.name()).get(i).copyTo(arrays[i], 0);
                    }
                });
        weightsChanged(workers);
        feedbackChanged();
        for (ParameterGroup group : groups.keySet()) {
            forms.changed(group, workers);
        }
    }

    /** Brings the packed forms of some groups up to date. */
    public void changed(List<ParameterGroup> stepped, Workers workers) {
        boolean forward = false;
        for (int k = 0; k < stepped.size(); k++) {
            ParameterGroup group = stepped.get(k);
            forward |= group.name().equals(Parameters.WEIGHTS);
            forward |= group.name().equals(Parameters.BIASES);
            if (feedbackGroup.isPresent() && feedbackGroup.get() == group) {
                feedbackChanged();
            }
            forms.changed(group, workers);
        }
        if (forward) {
            weightsChanged(workers);
        }
    }

    /** A number that is another one after every change of forward or feedback weights. */
    public long version() {
        return version;
    }

    private void weightsChanged(Workers workers) {
        version++;
        workers.run(packings.size(), packing);
    }

    private void feedbackChanged() {
        version++;
        for (int i = 0; i < q.length; i++) {
            feedback[i].packTransposed(q[i]);
            gain[i].pack(q[i]);
            if (laneFeedback[i] != null) {
                laneFeedback[i].pack(q[i]);
            }
        }
    }

    public Parameters toParameters() {
        Map<String, List<Tensor>> tensors = new TreeMap<>();
        groups.forEach(
                (group, arrays) -> {
                    List<Tensor> list = new ArrayList<>();
                    for (int i = 0; i < arrays.length; i++) {
                        list.add(Tensor.wrap(arrays[i].clone(), group.shape(i)));
                    }
                    tensors.put(group.name(), list);
                });
        return new Parameters(tensors);
    }

    public double largest(int layer) {
        double largest = 0;
        for (float[][] arrays : groups.values()) {
            if (layer < arrays.length) {
                largest = largest(arrays[layer], largest);
            }
        }
        return largest;
    }

    private static double largest(float[] x, double start) {
        float largest = (float) start;
        for (float value : x) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
