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
import io.dfc.tornado.kernel.ProbeKernels;
import io.dfc.tornado.kernel.ProgramKernels;
import io.dfc.tornado.kernel.RecoveryKernels;
import io.dfc.tornado.kernel.SimulationKernels;
import io.dfc.tornado.kernel.Slots;
import io.dfc.tornado.kernel.SteadyKernels;

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
 * The compiled kernels and the block of device memory that they work on. It knows nothing of a
 * plan: that is in the tables, so a program serves one engine after another, and the engines of
 * several networks at a time, each with a row of the tables.
 *
 * <p>Each kernel is a graph of its own; the memory is allocated by the first and stays on the
 * device, the tables travel with every launch.
 */
final class DeviceProgram implements AutoCloseable {
    /** Floats that are copied without the large array. */
    static final int FEW = 4096;

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** TornadoVM does not say that plans of several threads may be run at once. */
    private static final Object LAUNCHES = new Object();

    private final int group;
    private final TilesPerGroup sizes;
    private final KernelContext context = new KernelContext();
    private final FloatArray memory;
    private final FloatArray exchange;
    private final FloatArray few;
    private final IntArray table;

    /** Packed weights; where there are none another array that kernels have anyway. */
    private final IntArray words;

    private final FloatArray constants;

    /**
     * What stays on the device. A graph passes on to the next what it has itself, so all have all
     * of it.
     */
    private final Object[] kept;

    private final TornadoExecutionPlan plan;
    private final Map<Kernel, WorkerGrid2D> grids = new EnumMap<>(Kernel.class);
    private final GridScheduler schedule = new GridScheduler();
    private final int number = COUNT.incrementAndGet();

    /**
     * What a program has room for.
     *
     * @param group work-items in a group, a power of two
     * @param memory floats of device memory
     * @param exchange floats that each share copies at a time
     * @param row entries of each table to a share
     * @param shares networks side by side
     * @param words words of packed weights; 0 if kernels are to read them from memory
     */
    record Capacity(int group, int memory, int exchange, int row, int shares, int words) {
        /** Whether kernels read packed weights. */
        boolean packs() {
            return words > 0;
        }

        /** Whether all that is needed has room here. */
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
     * @param capacity what there is to be room for
     */
    DeviceProgram(TornadoDevice device, Capacity capacity) {
        this.capacity = capacity;
        this.group = capacity.group();
        sizes = TilesPerGroup.on(device, 1);
        memory = new FloatArray(capacity.memory());
        exchange = new FloatArray(capacity.shares() * capacity.exchange());
        few = new FloatArray(capacity.shares() * FEW);
        table = new IntArray(capacity.shares() * capacity.row());
        words = capacity.packs() ? new IntArray(capacity.words()) : table;
        constants = new FloatArray(capacity.shares() * capacity.row());
        kept = capacity.packs() ? new Object[] {memory, words} : new Object[] {memory};
        memory.init(0f);
        exchange.init(0f);
        few.init(0f);
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
                    "backend \"tornado\": the kernels cannot be prepared: " + Failures.reason(e),
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
                            .transferToDevice(DataTransferMode.FIRST_EXECUTION, kept)
                            .transferToDevice(DataTransferMode.EVERY_EXECUTION, table, exchange)
                            .task(
                                    Kernel.TASK,
                                    CopyKernels::in,
                                    context,
                                    table,
                                    exchange,
                                    memory,
                                    words)
                            .persistOnDevice(kept);
            case COPY_FEW_IN ->
                    onMemory(kernel)
                            .transferToDevice(DataTransferMode.EVERY_EXECUTION, table, few)
                            .task(Kernel.TASK, CopyKernels::in, context, table, few, memory, words)
                            .persistOnDevice(kept);
            case COPY_OUT ->
                    onMemory(kernel)
                            .transferToDevice(DataTransferMode.EVERY_EXECUTION, table)
                            .task(Kernel.TASK, CopyKernels::out, context, table, exchange, memory)
                            .transferToHost(DataTransferMode.EVERY_EXECUTION, exchange)
                            .persistOnDevice(kept);
            case COPY_FEW_OUT ->
                    onMemory(kernel)
                            .transferToDevice(DataTransferMode.EVERY_EXECUTION, table)
                            .task(Kernel.TASK, CopyKernels::out, context, table, few, memory)
                            .transferToHost(DataTransferMode.EVERY_EXECUTION, few)
                            .persistOnDevice(kept);
            case TRANSPOSE -> compute(kernel, GradientKernels::transpose);
            case FORWARD -> compute(kernel, PassKernels::forward);
            case LOSS -> compute(kernel, PassKernels::loss);
            case BACKWARD -> compute(kernel, PassKernels::backward);
            case OPERATE -> compute(kernel, ProgramKernels::operate);
            case TOTAL -> compute(kernel, ProgramKernels::total);
            case PACK -> computeWithWeights(kernel, PackKernels::pack);
            case PERTURB -> computeWithWeights(kernel, PassKernels::perturb);
            case RESET -> compute(kernel, LoopKernels::reset);
            case OUTPUT_LOOP -> compute(kernel, OutputLoopKernels::run);
            case RECOVER -> compute(kernel, RecoveryKernels::recover);
            case DISPLACE -> compute(kernel, RecoveryKernels::displace);
            case NOISY_LOOP -> compute(kernel, NoisyLoopKernels::run);
            case CARRY -> compute(kernel, NoisyLoopKernels::carry);
            case SIMULATE_4, SIMULATE_8, SIMULATE_16 -> simulation(kernel);
            case VERDICT -> compute(kernel, LoopKernels::verdict);
            case SIGNALS -> computeWithWeights(kernel, GradientKernels::signals);
            case PRODUCTS -> compute(kernel, GradientKernels::products);
            case REDUCE -> compute(kernel, GradientKernels::reduce);
            case NORMS -> compute(kernel, GradientKernels::norms);
            case LARGEST -> compute(kernel, GradientKernels::largest);
            case CLIP -> compute(kernel, GradientKernels::clip);
            case DECAY -> compute(kernel, GradientKernels::decay);
            case OPTIMIZE -> compute(kernel, GradientKernels::optimize);
            case JACOBIAN -> computeWithWeights(kernel, JacobianKernels::jacobian);
            case GAINS -> computeWithWeights(kernel, JacobianKernels::gains);
            case SOLVE -> compute(kernel, SteadyKernels::solve);
            case ADVANCE -> compute(kernel, SteadyKernels::advance);
            case PROPAGATE -> computeWithWeights(kernel, SteadyKernels::propagate);
            case JUDGE -> compute(kernel, SteadyKernels::judge);
            case PROBE -> compute(kernel, ProbeKernels::probe);
            case MULTIPLY_ADD -> compute(kernel, PeakKernels::multiplyAdd);
        };
    }

