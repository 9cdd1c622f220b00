package io.dfc.tornado;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How many work-items share a tile of samples: what a device allows, and what is best on it. */
final class GroupSizes {
    private static final int LEAST = 32;
    private static final int FOR_PROCESSORS = 64;

    private GroupSizes() {}

    /** The size that was found best on a device, or a guess that suits its kind. */
    static int choose(TornadoDevice device) {
        int guess =
                device.getDeviceType() == TornadoDeviceType.CPU ? FOR_PROCESSORS : Slots.MAX_GROUP;
        List<Integer> allowed = allowed(device);
        int tuned = TuningFile.read(key(device)).filter(allowed::contains).orElse(guess);
        return Math.min(tuned, allowed.getLast());
    }

    /** Powers of two that the device can launch, rising; one at least. */
    static List<Integer> allowed(TornadoDevice device) {
        if (Fpga.is(device)) {
            return List.of(Fpga.GROUP);
        }
        long most = Math.min(Slots.MAX_GROUP, device.getDeviceMaxWorkgroupDimensions()[0]);
        List<Integer> sizes = new ArrayList<>();
        for (int size = LEAST; size <= most; size *= 2) {
            sizes.add(size);
        }
        if (sizes.isEmpty()) {
            sizes.add((int) Long.highestOneBit(Math.max(1, most)));
        }
        return sizes;
    }

    /**
     * Tries all sizes on a device, and keeps the best for programs that are compiled later.
     *
     * @return what was found, in one line
     */
    static String tune(TornadoDevice device) {
        record Trial(int size, double seconds) {}
        List<Trial> trials = new ArrayList<>();
        for (int size : allowed(device)) {
            trials.add(new Trial(size, TuningTrial.seconds(new ProgramPool(device, size))));
        }
        Trial best = trials.stream().min(Comparator.comparingDouble(Trial::seconds)).orElseThrow();
        String where = TuningFile.write(key(device), best.size());
        String each =
                trials.stream()
                        .map(
                                t ->
                                        String.format(
                                                Locale.ROOT,
                                                "%d: %.1f ms",
                                                t.size(),
                                                1e3 * t.seconds()))
                        .collect(Collectors.joining(", "));
        return "work-items in a group: " + best.size() + " (" + each + "), kept in " + where;
    }

    private static String key(TornadoDevice device) {
        return (device.getTornadoVMBackend() + " " + device.getPhysicalDevice().getDeviceName())
                .replaceAll("[^A-Za-z0-9]+", "-");
    }
}
