package io.dfc.tornado;

import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.plan.ProgramHandle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where everything of a plan lies in device memory, and the part of the tables that says so.
 *
 * <p>Parameters, gradients and moments are the tensors of one group after the other, W_1..W_L, then
 * b_1..b_L, say, so that norms, clipping and optimisers go over tensors of one array.
 */
final class Layout {
    final Network network;
    final int depth;
    final int outputs;

    /** Samples, padded to whole tiles. */
    final int padded;

    final int tiles;

    /** Which parameters there are, and the tables of their tensors. */
    final DeviceParameters tensors;

    /** Elements of the forward parameters, and of a group of feedback weights. */
    final int forwardLength;

    final int feedbackLength;

    final int parameters;

    private final int[][] moments;
    private final GradientPlaces gradients;
    private final Map<ProgramHandle, ProgramMemory> programs = new HashMap<>();

    /**
     * Sums over the checked samples of a noisy loop, simulated and from the reduced-order loop;
     * without room where no loop is tried in output space.
     */
    final int checkedExact;

    final int checkedReduced;

    /** Norms of tensors. */
    final int norms;

    /** Whether there are transposed copies of the weights. */
    final boolean transposes;

    /** Whether loops read weights from words. */
    final boolean packs;

    private final int[] table;
    private final double[] constants;
    private long next;
    private int nextWord;

    /**
     * Lays out one network of a plan.
     *
     * @param transposes whether the loop reads copies of the weights in which neighbouring neurons
     *     are neighbours: work-items that run in step read them in one go
     * @param first where the network's part of the memory begins
     * @param firstWord where its part of the words begins
     */
    private Layout(Plan plan, boolean transposes, int first, int firstWord) {
        next = first;
        nextWord = firstWord;
        this.transposes = transposes;
        packs = plan.precision() == Precision.BFLOAT16;
        network = plan.network();
        depth = network.depth();
        outputs = network.outputs();
        padded = roundUp(plan.maxBatch(), Slots.TILE);
        tiles = padded / Slots.TILE;
        tensors = new DeviceParameters(plan, Slots.LAYERS + Slots.LAYER * (depth + 1));
        forwardLength = tensors.forward.length();
        feedbackLength = tensors.feedbackLength;
        int powers =
                Slots.LAYER_CONSTANTS + Slots.CONSTANTS * Math.max(depth, tensors.all.layers());
        constants = new double[powers + (packs ? Bfloat16.POWERS : 0)];
        for (int code = 0; powers + code < constants.length; code++) {
            constants[powers + code] = Bfloat16.power(code);
        }
        int operations = Math.max(tensors.end, constants.length);
        boolean interprets = PlanFacts.interpreted(plan).findAny().isPresent();
        table = new int[operations + (interprets ? ProgramSlots.ROOM : 0)];
        table[Slots.POWERS] = powers;
        table[Slots.OPERATIONS] = operations;
        tensors.describe(table);

        parameters = take(tensors.length);
        moments = plan.optimizers().stream().map(this::takeMoments).toArray(int[][]::new);
        long block = (long) padded * network.neurons();
        for (int slot = Slots.VOLTAGE; slot <= Slots.SIGNAL; slot++) {
            table[slot] = take(block);
        }
        table[Slots.INPUT] = take((long) padded * network.inputs());
        for (int slot = Slots.TARGET; slot <= Slots.ERROR; slot++) {
            table[slot] = take((long) padded * outputs);
        }
        for (int slot = Slots.LABEL; slot <= Slots.OUTPUT_NORM; slot++) {
            table[slot] = take(padded);
        }
        gradients = new GradientPlaces(plan, tensors, this::take);
        boolean forwardInOutputSpace =
                plan.loops().stream().anyMatch(l -> OutputSpaceRun.covers(plan, l.phase()));
        boolean feedbackInOutputSpace =
                plan.loops().stream().anyMatch(l -> OutputSpaceFeedbackRun.covers(plan, l.phase()));
        checkedExact = feedbackInOutputSpace ? take(feedbackLength) : 0;
        checkedReduced = feedbackInOutputSpace ? take(feedbackLength) : 0;
        norms = take(tensors.all.tensors());
        if (PlanFacts.correlates(plan)) {
            table[Slots.FEEDBACK_PARTIAL] = take((long) tiles * feedbackLength);
        }
        if (PlanFacts.filters(plan)) {
            table[Slots.FILTERED] = take(block);
        }
        if (PlanFacts.highPasses(plan)) {
            table[Slots.LOW_PASSED] = take((long) padded * outputs);
            table[Slots.HIGH_PASSED] = take((long) padded * outputs);
        }
        PlanFacts.interpreted(plan).forEach(this::takeProgram);
        takeAverages(plan, block);
        boolean inOutputSpace = forwardInOutputSpace || feedbackInOutputSpace;
        if (inOutputSpace || PlanFacts.searches(plan)) {
            table[Slots.JACOBIAN] = take(block * outputs);
            table[Slots.GAIN] = take((long) padded * depth * outputs * outputs);
        }
        if (inOutputSpace) {
            table[Slots.OUTPUT_LOOP] = take((long) padded * (depth + Slots.LOOP_ROWS) * outputs);
            table[Slots.REPORT] = take((long) padded * Slots.REPORT_LENGTH);
            table[Slots.DRIVEN] = take((long) tiles * outputs * outputs);
        }
        if (forwardInOutputSpace) {
            table[Slots.LINEAR_DEVIATION] = take(depth * block);
            table[Slots.MEAN_DIFFERENCE] = take(block);
            table[Slots.LAST_DIFFERENCE] = take(block);
        }
        if (PlanFacts.searches(plan)) {
            table[Slots.SYSTEM] = take((long) padded * outputs * outputs);
            table[Slots.SOLUTION] = take((long) padded * outputs);
            table[Slots.PROBE] = take((long) padded * (depth + 4) * outputs);
            table[Slots.PROBE_START] = take(outputs);
            table[Slots.PROBED] = take(4L * padded);
        }
        table[Slots.RESIDUAL] = take(padded);
        table[Slots.STATUS] = take(padded);
        table[Slots.SKIPPED] = take(tiles);
        if (PlanFacts.isNoisy(plan)) {
            table[Slots.NOISE] = take(Slots.NOISE_STEPS * block);
        }
        fillLayers(plan);
    }

