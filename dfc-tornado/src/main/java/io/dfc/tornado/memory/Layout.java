package io.dfc.tornado.memory;

import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.tornado.kernel.ActivationCode;
import io.dfc.tornado.kernel.Bfloat16;
import io.dfc.tornado.kernel.ProgramSlots;
import io.dfc.tornado.kernel.Slots;
import io.dfc.tornado.runtime.DeviceShare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where everything of a plan lies in device memory, and the part of the tables that says so.
 *
 * <p>Parameters, gradients and moments are the tensors of one group after the other, W_1..W_L, then
 * b_1..b_L, say, so that norms, clipping and optimisers go over tensors of one array.
 */
public final class Layout {
    public final Network network;
    public final int depth;
    public final int outputs;

    /** Samples, padded to whole tiles. */
    public final int padded;

    public final int tiles;

    /** Which parameters there are, and the tables of their tensors. */
    public final DeviceParameters tensors;

    /** Elements of the forward parameters, and of a group of feedback weights. */
    public final int forwardLength;

    public final int feedbackLength;

    /** Where the parameters begin. */
    public final int parameters;

    private final Map<Region, Integer> addresses = new HashMap<>();
    private final Map<ProgramHandle, ProgramMemory> programs = new HashMap<>();

    /** Whether there are transposed copies of the weights. */
    public final boolean transposes;

    /** Whether loops read weights from words. */
    public final boolean packs;

    private final int[] table;
    private final double[] constants;
    private final int end;
    private final int endOfWords;

    /**
     * Lays out one network of a plan.
     *
     * @param transposes whether the loop reads copies of the weights in which neighbouring neurons
     *     are neighbours: work-items that run in step read them in one go
     * @param first where the network's part of the memory begins
     * @param firstWord where its part of the words begins
     */
    private Layout(PlanRequirements requirements, boolean transposes, int first, int firstWord) {
        this.transposes = transposes;
        Plan plan = requirements.plan();
        packs = plan.precision() == Precision.BFLOAT16;
        network = plan.network();
        depth = network.depth();
        outputs = network.outputs();
        MemoryRegions regions = new MemoryRegions(requirements, transposes);
        if (first + regions.total() > MemoryRegions.MAX_FLOATS) {
            throw new PlanUnsupportedException(
                    "backend \"tornado\": the plan needs more than 4 GiB on the device; use a"
                            + " smaller batch or fewer networks at once");
        }
        padded = roundUp(plan.maxBatch(), Slots.TILE);
        tiles = padded / Slots.TILE;
        tensors = new DeviceParameters(requirements, Slots.LAYERS + Slots.LAYER * (depth + 1));
        forwardLength = tensors.forward.length();
        feedbackLength = tensors.feedbackLength;
        int powers =
                Slots.LAYER_CONSTANTS + Slots.CONSTANTS * Math.max(depth, tensors.all.layers());
        constants = new double[powers + (packs ? Bfloat16.POWERS : 0)];
        for (int code = 0; powers + code < constants.length; code++) {
            constants[powers + code] = Bfloat16.power(code);
        }
        int operations = Math.max(tensors.end, constants.length);
        boolean interprets = !requirements.interpreted().isEmpty();
        table = new int[operations + (interprets ? ProgramSlots.ROOM : 0)];
        table[Slots.POWERS] = powers;
        table[Slots.OPERATIONS] = operations;
        tensors.describe(table);
        end = place(regions, first);
        parameters = address(new Region.Parameters());
        table[Slots.PARTIAL_LENGTH] = (int) regions.partialLength();
        describePlan(plan);
        describeLayers();
        endOfWords = packs ? describeWords(firstWord) : firstWord;
    }

