package io.dfc.tornado.runtime;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiled kernels that engines have given back, for the engines that come after: kernels are
 * compiled once for all plans of about the same size.
 */
public final class KernelPool implements AutoCloseable {
    /** Enough for most plans, since kernels are compiled anew for every size: 64 MiB. */
    private static final int MIN_MEMORY = 1 << 24;

    private static final int MIN_EXCHANGE = 1 << 17;
    private static final int MAX_EXCHANGE = 1 << 20;
    private static final int MIN_TABLE = 1 << 10;
    private static final int MIN_WORDS = 1 << 18;

    /**
     * Largest number of spare kernels of each kind, left by closed backends; each holds 64 MiB of
     * device memory.
     */
    private static final int MAX_SPARE = 2;

    private static final Map<Kind, List<CompiledKernels>> SPARE = new HashMap<>();

    /** What kernels must have in common to replace each other. */
    private record Kind(TornadoDevice device, int group, int shares) {}

    private final TornadoDevice device;
    private final int group;
    private final TilesPerGroup tiles;
    private final boolean transposes;
    private final List<CompiledKernels> idle = new ArrayList<>();
    private boolean closed;

    /**
     * A pool whose layouts suit the kind of the device.
     *
     * @param group work-items in a group
     */
    public KernelPool(TornadoDevice device, int group, TilesPerGroup tiles) {
        // Where work-items run in step, neighbours should read neighbouring numbers; on a
        // processor one follows the other, and each should read its numbers in a row.
        this(device, group, tiles, device.getDeviceType() != TornadoDeviceType.CPU);
    }

    public KernelPool(TornadoDevice device, int group, TilesPerGroup tiles, boolean transposes) {
        this.device = device;
        this.group = group;
        this.tiles = tiles;
        this.transposes = transposes;
    }

    /** Whether kernels read transposed copies of the weights. */
    public boolean transposes() {
        return transposes;
    }

    /**
     * What some networks that are trained side by side need.
     *
     * @param memory floats of device memory of all networks
     * @param exchange floats of a minibatch, which one network copies to the device at a time
     * @param row entries of each table to a network
     * @param networks number of networks
     * @param words words of packed weights of all networks; 0 if weights are not packed
     */
    public record Demand(long memory, long exchange, int row, int networks, long words) {}

    /** Shares of kernels that meet a demand; the kernels come back when all shares are closed. */
    public synchronized List<DeviceShare> take(Demand demand) {
        return shares(
                new CompiledKernels.Capacity(
                        group,
                        powerOfTwo(demand.memory(), MIN_MEMORY),
                        Math.min(MAX_EXCHANGE, powerOfTwo(demand.exchange(), MIN_EXCHANGE)),
                        powerOfTwo(demand.row(), MIN_TABLE),
                        demand.networks(),
                        demand.words() > 0 ? powerOfTwo(demand.words(), MIN_WORDS) : 0));
    }

    /** A share of the smallest kernels. */
    public synchronized DeviceShare takeSmallest() {
        return shares(
                        new CompiledKernels.Capacity(
                                group, MIN_MEMORY, MIN_EXCHANGE, MIN_TABLE, 1, 0))
                .getFirst();
    }

    private List<DeviceShare> shares(CompiledKernels.Capacity capacity) {
        CompiledKernels kernels = take(capacity);
        return new LaunchMerger(kernels, tiles, capacity.shares(), () -> giveBack(kernels))
                .shares();
    }

    private CompiledKernels take(CompiledKernels.Capacity capacity) {
        CompiledKernels known = find(idle, capacity);
        if (known == null) {
            synchronized (SPARE) {
                known =
                        find(
                                SPARE.getOrDefault(
                                        new Kind(device, group, capacity.shares()), List.of()),
                                capacity);
            }
        }
        return known == null ? new CompiledKernels(device, capacity) : known;
    }

    private static CompiledKernels find(
            List<CompiledKernels> candidates, CompiledKernels.Capacity capacity) {
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i).capacity.covers(capacity)) {
                return candidates.remove(i);
            }
        }
        return null;
    }

    /** An engine may be closed after its backend, and then nobody else would free its kernels. */
    private synchronized void giveBack(CompiledKernels kernels) {
        if (closed) {
            release(kernels);
        } else {
            idle.add(kernels);
        }
    }

    private static int powerOfTwo(long n, int min) {
        int size = min;
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

    private void release(CompiledKernels kernels) {
        if (!spare(kernels)) {
            kernels.close();
        }
    }

    /** Stores small kernels for the next backend on this device; tells whether it did. */
    private boolean spare(CompiledKernels kernels) {
        synchronized (SPARE) {
            List<CompiledKernels> spare =
                    SPARE.computeIfAbsent(
                            new Kind(device, group, kernels.capacity.shares()),
                            d -> new ArrayList<>());
            boolean spared = kernels.capacity.memory() == MIN_MEMORY && spare.size() < MAX_SPARE;
            if (spared) {
                spare.add(kernels);
            }
            return spared;
        }
    }
}
