package io.dfc.tornado.runtime;

import io.dfc.api.error.BackendFailureException;
import io.dfc.tornado.kernel.CopyKernels;
import io.dfc.tornado.kernel.GradientKernels;
import io.dfc.tornado.kernel.JacobianKernels;
import io.dfc.tornado.kernel.LoopKernels;
import io.dfc.tornado.kernel.NoisyLoopKernels;
import io.dfc.tornado.kernel.OutputLoopKernels;
import io.dfc.tornado.kernel.PackKernels;
import io.dfc.tornado.kernel.PassKernels;
import io.dfc.tornado.kernel.PeakKernels;
import io.dfc.tornado.kernel.ProgramKernels;
import io.dfc.tornado.kernel.RecoveryKernels;
import io.dfc.tornado.kernel.ResponseKernels;
import io.dfc.tornado.kernel.SimulationKernels;
import io.dfc.tornado.kernel.StabilityKernels;
import io.dfc.tornado.kernel.SteadyKernels;
import io.dfc.tornado.kernel.TableLayout;

import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.common.TornadoFunctions;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compiled kernels and the block of device memory that they work on. All that depends on a plan is
 * in the tables, so the same kernels serve one engine after another, and the engines of several
 * networks at a time, each with a row of the tables.
 *
 * <p>Each kernel is a task graph of its own. The first one allocates the memory, which stays on the
 * device; the tables travel with every launch.
 */
final class CompiledKernels implements AutoCloseable {
    /** Largest number of floats that are copied without the large exchange array. */
    static final int SMALL_COPY = 4096;

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** TornadoVM does not say that plans of several threads may be run at once. */
    private static final Object LAUNCHES = new Object();

    private final int group;
    private final TilesPerGroup sizes;
    private final KernelContext context = new KernelContext();
    private final FloatArray memory;
    private final FloatArray exchange;
    private final FloatArray smallExchange;
    private final IntArray table;

    /** Packed weights; where there are none, the table in their place. */
    private final IntArray words;

    private final FloatArray constants;

    /**
     * Arrays that stay on the device. A graph passes on to the next those that it has itself, so
     * every graph has all of them.
     */
    private final Object[] resident;

    private final TornadoExecutionPlan plan;
    private final Map<Kernel, WorkerGrid2D> grids = new EnumMap<>(Kernel.class);
    private final GridScheduler schedule = new GridScheduler();
    private final CompilationProgress progress;
    private final int number = COUNT.incrementAndGet();

    /**
     * Sizes of the arrays for which kernels are compiled.
     *
     * @param group work-items in a group, a power of two
     * @param memory floats of device memory
     * @param exchange floats that each share copies at a time
     * @param row entries of each table to a share
     * @param shares networks side by side
     * @param words words of packed weights; 0 if kernels read weights from memory
     */
    record Capacity(int group, int memory, int exchange, int row, int shares, int words) {
        /** Whether kernels read packed weights. */
        boolean packs() {
            return words > 0;
        }

        /** Whether the arrays are large enough for a demand of the same kind. */
        boolean covers(Capacity needed) {
            return group == needed.group
                    && memory >= needed.memory
                    && exchange >= needed.exchange
                    && row >= needed.row
                    && shares == needed.shares
                    && packs() == needed.packs()
                    && words >= needed.words;
        }
    }

    final Capacity capacity;

    /**
     * Compiles nothing yet; TornadoVM does at the first launch of each kernel.
     *
     * @param device the device
     * @param capacity sizes of the arrays
     */
    CompiledKernels(TornadoDevice device, Capacity capacity) {
        this.capacity = capacity;
        this.group = capacity.group();
        sizes = TilesPerGroup.on(device, 1);
        progress =
                new CompilationProgress(
                        device.getPhysicalDevice().getDeviceName(),
                        System.getLogger("io.dfc.tornado"),
                        System::nanoTime);
        memory = new FloatArray(capacity.memory());
        exchange = new FloatArray(capacity.shares() * capacity.exchange());
        smallExchange = new FloatArray(capacity.shares() * SMALL_COPY);
        table = new IntArray(capacity.shares() * capacity.row());
        words = capacity.packs() ? new IntArray(capacity.words()) : table;
        constants = new FloatArray(capacity.shares() * capacity.row());
        resident = capacity.packs() ? new Object[] {memory, words} : new Object[] {memory};
        memory.init(0f);
        exchange.init(0f);
        smallExchange.init(0f);
        table.init(0);
        words.init(0);
        constants.init(0f);
        for (Kernel kernel : Kernel.values()) {
            WorkerGrid2D grid = new WorkerGrid2D(group, 1);
            grid.setLocalWork(group, 1, 1);
            grids.put(kernel, grid);
            schedule.addWorkerGrid(kernel.task(number), grid);
        }
        try {
            ImmutableTaskGraph[] graphs = new ImmutableTaskGraph[Kernel.values().length];
            for (Kernel kernel : Kernel.values()) {
                graphs[kernel.ordinal()] = graph(kernel).snapshot();
            }
            plan = new TornadoExecutionPlan(graphs);
            plan.withDevice(device);
        } catch (RuntimeException | TornadoInternalError e) {
            throw new BackendFailureException(
                    "backend \"tornado\": the kernels cannot be prepared: "
                            + FailureReasons.reason(e),
                    e);
        }
        // Allocates the memory; a copy of nothing.
        execute(Kernel.COPY_IN, 1, 1);
    }