    private int place(MemoryRegions regions, int first) {
        long next = first;
        for (Map.Entry<Region, Long> entry : regions.entries()) {
            int address = (int) next;
            addresses.put(entry.getKey(), address);
            if (entry.getKey() instanceof Region.TableEntry(int position)) {
                table[position] = address;
            }
            if (entry.getKey() instanceof Region.ProgramBuffers(ProgramHandle program)) {
                programs.put(program, new ProgramMemory(program.phase(), padded, address));
            }
            next += entry.getValue();
        }
        return (int) next;
    }

    /** Layouts of some networks of a plan, one after the other. */
    public static List<Layout> all(PlanRequirements requirements, int count, boolean transposes) {
        List<Layout> layouts = new ArrayList<>();
        int at = 0;
        int word = 0;
        for (int r = 0; r < count; r++) {
            Layout layout = new Layout(requirements, transposes, at, word);
            layouts.add(layout);
            at = layout.end;
            word = layout.endOfWords;
        }
        return layouts;
    }

    /** Where its part of the words ends. */
    public int endOfWords() {
        return endOfWords;
    }

    /** Where the network's part of the memory ends. */
    public int end() {
        return end;
    }

    /** Room that its rows of the tables need. */
    public int rowLength() {
        return Math.max(table.length, constants.length);
    }

    /** Where the arrays of a slot begin. */
    public int at(int slot) {
        return table[slot];
    }

    /** Where an optimiser finds a gradient. */
    public int at(GradientHandle gradient) {
        return at(gradient, Region.Stage.BOUNDED);
    }

    /** Where a gradient lies at a stage of its forming. */
    public int at(GradientHandle gradient, Region.Stage stage) {
        return address(new Region.Gradient(gradient, stage));
    }

    /** Where a region begins that the plan needs. */
    public int address(Region region) {
        return addresses.get(region);
    }

    /** Where an optimiser's moments begin. */
    public int[] moments(OptimizerHandle optimizer) {
        return IntStream.range(0, 2)
                .mapToObj(order -> new Region.Moment(optimizer, order))
                .filter(addresses::containsKey)
                .mapToInt(addresses::get)
                .toArray();
    }

    /** Where a layer begins in a block over all layers. */
    public int layerOffset(int layer) {
        return table[Slots.LAYERS + layer * Slots.LAYER + Slots.OFFSET];
    }

    /** Where the buffers of a program lie. */
    public ProgramMemory memory(ProgramHandle program) {
        return programs.get(program);
    }

    /** Whether a matrix is one of the network's weights, which lie transposed beside. */
    public boolean isWeights(Operation.Coefficients matrix) {
        return matrix instanceof Operation.Held
                && matrix.group() == tensors.forward.groups().getFirst();
    }

    /** Where a group of parameters lies. */
    public int address(ParameterGroup group) {
        return parameters + tensors.start(group);
    }

    /** Tells the kernels which feedback weights carry the control signal. */
    public void carry(DeviceShare device, ParameterGroup group) {
        int number = tensors.feedback.indexOf(group);
        int floats = number * feedbackLength;
        for (int i = 0; i < depth; i++) {
            int at = Slots.LAYERS + i * Slots.LAYER;
            device.set(at + Slots.FEEDBACK, table[at + Slots.FEEDBACK] + floats);
            device.set(at + Slots.FEEDBACK_READ, table[at + Slots.FEEDBACK_READ] + floats);
            int packed = at + Slots.PACKED + Slots.FEEDBACK_READ;
            device.set(packed, table[packed] + number * feedbackWords());
        }
    }

    /** Where a forward tensor begins within all of them: a layer's weights, then its biases. */
    public int weightStart(int tensor) {
        return tensors.forward.start(tensor);
    }

    /** A slot of a layer's record. */
    public int at(int layer, int slot) {
        return table[Slots.LAYERS + layer * Slots.LAYER + slot];
    }

    /** Writes the tables of the plan. */
    public void describe(DeviceShare device) {
        for (int i = 0; i < table.length; i++) {
            device.set(i, table[i]);
        }
        for (int i = 0; i < constants.length; i++) {
            device.set(i, constants[i]);
        }
    }

