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
import io.dfc.tornado.kernel.OperationLayout;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.runtime.DeviceShare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The addresses of one network's regions of device memory, and the entries of the tables that tell
 * them to kernels.
 *
 * <p>Parameters, gradients and moments are the tensors of one group after the other, W_1..W_L, then
 * b_1..b_L, say, so that norms, clipping and optimisers go over tensors of one array.
 */
public final class MemoryLayout {
    public final Network network;
    public final int depth;
    public final int outputs;

    /** Samples, padded to whole tiles. */
    public final int padded;

    public final int tiles;

    /** Parameters on the device, and the tables of their tensors. */
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

    /** Whether loops read packed weights. */
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
     * @param firstWord where its packed weights begin
     */
    private MemoryLayout(
            PlanRequirements requirements, boolean transposes, int first, int firstWord) {
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
        padded = roundUp(plan.maxBatch(), TableLayout.TILE);
        tiles = padded / TableLayout.TILE;
        tensors =
                new DeviceParameters(
                        requirements, TableLayout.LAYERS + TableLayout.LAYER_RECORD * (depth + 1));
        forwardLength = tensors.forward.length();
        feedbackLength = tensors.feedbackLength;
        int powers =
                TableLayout.LAYER_CONSTANTS
                        + TableLayout.LAYER_CONSTANTS_RECORD
                                * Math.max(depth, tensors.all.layers());
        constants = new double[powers + (packs ? Bfloat16.POWERS : 0)];
        for (int code = 0; powers + code < constants.length; code++) {
            constants[powers + code] = Bfloat16.power(code);
        }
        int operations = Math.max(tensors.end, constants.length);
        boolean interprets = !requirements.interpreted().isEmpty();
        table = new int[operations + (interprets ? OperationLayout.TABLE_ENTRIES : 0)];
        table[TableLayout.POWERS] = powers;
        table[TableLayout.OPERATIONS] = operations;
        tensors.describe(table);
        end = place(regions, first);
        parameters = address(new Region.Parameters());
        table[TableLayout.PARTIAL_LENGTH] = (int) regions.partialLength();
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
    public static List<MemoryLayout> all(
            PlanRequirements requirements, int count, boolean transposes) {
        List<MemoryLayout> layouts = new ArrayList<>();
        int at = 0;
        int word = 0;
        for (int r = 0; r < count; r++) {
            MemoryLayout layout = new MemoryLayout(requirements, transposes, at, word);
            layouts.add(layout);
            at = layout.end;
            word = layout.endOfWords;
        }
        return layouts;
    }

    /** Where the network's packed weights end. */
    public int endOfWords() {
        return endOfWords;
    }

    /** Where the network's part of the memory ends. */
    public int end() {
        return end;
    }

    /** Entries of a row of the tables. */
    public int rowLength() {
        return Math.max(table.length, constants.length);
    }

    /** An entry of the table, most often an address. */
    public int at(int position) {
        return table[position];
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
        return table[TableLayout.LAYERS + layer * TableLayout.LAYER_RECORD + TableLayout.OFFSET];
    }

    /** Where the buffers of a program lie. */
    public ProgramMemory memory(ProgramHandle program) {
        return programs.get(program);
    }

    /**
     * Whether a matrix is one of the network's weights, of which there may be transposed copies.
     */
    public boolean isWeights(Operation.Coefficients matrix) {
        return matrix instanceof Operation.Held
                && matrix.group() == tensors.forward.groups().getFirst();
    }

    /** Where a group of parameters lies. */
    public int address(ParameterGroup group) {
        return parameters + tensors.start(group);
    }

    /** Selects the feedback weights that transmit the control in the next launches. */
    public void selectFeedback(DeviceShare device, ParameterGroup group) {
        int number = tensors.feedback.indexOf(group);
        int floats = number * feedbackLength;
        for (int i = 0; i < depth; i++) {
            int at = TableLayout.LAYERS + i * TableLayout.LAYER_RECORD;
            device.set(at + TableLayout.FEEDBACK, table[at + TableLayout.FEEDBACK] + floats);
            device.set(
                    at + TableLayout.FEEDBACK_READ, table[at + TableLayout.FEEDBACK_READ] + floats);
            int packed = at + TableLayout.PACKED + TableLayout.FEEDBACK_READ;
            device.set(packed, table[packed] + number * feedbackWords());
        }
    }

    /** Where a forward tensor begins within all of them: a layer's weights, then its biases. */
    public int weightStart(int tensor) {
        return tensors.forward.start(tensor);
    }

    /** An entry of a layer's record. */
    public int at(int layer, int position) {
        return table[TableLayout.LAYERS + layer * TableLayout.LAYER_RECORD + position];
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
        table[TableLayout.DEPTH] = depth;
        table[TableLayout.TILE_SIZE] = TableLayout.TILE;
        table[TableLayout.OUTPUTS] = outputs;
        table[TableLayout.INPUTS] = network.inputs();
        table[TableLayout.PADDED] = padded;
        table[TableLayout.HAS_BIAS] = network.bias() ? 1 : 0;
        table[TableLayout.NEURONS] = network.neurons();
        table[TableLayout.CROSS_ENTROPY] = plan.loss() == Loss.CROSS_ENTROPY ? 1 : 0;
        table[TableLayout.FEEDBACK_LENGTH] = feedbackLength;
    }

    private void describeLayers() {
        int feedback = parameters + tensors.feedbackStart;
        int copies = transposes ? address(new Region.FeedbackCopies()) : feedback;
        int offset = 0;
        int feedbackStart = 0;
        for (int i = 0; i < depth; i++) {
            int at = TableLayout.LAYERS + i * TableLayout.LAYER_RECORD;
            int n = network.size(i);
            table[at + TableLayout.SIZE] = n;
            table[at + TableLayout.FAN_IN] = network.fanIn(i);
            table[at + TableLayout.OFFSET] = offset;
            table[at + TableLayout.WEIGHTS] = parameters + weightStart(i);
            table[at + TableLayout.WEIGHT_GRADIENT] = weightStart(i);
            if (network.bias()) {
                table[at + TableLayout.BIASES] = parameters + weightStart(depth + i);
                table[at + TableLayout.BIAS_GRADIENT] = weightStart(depth + i);
            }
            table[at + TableLayout.FEEDBACK] = feedback + feedbackStart;
            table[at + TableLayout.FEEDBACK_GRADIENT] = feedbackStart;
            table[at + TableLayout.WEIGHTS_READ] =
                    transposes
                            ? address(new Region.WeightCopy(i))
                            : table[at + TableLayout.WEIGHTS];
            table[at + TableLayout.WEIGHT_ROW] = transposes ? 1 : network.fanIn(i);
            table[at + TableLayout.WEIGHT_STEP] = transposes ? n : 1;
            table[at + TableLayout.FEEDBACK_READ] = copies + feedbackStart;
            table[at + TableLayout.FEEDBACK_ROW] = transposes ? 1 : outputs;
            table[at + TableLayout.FEEDBACK_STEP] = transposes ? n : 1;
            offset += padded * n;
            feedbackStart += n * outputs;
            table[at + TableLayout.ACTIVATION] = ActivationCode.of(network.activation(i));
            constants[
                            TableLayout.LAYER_CONSTANTS
                                    + i * TableLayout.LAYER_CONSTANTS_RECORD
                                    + TableLayout.RECTIFIER_SLOPE] =
                    ActivationCode.slope(network.activation(i));
        }
    }

    /** Places the packed weights, from a word on; tells where they end. */
    private int describeWords(int first) {
        int feedback = first;
        int next = first + tensors.allFeedbackLength / feedbackLength * feedbackWords();
        int feedbackRow = Bfloat16.words(outputs);
        for (int i = 0; i < depth; i++) {
            int packed = TableLayout.LAYERS + i * TableLayout.LAYER_RECORD + TableLayout.PACKED;
            int n = network.size(i);
            // The input of the first layer is constant in the phases that read words.
            int row = i == 0 ? 0 : Bfloat16.words(network.fanIn(i));
            table[packed + TableLayout.WEIGHTS_READ] = next;
            table[packed + TableLayout.FEEDBACK_READ] = feedback;
            table[packed + TableLayout.WEIGHT_ROW] = transposes ? 1 : row;
            table[packed + TableLayout.FEEDBACK_ROW] = transposes ? 1 : feedbackRow;
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