    private String name(Kernel kernel) {
        return kernel.graph(number);
    }

    private TaskGraph graph(Kernel kernel) {
        return switch (kernel) {
            case COPY_IN ->
                    new TaskGraph(name(kernel))
                            .transferToDevice(DataTransferMode.FIRST_EXECUTION, resident)
                            .transferToDevice(DataTransferMode.EVERY_EXECUTION, table, exchange)
                            .task(
                                    Kernel.TASK,
                                    CopyKernels::in,
                                    context,
                                    table,
                                    exchange,
                                    memory,
                                    words)
                            .persistOnDevice(resident);
            case COPY_SMALL_IN ->
                    onMemory(kernel)
                            .transferToDevice(
                                    DataTransferMode.EVERY_EXECUTION, table, smallExchange)
                            .task(
                                    Kernel.TASK,
                                    CopyKernels::in,
                                    context,
                                    table,
                                    smallExchange,
                                    memory,
                                    words)
                            .persistOnDevice(resident);
            case COPY_OUT ->
                    onMemory(kernel)
                            .transferToDevice(DataTransferMode.EVERY_EXECUTION, table)
                            .task(Kernel.TASK, CopyKernels::out, context, table, exchange, memory)
                            .transferToHost(DataTransferMode.EVERY_EXECUTION, exchange)
                            .persistOnDevice(resident);
            case COPY_SMALL_OUT ->
                    onMemory(kernel)
                            .transferToDevice(DataTransferMode.EVERY_EXECUTION, table)
                            .task(
                                    Kernel.TASK,
                                    CopyKernels::out,
                                    context,
                                    table,
                                    smallExchange,
                                    memory)
                            .transferToHost(DataTransferMode.EVERY_EXECUTION, smallExchange)
                            .persistOnDevice(resident);
            case TRANSPOSE -> compute(kernel, GradientKernels::transpose);
            case FORWARD -> compute(kernel, PassKernels::forward);
            case LOSS -> compute(kernel, PassKernels::loss);
            case BACKWARD -> compute(kernel, PassKernels::backward);
            case SAMPLE_OPERATIONS -> compute(kernel, ProgramKernels::sampleOperations);
            case SAMPLE_SUMS -> compute(kernel, ProgramKernels::sampleSums);
            case PACK -> computeWithWeights(kernel, PackKernels::pack);
            case PERTURB -> computeWithWeights(kernel, PassKernels::perturb);
            case RESET -> compute(kernel, LoopKernels::reset);
            case OUTPUT_LOOP -> compute(kernel, OutputLoopKernels::run);
            case RECOVER -> compute(kernel, RecoveryKernels::recover);
            case PROPAGATE_DIFFERENCE -> compute(kernel, RecoveryKernels::propagateDifference);
            case NOISY_LOOP -> compute(kernel, NoisyLoopKernels::run);
            case ADD_CONTROL_PART -> compute(kernel, NoisyLoopKernels::addControlPart);
            case SIMULATE_4, SIMULATE_8, SIMULATE_16 -> simulation(kernel);
            case CONVERGENCE -> compute(kernel, LoopKernels::convergence);
            case POSTSYNAPTIC -> computeWithWeights(kernel, GradientKernels::postsynaptic);
            case PRODUCTS -> compute(kernel, GradientKernels::products);
            case REDUCE -> compute(kernel, GradientKernels::reduce);
            case NORMS -> compute(kernel, GradientKernels::norms);
            case LARGEST -> compute(kernel, GradientKernels::largest);
            case CLIP -> compute(kernel, GradientKernels::clip);
            case DECAY -> compute(kernel, GradientKernels::decay);
            case OPTIMIZE -> compute(kernel, GradientKernels::optimize);
            case JACOBIAN -> computeWithWeights(kernel, JacobianKernels::jacobian);
            case GAINS -> computeWithWeights(kernel, JacobianKernels::gains);
            case RESPOND -> compute(kernel, ResponseKernels::respond);
            case FORM_GRADIENT -> computeWithWeights(kernel, NoisyLoopKernels::formGradient);
            case SOLVE -> compute(kernel, SteadyKernels::solve);
            case ADVANCE -> compute(kernel, SteadyKernels::advance);
            case PROPAGATE_CONTROL -> computeWithWeights(kernel, SteadyKernels::propagateControl);
            case STEADY_CONVERGENCE -> compute(kernel, SteadyKernels::steadyConvergence);
            case STABILITY -> compute(kernel, StabilityKernels::stability);
            case MULTIPLY_ADD -> compute(kernel, PeakKernels::multiplyAdd);
        };
    }