    private void describePlan(Plan plan) {
        table[Slots.DEPTH] = depth;
        table[Slots.TILE_SIZE] = Slots.TILE;
        table[Slots.OUTPUTS] = outputs;
        table[Slots.INPUTS] = network.inputs();
        table[Slots.PADDED] = padded;
        table[Slots.HAS_BIAS] = network.bias() ? 1 : 0;
        table[Slots.NEURONS] = network.neurons();
        table[Slots.CROSS_ENTROPY] = plan.loss() == Loss.CROSS_ENTROPY ? 1 : 0;
        table[Slots.FEEDBACK_LENGTH] = feedbackLength;
    }

    private void describeLayers() {
        int feedback = parameters + tensors.feedbackStart;
        int copies = transposes ? address(new Region.FeedbackCopies()) : feedback;
        int offset = 0;
        int feedbackStart = 0;
        for (int i = 0; i < depth; i++) {
            int at = Slots.LAYERS + i * Slots.LAYER;
            int n = network.size(i);
            table[at + Slots.SIZE] = n;
            table[at + Slots.BELOW] = network.fanIn(i);
            table[at + Slots.OFFSET] = offset;
            table[at + Slots.WEIGHTS] = parameters + weightStart(i);
            table[at + Slots.WEIGHT_GRADIENT] = weightStart(i);
            if (network.bias()) {
                table[at + Slots.BIASES] = parameters + weightStart(depth + i);
                table[at + Slots.BIAS_GRADIENT] = weightStart(depth + i);
            }
            table[at + Slots.FEEDBACK] = feedback + feedbackStart;
            table[at + Slots.FEEDBACK_GRADIENT] = feedbackStart;
            table[at + Slots.WEIGHTS_READ] =
                    transposes ? address(new Region.WeightCopy(i)) : table[at + Slots.WEIGHTS];
            table[at + Slots.WEIGHT_ROW] = transposes ? 1 : network.fanIn(i);
            table[at + Slots.WEIGHT_STEP] = transposes ? n : 1;
            table[at + Slots.FEEDBACK_READ] = copies + feedbackStart;
            table[at + Slots.FEEDBACK_ROW] = transposes ? 1 : outputs;
            table[at + Slots.FEEDBACK_STEP] = transposes ? n : 1;
            offset += padded * n;
            feedbackStart += n * outputs;
            table[at + Slots.ACTIVATION] = ActivationCode.of(network.activation(i));
            constants[Slots.LAYER_CONSTANTS + i * Slots.CONSTANTS + Slots.RECTIFIER_SLOPE] =
                    ActivationCode.slope(network.activation(i));
        }
    }

    /** Places the packed weights, from a word on; tells where they end. */
    private int describeWords(int first) {
        int feedback = first;
        int next = first + tensors.allFeedbackLength / feedbackLength * feedbackWords();
        int feedbackRow = Bfloat16.words(outputs);
        for (int i = 0; i < depth; i++) {
            int packed = Slots.LAYERS + i * Slots.LAYER + Slots.PACKED;
            int n = network.size(i);
            // The input of the first layer is constant in the phases that read words.
            int row = i == 0 ? 0 : Bfloat16.words(network.fanIn(i));
            table[packed + Slots.WEIGHTS_READ] = next;
            table[packed + Slots.FEEDBACK_READ] = feedback;
            table[packed + Slots.WEIGHT_ROW] = transposes ? 1 : row;
            table[packed + Slots.FEEDBACK_ROW] = transposes ? 1 : feedbackRow;
            next += n * row;
            feedback += n * feedbackRow;
        }
        return next;
    }

    /** Words of a group of feedback weights. */
    private int feedbackWords() {
        return network.neurons() * Bfloat16.words(outputs);
    }

    static int roundUp(int n, int multiple) {
        return (n + multiple - 1) / multiple * multiple;
    }
}
