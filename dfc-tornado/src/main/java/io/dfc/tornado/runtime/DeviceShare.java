package io.dfc.tornado.runtime;

import io.dfc.tornado.kernel.Slots;
import io.dfc.tornado.memory.Layout;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * One network's share of a program: a row of the tables, which is kept here between launches, and
 * the part of the memory that its {@link Layout} describes. For one thread at a time.
 */
public final class DeviceShare implements AutoCloseable {
    private final LaunchGate gate;
    private final DeviceProgram.Capacity capacity;
    private final TilesPerGroup tiles;
    private final int[] table;
    private final float[] constants;
    private long calls;
    private boolean isClosed;

    DeviceShare(LaunchGate gate, DeviceProgram.Capacity capacity, TilesPerGroup tiles) {
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

    /** Groups for so many elements; kernels over elements stride, so there need not be more. */
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

    public void set(int slot, int value) {
        table[slot] = value;
    }

    public void set(int slot, double value) {
        constants[slot] = (float) value;
    }

    /** From now on launches wait for those of the other shares that have joined. */
    public void join() {
        gate.join(this);
    }

    /** Marks the next step of what all networks do in the same order. */
    public void beginCall() {
        calls++;
    }

    /** How many steps have been begun. */
    long calls() {
        return calls;
    }

    /** Launches a kernel with a number of work-groups. */
    public void launch(Kernel kernel, int groups) {
        gate.submit(new LaunchRequest(this, kernel, groups, null, 0, 0));
    }

    /** Writes numbers to memory. */
    public void write(int to, float[] values, int from, int length) {
        boolean small = length <= DeviceProgram.FEW;
        int room = room(small);
        for (int done = 0; done < length; done += room) {
            int part = Math.min(room, length - done);
            table[Slots.DESTINATION] = to + done;
            copy(small ? Kernel.COPY_FEW_IN : Kernel.COPY_IN, values, from + done, part);
        }
    }

    /** Reads numbers from memory. */
    public float[] read(int from, int length) {
        float[] out = new float[length];
        boolean small = length <= DeviceProgram.FEW;
        int room = room(small);
        for (int done = 0; done < length; done += room) {
            int part = Math.min(room, length - done);
            table[Slots.SOURCE] = from + done;
            copy(small ? Kernel.COPY_FEW_OUT : Kernel.COPY_OUT, out, done, part);
        }
        return out;
    }

    private int room(boolean small) {
        return small ? DeviceProgram.FEW : capacity.exchange();
    }

    private void copy(Kernel kernel, float[] numbers, int from, int length) {
        table[Slots.LENGTH] = length;
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