    private TaskGraph onMemory(Kernel kernel) {
        return new TaskGraph(name(kernel)).consumeFromDevice(name(Kernel.COPY_IN), resident);
    }

    private TaskGraph compute(
            Kernel kernel,
            TornadoFunctions.Task4<KernelContext, IntArray, FloatArray, FloatArray> code) {
        return onMemory(kernel)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, table, constants)
                .task(Kernel.TASK, code, context, table, constants, memory)
                .persistOnDevice(resident);
    }

    /**
     * A kernel that reads the weights of loops, packed or not: TornadoVM takes the scalar as a
     * constant and leaves out the other branch.
     */
    private TaskGraph computeWithWeights(
            Kernel kernel,
            TornadoFunctions.Task6<
                            KernelContext, IntArray, FloatArray, FloatArray, IntArray, Integer>
                    code) {
        return onMemory(kernel)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, table, constants)
                .task(
                        Kernel.TASK,
                        code,
                        context,
                        table,
                        constants,
                        memory,
                        words,
                        capacity.packs() ? 1 : 0)
                .persistOnDevice(resident);
    }

    /**
     * The simulation for a number of tiles to a group, which is a constant of the compiled kernel.
     */
    private TaskGraph simulation(Kernel kernel) {
        int tiles = kernel.tilesPerGroup();
        return onMemory(kernel)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, table, constants)
                .task(
                        Kernel.TASK,
                        SimulationKernels::simulate,
                        context,
                        table,
                        constants,
                        memory,
                        words,
                        capacity.packs() ? 1 : 0,
                        tiles,
                        sizes.localFloats(tiles))
                .persistOnDevice(resident);
    }

    /** Launches a kernel for all shares that request it. */
    void launch(Kernel kernel, List<LaunchRequest> requests) {
        FloatArray exchanged = kernel.copiesSmall() ? smallExchange : exchange;
        int copyLength = kernel.copiesSmall() ? SMALL_COPY : capacity.exchange();
        int groups = 1;
        for (int r = 0; r < requests.size(); r++) {
            LaunchRequest request = requests.get(r);
            groups = Math.max(groups, request.groups());
            request.share().copyTables(table, constants, r);
            if (kernel.copiesIn()) {
                request.source().write(request.from(), request.length(), exchanged, r * copyLength);
            }
        }
        table.set(TableLayout.ROW_LENGTH, capacity.row());
        table.set(TableLayout.EXCHANGED, copyLength);
        execute(kernel, groups, requests.size());
        if (kernel.copiesOut()) {
            for (int r = 0; r < requests.size(); r++) {
                LaunchRequest request = requests.get(r);
                for (int i = 0; i < request.length(); i++) {
                    request.destination()[request.from() + i] = exchanged.get(r * copyLength + i);
                }
            }
        }
    }

    private void execute(Kernel kernel, int groups, int rows) {
        grids.get(kernel).setGlobalWork((long) groups * group, rows, 1);
        if (capacity.shares() == 1) {
            execute(kernel);
        } else {
            LaunchThread.run(() -> execute(kernel));
        }
    }

    private void execute(Kernel kernel) {
        try {
            synchronized (LAUNCHES) {
                progress.begin(kernel);
                plan.withGraph(kernel.ordinal()).withGridScheduler(schedule).execute();
                progress.end(kernel);
            }
        } catch (RuntimeException | TornadoInternalError e) {
            throw new BackendFailureException(
                    "backend \"tornado\": kernel "
                            + kernel.title()
                            + " failed on the device: "
                            + FailureReasons.reason(e),
                    e);
        }
    }

    @Override
    public void close() {
        if (capacity.shares() == 1) {
            free();
        } else {
            LaunchThread.run(this::free);
        }
    }

    private void free() {
        plan.freeDeviceMemory();
        try {
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new BackendFailureException(
                    "backend \"tornado\": memory of the device could not be freed: "
                            + FailureReasons.reason(e),
                    e);
        }
    }
}
