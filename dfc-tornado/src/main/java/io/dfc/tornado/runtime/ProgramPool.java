package io.dfc.tornado.runtime;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Programs that engines have given back, for those that come after: kernels are compiled once for
 * all plans of about the same size.
 */
public final class ProgramPool implements AutoCloseable {
    /** Enough for most plans, since kernels are compiled anew for every size: 64 MiB. */
    private static final int LEAST_MEMORY = 1 << 24;

    private static final int LEAST_EXCHANGE = 1 << 17;
    private static final int MOST_EXCHANGE = 1 << 20;
    private static final int LEAST_TABLE = 1 << 10;
    private static final int LEAST_WORDS = 1 << 18;

    /**
     * Programs of closed backends that are kept of each kind; each of them holds 64 MiB of the
     * device.
     */
    private static final int MOST_SPARE = 2;

    private static final Map<Kind, List<DeviceProgram>> SPARE = new HashMap<>();

    /** What programs must have in common to take each other's place. */
    private record Kind(TornadoDevice device, int group, int shares) {}

    private final TornadoDevice device;
    private final int group;
    private final TilesPerGroup tiles;
    private final boolean transposes;
    private final List<DeviceProgram> idle = new ArrayList<>();
    private boolean closed;

    /**
     * A pool whose layouts suit the kind of the device.
     *
     * @param group work-items in a group
     */
    public ProgramPool(TornadoDevice device, int group, TilesPerGroup tiles) {
        // Where work-items run in step, neighbours should read neighbouring numbers; on a
        // processor one follows the other, and each should read its numbers in a row.
        this(device, group, tiles, device.getDeviceType() != TornadoDeviceType.CPU);
    }

    public ProgramPool(TornadoDevice device, int group, TilesPerGroup tiles, boolean transposes) {
        this.device = device;
        this.group = group;
        this.tiles = tiles;
        this.transposes = transposes;
    }

    /** Whether the loop shall read transposed copies of the weights. */
    public boolean transposes() {
        return transposes;
    }

    /**
     * What some networks that are trained side by side need.
     *
     * @param memory floats of device memory of all networks
     * @param exchange floats that one network brings to the device at a time, most often
     * @param row entries of each table to a network
     * @param networks number of networks
     * @param words words of packed weights of all networks; 0 if weights are not packed
     */
    public record Demand(long memory, long exchange, int row, int networks, long words) {}

    /** Shares of a program that meets a demand; it comes back when all are closed. */
    public synchronized List<DeviceShare> take(Demand demand) {
        return shares(
                new DeviceProgram.Capacity(
                        group,
                        powerOfTwo(demand.memory(), LEAST_MEMORY),
                        Math.min(MOST_EXCHANGE, powerOfTwo(demand.exchange(), LEAST_EXCHANGE)),
                        powerOfTwo(demand.row(), LEAST_TABLE),
                        demand.networks(),
                        demand.words() > 0 ? powerOfTwo(demand.words(), LEAST_WORDS) : 0));
    }

    /** A share of a program with as little memory as there is. */
    public synchronized DeviceShare takeLeast() {
        return shares(
                        new DeviceProgram.Capacity(
                                group, LEAST_MEMORY, LEAST_EXCHANGE, LEAST_TABLE, 1, 0))
                .getFirst();
    }

    private List<DeviceShare> shares(DeviceProgram.Capacity capacity) {
        DeviceProgram program = take(capacity);
        return new LaunchGate(program, tiles, capacity.shares(), () -> giveBack(program)).shares();
    }

    private DeviceProgram take(DeviceProgram.Capacity capacity) {
        DeviceProgram known = find(idle, capacity);
        if (known == null) {
            synchronized (SPARE) {
                known =
                        find(
                                SPARE.getOrDefault(
                                        new Kind(device, group, capacity.shares()), List.of()),
                                capacity);
            }
        }
        return known == null ? new DeviceProgram(device, capacity) : known;
    }

    private static DeviceProgram find(
            List<DeviceProgram> programs, DeviceProgram.Capacity capacity) {
        for (int i = 0; i < programs.size(); i++) {
            if (programs.get(i).capacity.covers(capacity)) {
                return programs.remove(i);
            }
        }
        return null;
    }

    /** An engine may be closed after its backend, and then nobody else would free its program. */
    private synchronized void giveBack(DeviceProgram program) {
        if (closed) {
            release(program);
        } else {
            idle.add(program);
        }
    }

    private static int powerOfTwo(long n, int least) {
        int size = least;
        while (size < n) {
            size *= 2;
        }
        return size;
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(this::release);
        idle.clear();
    }

    private void release(DeviceProgram program) {
        if (!keep(program)) {
            program.close();
        }
    }

    /** Keeps a program that needs little, for the next backend on this device. */
    private boolean keep(DeviceProgram program) {
        synchronized (SPARE) {
            List<DeviceProgram> spare =
                    SPARE.computeIfAbsent(
                            new Kind(device, group, program.capacity.shares()),
                            d -> new ArrayList<>());
            boolean kept = program.capacity.memory() == LEAST_MEMORY && spare.size() < MOST_SPARE;
            if (kept) {
                spare.add(program);
            }
            return kept;
        }
    }
}