    /** Layouts of some networks of a plan, one after the other. */
    static List<Layout> all(Plan plan, int count, boolean transposes) {
        List<Layout> layouts = new ArrayList<>();
        int at = 0;
        int word = 0;
        for (int r = 0; r < count; r++) {
            Layout layout = new Layout(plan, transposes, at, word);
            layouts.add(layout);
            at = layout.end();
            word = layout.endOfWords();
        }
        return layouts;
    }

    private int[] takeMoments(OptimizerHandle optimizer) {
        int length = tensors.table(optimizer.groups()).length();
        return switch (optimizer.optimization().optimizer()) {
            case Optimizer.Adam adam -> new int[] {take(length), take(length)};
            case Optimizer.Sgd(double momentum) ->
                    momentum > 0 ? new int[] {take(length)} : new int[0];
        };
    }

    private void takeProgram(ProgramHandle handle) {
        ProgramMemory memory = new ProgramMemory(handle.phase(), padded, next);
        take(memory.length());
        programs.put(handle, memory);
    }

    private void takeAverages(Plan plan, long block) {
        int averages = PlanFacts.averages(plan);
        if (averages == 0) {
            return;
        }
        int width = network.size(0);
        table[Slots.CHUNK_SIGNAL] = take((long) averages * Slots.CHUNK * block);
        table[Slots.CHUNK_RATE] = take(Slots.CHUNK * block);
        table[Slots.FIRST_SUM] = take((long) averages * padded * width);
        // The first layer's weights are left out: their input is constant.
        int length = forwardLength - width * network.inputs();
        table[Slots.PARTIAL_LENGTH] = length;
        table[Slots.PARTIAL] = take((long) averages * tiles * length);
    }

    private int take(long length) {
        long at = next;
        next += length;
        if (next > Integer.MAX_VALUE / 2) {
            throw new PlanUnsupportedException(
                    "backend \"tornado\": the plan needs more than 4 GiB on the device; use a"
                            + " smaller batch or fewer networks at once");
        }
        return (int) at;
    }

    /** Where its part of the words ends. */
    int endOfWords() {
        return nextWord;
    }

    /** Where the network's part of the memory ends. */
    int end() {
        return (int) next;
    }

    /** Room that its rows of the tables need. */
    int rowLength() {
        return Math.max(table.length, constants.length);
    }

    /** Where the arrays of a slot begin. */
    int at(int slot) {
        return table[slot];
    }

    /** Where an optimiser finds a gradient. */
    int at(GradientHandle gradient) {
        return gradients.clipped(gradient);
    }

    /** Where a phase forms its gradient of the feedback weights. */
    int unclipped(PhaseHandle phase) {
        return gradients.unclipped(phase);
    }

