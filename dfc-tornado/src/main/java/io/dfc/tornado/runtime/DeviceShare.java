package io.dfc.tornado.runtime;

import io.dfc.tornado.kernel.TableLayout;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * One network's share of compiled kernels: a row of the tables, stored here between launches, and
 * its part of the device memory. For one thread at a time.
 */
public final class DeviceShare implements AutoCloseable {
    private final LaunchMerger gate;
    private final CompiledKernels.Capacity capacity;
    private final TilesPerGroup tiles;
    private final int[] table;
    private final float[] constants;
    private long calls;
    private boolean isClosed;

    DeviceShare(LaunchMerger gate, CompiledKernels.Capacity capacity, TilesPerGroup tiles) {
        this.gate = gate;
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
        gate.join(this);
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
        gate.submit(new LaunchRequest(this, kernel, groups, null, 0, 0));
    }

    /** Writes numbers to memory. */
    public void write(int to, float[] values, int from, int length) {
        boolean small = length <= CompiledKernels.SMALL_COPY;
        int copyLength = copyLength(small);
        for (int done = 0; done < length; done += copyLength) {
            int part = Math.min(copyLength, length - done);
            table[TableLayout.DESTINATION] = to + done;
            copy(small ? Kernel.COPY_SMALL_IN : Kernel.COPY_IN, values, from + done, part);
        }
    }

    /** Reads numbers from memory. */
    public float[] read(int from, int length) {
        float[] out = new float[length];
        boolean small = length <= CompiledKernels.SMALL_COPY;
        int copyLength = copyLength(small);
        for (int done = 0; done < length; done += copyLength) {
            int part = Math.min(copyLength, length - done);
            table[TableLayout.SOURCE] = from + done;
            copy(small ? Kernel.COPY_SMALL_OUT : Kernel.COPY_OUT, out, done, part);
        }
        return out;
    }

    private int copyLength(boolean small) {
        return small ? CompiledKernels.SMALL_COPY : capacity.exchange();
    }

    private void copy(Kernel kernel, float[] numbers, int from, int length) {
        table[TableLayout.LENGTH] = length;
        gate.submit(new LaunchRequest(this, kernel, groups(length), numbers, from, length));
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
            gate.leave(this);
        }
    }
}
