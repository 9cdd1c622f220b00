package io.dfc.tornado;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

import java.util.List;

/**
 * How many tiles of samples a work-group simulates side by side. More of them share each weight
 * that the group reads; fewer make more groups.
 *
 * @param most largest number, one of {@link #ALL}
 * @param units compute units of the device
 * @param localBytes local memory of the device
 */
record TilesPerGroup(int most, int units, long localBytes) {
    /** What the simulation has kernels for. */
    static final List<Integer> ALL = List.of(1, 2, 4);

    /** What CUDA allows arrays of a constant size, 48 KiB. */
    private static final int MOST_ROOM = 12_288;

    /** The choice on a device. */
    static TilesPerGroup on(TornadoDevice device, int most) {
        return new TilesPerGroup(
                most,
                device.getPhysicalDevice().getDeviceMaxComputeUnits(),
                device.getDeviceLocalMemorySize());
    }

    /**
     * Floats of local memory for the rates of a layer: as many to a sample as in the narrow kernel,
     * but no more than lets two groups share a compute unit.
     */
    static int room(long localBytes, int tiles) {
        int wanted = Math.min(Slots.NEAR * tiles, MOST_ROOM);
        return Math.clamp(localBytes / 2 / Float.BYTES, Slots.NEAR, wanted);
    }

    /**
     * The largest number for which every compute unit has a group, and rates that fit into local
     * memory when a group has one tile still do.
     *
     * @param tiles tiles to be simulated
     * @param networks networks that are simulated at the same time
     * @param widest rates of the widest layer that another one reads
     */
    int choose(int tiles, int networks, int widest) {
        return ALL.reversed().stream()
                .filter(n -> n <= most)
                .filter(n -> (long) Math.ceilDiv(tiles, n) * networks >= units)
                .filter(n -> fits(widest, n) || !fits(widest, 1))
                .findFirst()
                .orElse(1);
    }

    private boolean fits(int widest, int tiles) {
        return (long) widest * Slots.TILE * tiles <= room(localBytes, tiles);
    }
}