    /** Where a loop that is tried in output space forms a gradient, see {@link GradientPlaces}. */
    int[] forms(GradientHandle gradient) {
        return gradients.forms(gradient);
    }

    /** Where an optimiser's moments begin. */
    int[] moments(OptimizerHandle optimizer) {
        return moments[optimizer.index()];
    }

    /** Where a layer begins in a block over all layers. */
    int layerOffset(int layer) {
        return table[Slots.LAYERS + layer * Slots.LAYER + Slots.OFFSET];
    }

    /** Where the buffers of a program lie. */
    ProgramMemory memory(ProgramHandle program) {
        return programs.get(program);
    }

    /** Whether a matrix is one of the network's weights, which lie transposed beside. */
    boolean isWeights(Operation.Coefficients matrix) {
        return matrix instanceof Operation.Held
                && matrix.group() == tensors.forward.groups().getFirst();
    }

    /** Where a group of parameters lies. */
    int home(ParameterGroup group) {
        return parameters + tensors.start(group);
    }

    /** Tells the kernels which feedback weights carry the control signal. */
    void carry(DeviceShare device, ParameterGroup group) {
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
    int weightStart(int tensor) {
        return tensors.forward.start(tensor);
    }

    /** A slot of a layer's record. */
    int at(int layer, int slot) {
        return table[Slots.LAYERS + layer * Slots.LAYER + slot];
    }

    /** Writes the tables of the plan. */
    void describe(DeviceShare device) {
        for (int i = 0; i < table.length; i++) {
            device.set(i, table[i]);
        }
        for (int i = 0; i < constants.length; i++) {
            device.set(i, constants[i]);
        }
    }

    private void fillLayers(Plan plan) {
        table[Slots.DEPTH] = depth;
        table[Slots.TILE_SIZE] = Slots.TILE;
        table[Slots.OUTPUTS] = outputs;
        table[Slots.INPUTS] = network.inputs();
        table[Slots.PADDED] = padded;
        table[Slots.HAS_BIAS] = network.bias() ? 1 : 0;
        table[Slots.NEURONS] = network.neurons();
        table[Slots.CROSS_ENTROPY] = plan.loss() == Loss.CROSS_ENTROPY ? 1 : 0;
        table[Slots.FEEDBACK_LENGTH] = feedbackLength;
        int weights = parameters + tensors.feedbackStart;
        int copies = transposes ? take(tensors.allFeedbackLength) : weights;
        int words = nextWord;
        nextWord += packs ? tensors.allFeedbackLength / feedbackLength * feedbackWords() : 0;
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
            table[at + Slots.FEEDBACK] = weights + feedbackStart;
            table[at + Slots.FEEDBACK_GRADIENT] = feedbackStart;
            table[at + Slots.WEIGHTS_READ] =
                    transposes ? take((long) n * network.fanIn(i)) : table[at + Slots.WEIGHTS];
            table[at + Slots.WEIGHT_ROW] = transposes ? 1 : network.fanIn(i);
            table[at + Slots.WEIGHT_STEP] = transposes ? n : 1;
            table[at + Slots.FEEDBACK_READ] = copies + feedbackStart;
            table[at + Slots.FEEDBACK_ROW] = transposes ? 1 : outputs;
            table[at + Slots.FEEDBACK_STEP] = transposes ? n : 1;
            if (packs) {
                int packed = at + Slots.PACKED;
                // The input of the first layer is constant in the phases that read words.
                int row = i == 0 ? 0 : Bfloat16.words(network.fanIn(i));
                int feedbackRow = Bfloat16.words(outputs);
                table[packed + Slots.WEIGHTS_READ] = nextWord;
                table[packed + Slots.FEEDBACK_READ] = words;
                table[packed + Slots.WEIGHT_ROW] = transposes ? 1 : row;
                table[packed + Slots.FEEDBACK_ROW] = transposes ? 1 : feedbackRow;
                nextWord += n * row;
                words += n * feedbackRow;
            }
            offset += padded * n;
            feedbackStart += n * outputs;
            table[at + Slots.ACTIVATION] = ActivationCode.of(network.activation(i));
            constants[Slots.LAYER_CONSTANTS + i * Slots.CONSTANTS + Slots.RECTIFIER_SLOPE] =
                    ActivationCode.slope(network.activation(i));
        }
    }

    /** Words of a group of feedback weights. */
    private int feedbackWords() {
        return network.neurons() * Bfloat16.words(outputs);
    }

    static int roundUp(int n, int multiple) {
        return (n + multiple - 1) / multiple * multiple;
    }
}
