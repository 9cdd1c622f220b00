package io.dfc.tornado.runtime;

import io.dfc.tornado.kernel.TableLayout;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * One network's share of compiled kernels: a row of the tables, stored here between launches, and
 * its part of the device memory. For one thread at a time.
 */
public final class DeviceShare implements AutoCloseable {
    private final LaunchMerger merger;
    private final CompiledKernels.Capacity capacity;
    private final TilesPerGroup tiles;
    private final int[] table;
    private final float[] constants;
    private long calls;
    private boolean isClosed;

    DeviceShare(LaunchMerger merger, CompiledKernels.Capacity capacity, TilesPerGroup tiles) {
        this.merger = merger;
        this.capacity = capacity;
        this.tiles = tiles;
        table = new int[capacity.row()];
        constants = new float[capacity.row()];
    }

    /** Work-items in a group. */
    public int group() {
        return capacity.group();
    }

    /**
     * Number of groups for a number of elements; kernels over elements stride, so 256 are enough.
     */
    public int groups(int elements) {
        return Math.clamp((elements + group() - 1) / group(), 1, 256);
    }

    /**
     * The simulation that suits a number of tiles.
     *
     * @param widest rates of the widest layer that another one reads
     */
    public Kernel simulation(int tilesToRun, int widest) {
        return Kernel.simulating(tiles.choose(tilesToRun, widest));
    }

    public void set(int position, int value) {
        table[position] = value;
    }

    public void set(int position, double value) {
        constants[position] = (float) value;
    }

    /** Joins the shares whose launches are merged; from now on launches wait for theirs. */
    public void join() {
        merger.join(this);
    }

    /** Begins the next call of the engine; all networks make the same calls in the same order. */
    public void beginCall() {
        calls++;
    }

    /** Number of calls begun. */
    long calls() {
        return calls;
    }

    /** Launches a kernel with a number of work-groups. */
    public void launch(Kernel kernel, int groups) {
        merger.submit(LaunchRequest.compute(this, kernel, groups));
    }

    /** Writes all numbers of an array to memory. */
    public void write(int to, float[] values) {
        write(to, values.length, ExchangeSource.of(values));
    }

    /**
     * Writes numbers to memory.
     *
     * @param to where the first one goes
     * @param length how many
     * @param source the numbers; asked for them in pieces whose lengths but the last are powers of
     *     two, from 4096 on
     */
    public void write(int to, int length, ExchangeSource source) {
        boolean small = length <= CompiledKernels.SMALL_COPY;
        int copyLength = copyLength(small);
        Kernel kernel = small ? Kernel.COPY_SMALL_IN : Kernel.COPY_IN;
        for (int done = 0; done < length; done += copyLength) {
            int part = Math.min(copyLength, length - done);
            table[TableLayout.DESTINATION] = to + done;
            table[TableLayout.LENGTH] = part;
            merger.submit(LaunchRequest.copyIn(this, kernel, groups(part), source, done, part));
        }
    }

    /** Reads numbers from memory. */
    public float[] read(int from, int length) {
        float[] out = new float[length];
        boolean small = length <= CompiledKernels.SMALL_COPY;
        int copyLength = copyLength(small);
        Kernel kernel = small ? Kernel.COPY_SMALL_OUT : Kernel.COPY_OUT;
        for (int done = 0; done < length; done += copyLength) {
            int part = Math.min(copyLength, length - done);
            table[TableLayout.SOURCE] = from + done;
            table[TableLayout.LENGTH] = part;
            merger.submit(LaunchRequest.copyOut(this, kernel, groups(part), out, done, part));
        }
        return out;
    }

    private int copyLength(boolean small) {
        return small ? CompiledKernels.SMALL_COPY : capacity.exchange();
    }

    /** Writes the row of this share into the tables of a launch. */
    void copyTables(IntArray ints, FloatArray floats, int row) {
        int at = row * table.length;
        for (int i = 0; i < table.length; i++) {
            ints.set(at + i, table[i]);
            floats.set(at + i, constants[i]);
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            merger.leave(this);
        }
    }
}
