package io.dfc.tornado.tuning;

import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.runtime.Fpga;
import io.dfc.tornado.runtime.TilesPerGroup;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Sizes of a device's work-groups: which it allows, and which is fastest on it.
 *
 * @param items work-items in a group
 * @param tiles largest number of tiles of samples that a group simulates side by side
 */
public record GroupSizes(int items, int tiles) {
    private static final int MIN_ITEMS = 32;
    private static final int PROCESSOR_ITEMS = 64;

    /** The sizes that tuning found fastest on a device, or those that suit its kind. */
    public static GroupSizes choose(TornadoDevice device) {
        return choose(
                allowed(device),
                device.getDeviceType() == TornadoDeviceType.CPU
                        ? PROCESSOR_ITEMS
                        : TableLayout.MAX_GROUP,
                TuningFile.ofUser().read(key(device)));
    }

    /**
     * The tuned sizes as far as they are allowed, else the usual work-items and the max tiles.
     *
     * @param allowed in rising order
     * @param items usual number of work-items
     */
    public static GroupSizes choose(List<GroupSizes> allowed, int items, TuningFile.Entry tuned) {
        int max = allowed.getLast().items();
        int chosen =
                tuned.items()
                        .filter(n -> allowed.stream().anyMatch(s -> s.items() == n))
                        .orElse(Math.min(items, max));
        List<GroupSizes> left = allowed.stream().filter(s -> s.items() == chosen).toList();
        return left.stream()
                .filter(s -> tuned.samples().equals(Optional.of(s.samples())))
                .findFirst()
                .orElse(left.getLast());
    }

    /** Sizes that the device can launch: powers of two, rising; at least one. */
    static List<GroupSizes> allowed(TornadoDevice device) {
        if (Fpga.is(device)) {
            return List.of(new GroupSizes(Fpga.GROUP, 1));
        }
        return allowed(device.getDeviceMaxWorkgroupDimensions()[0]);
    }

    /**
     * Sizes with at max so many work-items.
     *
     * @param limit the device's limit
     */
    static List<GroupSizes> allowed(long limit) {
        int max = Math.clamp(limit, 1, TableLayout.MAX_GROUP);
        List<GroupSizes> sizes = new ArrayList<>();
        for (int items = Math.min(MIN_ITEMS, Integer.highestOneBit(max));
                items <= max;
                items *= 2) {
            for (int tiles : TilesPerGroup.ALL) {
                // Some loops have a work-item for each sample.
                if (tiles == 1 || tiles * TableLayout.TILE <= items) {
                    sizes.add(new GroupSizes(items, tiles));
                }
            }
        }
        return sizes;
    }

    /** Largest number of samples that a group simulates side by side. */
    int samples() {
        return tiles * TableLayout.TILE;
    }

    /**
     * Measures all sizes on a device, and stores the fastest for kernels that are compiled later.
     *
     * @return the choice and all times, in one line
     */
    public static String tune(TornadoDevice device) {
        record Trial(GroupSizes sizes, double seconds) {}
        List<Trial> trials = new ArrayList<>();
        for (GroupSizes sizes : allowed(device)) {
            trials.add(new Trial(sizes, TuningTrial.seconds(device, sizes)));
        }
        Trial best = trials.stream().min(Comparator.comparingDouble(Trial::seconds)).orElseThrow();
        String where = TuningFile.ofUser().write(key(device), best.sizes());
        String each =
                trials.stream()
                        .map(
                                t ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s: %.1f ms",
                                                t.sizes(),
                                                1e3 * t.seconds()))
                        .collect(Collectors.joining(", "));
        return "work-items in a group x samples side by side: "
                + best.sizes()
                + " ("
                + each
                + "), stored in "
                + where;
    }

    @Override
    public String toString() {
        return items + " x " + samples();
    }

    private static String key(TornadoDevice device) {
        return (device.getTornadoVMBackend() + " " + device.getPhysicalDevice().getDeviceName())
                .replaceAll("[^A-Za-z0-9]+", "-");
    }
}
