package io.dfc.tornado;

import io.dfc.api.error.BackendFailureException;

import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.common.TornadoFunctions;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The compiled kernels and the block of device memory that they work on. It knows nothing of a
 * plan: that is in the tables, so a program serves one engine after another.
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
    private final KernelContext context = new KernelContext();
    private final FloatArray memory;
    private final FloatArray exchange;
    private final FloatArray few = new FloatArray(FEW);
    private final IntArray table;
    private final FloatArray constants;
    private final TornadoExecutionPlan plan;
    private final Map<Kernel, WorkerGrid1D> grids = new EnumMap<>(Kernel.class);
    private final GridScheduler schedule = new GridScheduler();
    private final String prefix = "dfc" + COUNT.incrementAndGet();

    /**
     * What a program has room for.
     *
     * @param group work-items in a group, a power of two
     */
    record Capacity(int group, int memory, int exchange, int table, int constants) {
        /** Whether all that is needed has room here. */
        boolean covers(Capacity needed) {
            return group == needed.group
                    && memory >= needed.memory
                    && exchange >= needed.exchange
                    && table >= needed.table
                    && constants >= needed.constants;
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
        memory = new FloatArray(capacity.memory());
        exchange = new FloatArray(capacity.exchange());
        table = new IntArray(capacity.table());
        constants = new FloatArray(capacity.constants());
        memory.init(0f);
        exchange.init(0f);
        few.init(0f);
        table.init(0);
        constants.init(0f);
        for (Kernel kernel : Kernel.values()) {
            WorkerGrid1D grid = new WorkerGrid1D(group);
            grid.setLocalWork(group, 1, 1);
            grids.put(kernel, grid);
            schedule.addWorkerGrid(name(kernel) + ".k", grid);
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
        table.set(Slots.LENGTH, 0);
        launch(Kernel.COPY_IN, 1);
    }

    private String name(Kernel kernel) {
        return prefix + kernel.name().toLowerCase(java.util.Locale.ROOT).replace("_", "");
    }

    private TaskGraph graph(Kernel kernel) {
        return switch (kernel) {
            case COPY_IN ->
                    new TaskGraph(name(kernel))
                            .transferToDevice(DataTransferMode.FIRST_EXECUTION, memory)
                            .transferToDevice(DataTransferMode.EVERY_EXECUTION, table, exchange)
                            .task("k", CopyKernels::in, context, table, exchange, memory)
                            .persistOnDevice(memory);
            case COPY_FEW_IN ->
                    onMemory(kernel)
                            .transferToDevice(DataTransferMode.EVERY_EXECUTION, table, few)
                            .task("k", CopyKernels::in, context, table, few, memory)
                            .persistOnDevice(memory);
            case COPY_OUT ->
                    onMemory(kernel)
                            .transferToDevice(DataTransferMode.EVERY_EXECUTION, table)
                            .task("k", CopyKernels::out, context, table, exchange, memory)
                            .transferToHost(DataTransferMode.EVERY_EXECUTION, exchange)
                            .persistOnDevice(memory);
            case COPY_FEW_OUT ->
                    onMemory(kernel)
                            .transferToDevice(DataTransferMode.EVERY_EXECUTION, table)
                            .task("k", CopyKernels::out, context, table, few, memory)
                            .transferToHost(DataTransferMode.EVERY_EXECUTION, few)
                            .persistOnDevice(memory);
            case TRANSPOSE -> compute(kernel, GradientKernels::transpose);
            case FORWARD -> compute(kernel, PassKernels::forward);
            case LOSS -> compute(kernel, PassKernels::loss);
            case BACKWARD -> compute(kernel, PassKernels::backward);
            case PERTURB -> compute(kernel, PassKernels::perturb);
            case RESET -> compute(kernel, LoopKernels::reset);
            case SIMULATE -> compute(kernel, LoopKernels::simulate);
            case VERDICT -> compute(kernel, LoopKernels::verdict);
            case SIGNALS -> compute(kernel, GradientKernels::signals);
            case PRODUCTS -> compute(kernel, GradientKernels::products);
            case REDUCE -> compute(kernel, GradientKernels::reduce);
            case NORMS -> compute(kernel, GradientKernels::norms);
            case LARGEST -> compute(kernel, GradientKernels::largest);
            case CLIP -> compute(kernel, GradientKernels::clip);
            case DECAY -> compute(kernel, GradientKernels::decay);
            case OPTIMIZE -> compute(kernel, GradientKernels::optimize);
            case JACOBIAN -> compute(kernel, SteadyKernels::jacobian);
            case GAINS -> compute(kernel, SteadyKernels::gains);
            case SOLVE -> compute(kernel, SteadyKernels::solve);
            case ADVANCE -> compute(kernel, SteadyKernels::advance);
            case PROPAGATE -> compute(kernel, SteadyKernels::propagate);
            case JUDGE -> compute(kernel, SteadyKernels::judge);
            case PROBE -> compute(kernel, ProbeKernels::probe);
            case MULTIPLY_ADD -> compute(kernel, PeakKernels::multiplyAdd);
        };
    }

    private TaskGraph onMemory(Kernel kernel) {
        return new TaskGraph(name(kernel)).consumeFromDevice(name(Kernel.COPY_IN), memory);
    }

    private TaskGraph compute(
            Kernel kernel,
            TornadoFunctions.Task4<KernelContext, IntArray, FloatArray, FloatArray> code) {
        return onMemory(kernel)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, table, constants)
                .task("k", code, context, table, constants, memory)
                .persistOnDevice(memory);
    }

    /** Work-items in a group. */
    int group() {
        return group;
    }

    void set(int slot, int value) {
        table.set(slot, value);
    }

    void set(int slot, double value) {
        constants.set(slot, (float) value);
    }

    /** Launches a kernel with a number of work-groups. */
    void launch(Kernel kernel, int groups) {
        grids.get(kernel).setGlobalWork((long) groups * group, 1, 1);
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

    /** Writes numbers to memory. */
    void write(int to, float[] values, int from, int length) {
        boolean small = length <= FEW;
        FloatArray through = small ? few : exchange;
        for (int done = 0; done < length; done += through.getSize()) {
            int part = Math.min(through.getSize(), length - done);
            for (int i = 0; i < part; i++) {
                through.set(i, values[from + done + i]);
            }
            table.set(Slots.LENGTH, part);
            table.set(Slots.DESTINATION, to + done);
            launch(small ? Kernel.COPY_FEW_IN : Kernel.COPY_IN, groups(part));
        }
    }

    /** Reads numbers from memory. */
    float[] read(int from, int length) {
        float[] out = new float[length];
        boolean small = length <= FEW;
        FloatArray through = small ? few : exchange;
        for (int done = 0; done < length; done += through.getSize()) {
            int part = Math.min(through.getSize(), length - done);
            table.set(Slots.LENGTH, part);
            table.set(Slots.SOURCE, from + done);
            launch(small ? Kernel.COPY_FEW_OUT : Kernel.COPY_OUT, groups(part));
            for (int i = 0; i < part; i++) {
                out[done + i] = through.get(i);
            }
        }
        return out;
    }

    /** Groups for so many elements; kernels over elements stride, so there need not be more. */
    int groups(int elements) {
        return Math.clamp((elements + group - 1) / group, 1, 256);
    }

    @Override
    public void close() {
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
