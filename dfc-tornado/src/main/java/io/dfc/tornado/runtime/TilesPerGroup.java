package io.dfc.tornado.runtime;

import io.dfc.tornado.kernel.TableLayout;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

import java.util.List;

/**
 * How many tiles of samples a work-group simulates side by side. More of them share each weight
 * that the group reads; fewer make more groups.
 *
 * @param maxTiles largest number, one of {@link #ALL}
 * @param units compute units of the device
 * @param localBytes local memory of the device
 * @param processor whether the device is one, whose local memory is memory like any other
 */
public record TilesPerGroup(int maxTiles, int units, long localBytes, boolean processor) {
    /** Numbers of tiles for which the simulation has kernels. */
    public static final List<Integer> ALL = List.of(1, 2, 4);

    /** Largest local array of a constant size that CUDA allows, 48 KiB. */
    private static final int MAX_LOCAL_FLOATS = 12_288;

    /** 128 KiB: a core's second-level cache has as much, and the weights that pass by. */
    private static final int PROCESSOR_LOCAL_FLOATS = 32_768;

    /**
     * A group takes about as long with more samples while its compute unit waits for weights, so on
     * a GPU, which needs 20 multiply-adds or more for each weight that it fetches, a quarter of the
     * units in wide groups does as much as all of them in narrow ones, and leaves the others to
     * networks that run at the same time. Reckoned, not measured.
     */
    private static final int GPU_PART = 4;

    /** The choice on a device. */
    public static TilesPerGroup on(TornadoDevice device, int maxTiles) {
        return new TilesPerGroup(
                maxTiles,
                device.getPhysicalDevice().getDeviceMaxComputeUnits(),
                device.getDeviceLocalMemorySize(),
                device.getDeviceType() == TornadoDeviceType.CPU);
    }

    /** The same choice as if there were so many compute units. */
    public TilesPerGroup withUnits(int others) {
        return new TilesPerGroup(maxTiles, others, localBytes, processor);
    }

    /**
     * Floats of local memory for the rates of a layer, in groups of so many tiles: as many to a
     * sample as in groups of one, but no more than lets two groups share a compute unit.
     */
    public int localFloats(int tiles) {
        int target =
                processor
                        ? PROCESSOR_LOCAL_FLOATS
                        : Math.min(TableLayout.LOCAL_RATES * tiles, MAX_LOCAL_FLOATS);
        return Math.clamp(localBytes / 2 / Float.BYTES, TableLayout.LOCAL_RATES, target);
    }

    /**
     * The largest number for which there are groups enough for the compute units, and the rates of
     * all layers fit into local memory. Where not even those of one tile do, a GPU should still
     * gain when more samples share a weight; a processor loses, since it reads no vectors of what
     * lies apart.
     *
     * <p>How many networks run at the same time does not count: each is to get the bits that it
     * gets alone, and no compiler promises them for two kernels.
     *
     * @param tiles tiles to be simulated
     * @param widest rates of the widest layer that another one reads
     */
    public int choose(int tiles, int widest) {
        boolean anyway = !processor && !fits(widest, 1);
        int least = processor ? units : Math.ceilDiv(units, GPU_PART);
        return ALL.reversed().stream()
                .filter(n -> n <= maxTiles)
                .filter(n -> Math.ceilDiv(tiles, n) >= least)
                .filter(n -> anyway || fits(widest, n))
                .findFirst()
                .orElse(1);
    }

    private boolean fits(int widest, int tiles) {
        return (long) widest * TableLayout.TILE * tiles <= localFloats(tiles);
    }
}
