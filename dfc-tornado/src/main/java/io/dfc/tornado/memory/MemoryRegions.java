package io.dfc.tornado.memory;

import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Network;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.tornado.kernel.ResponseKernels;
import io.dfc.tornado.kernel.TableLayout;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The regions of device memory that one network of a plan needs, in their order, and their lengths
 * in floats. Nothing is allocated for them here, so that a plan which no device could hold can be
 * refused.
 */
public final class MemoryRegions {
    /** Largest number of floats that kernels address, 4 GiB. */
    public static final int MAX_FLOATS = Integer.MAX_VALUE / 2;

    /**
     * Largest number of requests of norms to a gradient: of the gradient and, in output space, of
     * two differences from it.
     */
    public static final int NORMS_PER_GRADIENT = 3;

    /** A length beyond all devices, small enough for sums of many. */
    private static final long TOO_LONG = 1L << 40;

    private final Map<Region, Long> lengths = new LinkedHashMap<>();
    private final PlanRequirements requirements;
    private final Plan plan;
    private final Network network;
    private final long padded;
    private final long outputs;
    private final long block;
    private final long forwardLength;
    private final long feedbackLength;

    /**
     * The regions of a plan.
     *
     * @param transposes whether the device reads transposed copies of the weights
     */
    public MemoryRegions(PlanRequirements requirements, boolean transposes) {
        this.requirements = requirements;
        plan = requirements.plan();
        network = plan.network();
        outputs = network.outputs();
        padded = product(Math.ceilDiv((long) plan.maxBatch(), TableLayout.TILE), TableLayout.TILE);
        block = product(padded, network.neurons());
        forwardLength = elements(requirements.forwardGroups());
        feedbackLength = product(network.neurons(), outputs);
        addParameters();
        addStates();
        plan.phases().forEach(this::addGradients);
        boolean reducedFeedback =
                plan.loops().stream().anyMatch(l -> ReducedOrder.coversFeedback(plan, l.phase()));
        if (reducedFeedback) {
            add(new Region.CheckedSums(true), feedbackLength);
            add(new Region.CheckedSums(false), feedbackLength);
        }
        add(new Region.Norms(), Math.max(requirements.tensorsOnDevice(), normsOfPhase()));
        addLoops();
        requirements
                .interpreted()
                .forEach(
                        program ->
                                add(
                                        new Region.ProgramBuffers(program),
                                        new ProgramMemory(program.phase(), padded, 0).length()));
        addAverages();
        addSolvers(reducedFeedback);
        if (transposes) {
            add(new Region.FeedbackCopies(), allFeedback());
            for (int i = 0; i < network.depth(); i++) {
                add(new Region.WeightCopy(i), product(network.size(i), network.fanIn(i)));
            }
        }
    }

    /** Largest number of norms that are formed after a phase, before they are read. */
    private long normsOfPhase() {
        return NORMS_PER_GRADIENT
                * plan.phases().stream()
                        .mapToLong(
                                phase ->
                                        phase.gradients().stream()
                                                .flatMap(g -> g.groups().stream())
                                                .mapToLong(ParameterGroup::tensors)
                                                .sum())
                        .max()
                        .orElse(0);
    }

    private void addParameters() {
        long named = elements(requirements.onDevice());
        boolean standIn = requirements.feedback().isEmpty();
        add(new Region.Parameters(), named + (standIn ? allFeedback() : 0));
        for (OptimizerHandle optimizer : plan.optimizers()) {
            int moments =
                    switch (optimizer.optimization().optimizer()) {
                        case Optimizer.Adam adam -> 2;
                        case Optimizer.Sgd(double momentum) -> momentum > 0 ? 1 : 0;
                    };
            for (int order = 0; order < moments; order++) {
                add(new Region.Moment(optimizer, order), elements(optimizer.groups()));
            }
        }
    }

    /** Elements of all groups of feedback weights; of one of zeros where no phase names any. */
    private long allFeedback() {
        return product(Math.max(1, requirements.feedback().size()), feedbackLength);
    }

    private void addStates() {
        add(TableLayout.VOLTAGE, TableLayout.POSTSYNAPTIC, block);
        add(TableLayout.INPUT, TableLayout.INPUT, product(padded, network.inputs()));
        add(TableLayout.TARGET, TableLayout.ERROR, product(padded, outputs));
        add(TableLayout.LABEL, TableLayout.OUTPUT_NORM, padded);
    }

    private void addGradients(PhaseHandle phase) {
        switch (phase) {
            case LoopHandle loop -> {
                for (GradientHandle gradient : loop.gradients()) {
                    if (loop.forwardIndex(gradient) < 0) {
                        addFeedback(gradient);
                    } else {
                        addForward(loop, gradient);
                    }
                }
            }
            case PerturbationHandle perturbation ->
                    addFeedback(perturbation.gradients().getFirst());
            case ProgramHandle program -> {
                for (GradientHandle gradient : program.gradients()) {
                    add(gradient, Region.Stage.BOUNDED, elements(gradient.groups()));
                }
            }
        }
    }

