package io.dfc.tornado.tuning;

import io.dfc.tornado.kernel.Slots;
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
 * Sizes of a device's work-groups: what it allows, and what is best on it.
 *
 * @param items work-items in a group
 * @param tiles most tiles of samples that a group simulates side by side
 */
public record GroupSizes(int items, int tiles) {
    private static final int LEAST = 32;
    private static final int FOR_PROCESSORS = 64;

    /** The sizes that were found best on a device, or a guess that suits its kind. */
    public static GroupSizes choose(TornadoDevice device) {
        return choose(
                allowed(device),
                device.getDeviceType() == TornadoDeviceType.CPU ? FOR_PROCESSORS : Slots.MAX_GROUP,
                TuningFile.ofUser().read(key(device)));
    }

    /**
     * What of the tuned sizes is allowed, and for the rest a guess: as many tiles as may be.
     *
     * @param allowed in rising order
     * @param items guess of the best number of work-items
     */
    public static GroupSizes choose(List<GroupSizes> allowed, int items, TuningFile.Entry tuned) {
        int most = allowed.getLast().items();
        int chosen =
                tuned.items()
                        .filter(n -> allowed.stream().anyMatch(s -> s.items() == n))
                        .orElse(Math.min(items, most));
        List<GroupSizes> left = allowed.stream().filter(s -> s.items() == chosen).toList();
        return left.stream()
                .filter(s -> tuned.samples().equals(Optional.of(s.samples())))
                .findFirst()
                .orElse(left.getLast());
    }

    /** What the device can launch: powers of two, rising; one at least. */
    static List<GroupSizes> allowed(TornadoDevice device) {
        if (Fpga.is(device)) {
            return List.of(new GroupSizes(Fpga.GROUP, 1));
        }
        return allowed(device.getDeviceMaxWorkgroupDimensions()[0]);
    }

    /**
     * Sizes with at most so many work-items.
     *
     * @param limit the device's limit
     */
    static List<GroupSizes> allowed(long limit) {
        int most = Math.clamp(limit, 1, Slots.MAX_GROUP);
        List<GroupSizes> sizes = new ArrayList<>();
        for (int items = Math.min(LEAST, Integer.highestOneBit(most)); items <= most; items *= 2) {
            for (int tiles : TilesPerGroup.ALL) {
                // Some work-items see to a sample each.
                if (tiles == 1 || tiles * Slots.TILE <= items) {
                    sizes.add(new GroupSizes(items, tiles));
                }
            }
        }
        return sizes;
    }

    /** Most samples that a group simulates side by side. */
    int samples() {
        return tiles * Slots.TILE;
    }

    /**
     * Tries all sizes on a device, and keeps the best for programs that are compiled later.
     *
     * @return what was found, in one line
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
                + "), kept in "
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