    private TaskGraph onMemory(Kernel kernel) {
        return new TaskGraph(name(kernel)).consumeFromDevice(name(Kernel.COPY_IN), kept);
    }

    private TaskGraph compute(
            Kernel kernel,
            TornadoFunctions.Task4<KernelContext, IntArray, FloatArray, FloatArray> code) {
        return onMemory(kernel)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, table, constants)
                .task(Kernel.TASK, code, context, table, constants, memory)
                .persistOnDevice(kept);
    }

    /**
     * A kernel that reads the weights of loops, packed or not: TornadoVM compiles the scalar in as
     * a constant, and leaves out what is not wanted.
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
                .persistOnDevice(kept);
    }

    /** The simulation for a number of tiles to a group, which is compiled in as well. */
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
                        sizes.room(tiles))
                .persistOnDevice(kept);
    }

    /** Launches a kernel for all shares that ask for it. */
    void launch(Kernel kernel, List<LaunchRequest> requests) {
        FloatArray through = kernel.copiesFew() ? few : exchange;
        int room = kernel.copiesFew() ? FEW : capacity.exchange();
        int groups = 1;
        for (int r = 0; r < requests.size(); r++) {
            LaunchRequest request = requests.get(r);
            groups = Math.max(groups, request.groups());
            request.share().copyTables(table, constants, r);
            if (kernel.brings()) {
                for (int i = 0; i < request.length(); i++) {
                    through.set(r * room + i, request.numbers()[request.from() + i]);
                }
            }
        }
        table.set(Slots.ROW_LENGTH, capacity.row());
        table.set(Slots.EXCHANGED, room);
        execute(kernel, groups, requests.size());
        if (kernel.fetches()) {
            for (int r = 0; r < requests.size(); r++) {
                LaunchRequest request = requests.get(r);
                for (int i = 0; i < request.length(); i++) {
                    request.numbers()[request.from() + i] = through.get(r * room + i);
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
                plan.withGraph(kernel.ordinal()).withGridScheduler(schedule).execute();
            }
        } catch (RuntimeException | TornadoInternalError e) {
            throw new BackendFailureException(
                    "backend \"tornado\": kernel "
                            + kernel.name().toLowerCase(java.util.Locale.ROOT)
                            + " failed on the device: "
                            + Failures.reason(e),
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
                            + Failures.reason(e),
                    e);
        }
    }
}