    private void addFeedback(GradientHandle gradient) {
        add(gradient, Region.Stage.UNBOUNDED, feedbackLength);
        add(gradient, Region.Stage.BOUNDED, feedbackLength);
    }

    private void addForward(LoopHandle loop, GradientHandle gradient) {
        add(gradient, Region.Stage.BOUNDED, forwardLength);
        if (ReducedOrder.coversForward(plan, loop.phase())) {
            add(gradient, Region.Stage.LINEAR, forwardLength);
            add(gradient, Region.Stage.NONLINEAR, forwardLength);
        }
    }

    private void addLoops() {
        long tiles = padded / TableLayout.TILE;
        if (requirements.correlates()) {
            add(TableLayout.FEEDBACK_PARTIAL, product(tiles, feedbackLength));
        }
        if (requirements.filtersNoise()) {
            add(TableLayout.FILTERED, block);
        }
        if (requirements.highPasses()) {
            add(TableLayout.LOW_PASSED, product(padded, outputs));
            add(TableLayout.HIGH_PASSED, product(padded, outputs));
        }
    }

    private void addAverages() {
        int averages = requirements.averages();
        if (averages > 0) {
            add(TableLayout.CHUNK_POSTSYNAPTIC, product(averages, TableLayout.CHUNK, block));
            add(TableLayout.CHUNK_RATE, product(TableLayout.CHUNK, block));
            add(TableLayout.FIRST_LAYER_SUM, product(averages, padded, network.size(0)));
            add(
                    TableLayout.PARTIAL_SUM,
                    product(averages, padded / TableLayout.TILE, partialLength()));
        }
    }

    /**
     * Elements of the forward parameters without the first layer's weights, whose input is
     * constant.
     */
    long partialLength() {
        return forwardLength - product(network.size(0), network.inputs());
    }

    private void addSolvers(boolean reducedFeedback) {
        int depth = network.depth();
        boolean reducedForward =
                plan.loops().stream().anyMatch(l -> ReducedOrder.coversForward(plan, l.phase()));
        boolean reduced = reducedForward || reducedFeedback;
        boolean searches = requirements.searchesSteadyState();
        boolean expects = requirements.expects();
        if (reduced || searches || expects) {
            add(TableLayout.JACOBIAN, product(block, outputs));
            add(TableLayout.GAIN, product(padded, depth, outputs, outputs));
        }
        if (reduced) {
            add(TableLayout.OUTPUT_LOOP, product(padded, depth + TableLayout.LOOP_ROWS, outputs));
            add(TableLayout.REPORT, product(padded, TableLayout.REPORT_LENGTH));
            add(TableLayout.APPLIED_PRODUCTS, product(padded / TableLayout.TILE, outputs, outputs));
        }
        if (expects) {
            add(
                    TableLayout.RESPONSES,
                    product(padded, ResponseKernels.matrices(depth), outputs, outputs + 1));
        }
        if (reducedForward) {
            add(TableLayout.LINEAR_DEVIATION, product(depth, block));
            add(TableLayout.MEAN_DIFFERENCE, block);
            add(TableLayout.LAST_DIFFERENCE, block);
        }
        if (searches) {
            add(TableLayout.SYSTEM, product(padded, outputs, outputs));
            add(TableLayout.SOLUTION, product(padded, outputs));
            add(TableLayout.STABILITY_STATE, product(padded, depth + 4, outputs));
            add(TableLayout.STABILITY_START, outputs);
            add(TableLayout.STABILITY_MAXIMA, product(4, padded));
        }
        add(TableLayout.RESIDUAL, padded);
        add(TableLayout.STATUS, padded);
        add(TableLayout.SKIPPED, padded / TableLayout.TILE);
        if (requirements.isNoisy()) {
            add(TableLayout.NOISE, product(TableLayout.NOISE_STEPS, block));
        }
    }

    private void add(int first, int last, long length) {
        for (int position = first; position <= last; position++) {
            add(position, length);
        }
    }

    private void add(int position, long length) {
        add(new Region.TableEntry(position), length);
    }

    private void add(GradientHandle gradient, Region.Stage stage, long length) {
        add(new Region.Gradient(gradient, stage), length);
    }

    private void add(Region region, long length) {
        lengths.put(region, Math.min(length, TOO_LONG));
    }

    private static long elements(List<ParameterGroup> groups) {
        return groups.stream().mapToLong(TensorTable::elements).sum();
    }

    private static long product(long... factors) {
        long product = 1;
        for (long factor : factors) {
            long high = Math.multiplyHigh(product, factor);
            product = high == 0 ? Math.min(product * factor, TOO_LONG) : TOO_LONG;
            product = product < 0 ? TOO_LONG : product;
        }
        return product;
    }

    /** The regions in their order, with their lengths. */
    Set<Map.Entry<Region, Long>> entries() {
        return lengths.entrySet();
    }

    /** Floats of all regions. */
    public long total() {
        return lengths.values().stream().mapToLong(Long::longValue).sum();
    }
}
