package io.dfc.tornado.backend;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Device;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.runtime.KernelPool;
import io.dfc.tornado.runtime.TilesPerGroup;
import io.dfc.tornado.tuning.GroupSizes;

import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The drivers and devices that TornadoVM finds. */
public final class Devices {
    private Devices() {}

    /** All devices, with identifiers {@code driver:device}; processors come last. */
    public static List<Device> list() {
        TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
        List<Device> out = new ArrayList<>();
        List<Device> processors = new ArrayList<>();
        for (int b = 0; b < runtime.getNumBackends(); b++) {
            var driver = runtime.getBackend(b);
            for (int d = 0; d < driver.getNumDevices(); d++) {
                TornadoDevice device = driver.getDevice(d);
                (isProcessor(device) ? processors : out)
                        .add(new Device(b + ":" + d, describe(device)));
            }
        }
        out.addAll(processors);
        return out;
    }

    /** Whether there is a device that a CPU's own backend could not use better. */
    static boolean hasAccelerator() {
        TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
        for (int b = 0; b < runtime.getNumBackends(); b++) {
            var driver = runtime.getBackend(b);
            for (int d = 0; d < driver.getNumDevices(); d++) {
                if (!isProcessor(driver.getDevice(d))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isProcessor(TornadoDevice device) {
        return device.getDeviceType() == TornadoDeviceType.CPU;
    }

    private static String describe(TornadoDevice device) {
        return String.format(
                Locale.ROOT,
                "%s %s, %s, %.1f GiB, %d compute units",
                device.getTornadoVMBackend(),
                device.getDeviceType()
                        .name()
                        .replace("CL_DEVICE_TYPE_", "")
                        .toLowerCase(Locale.ROOT),
                device.getPhysicalDevice().getDeviceName(),
                device.getMaxGlobalMemory() / 1073741824.0,
                device.getPhysicalDevice().getDeviceMaxComputeUnits());
    }

    /** Opens a device of {@link #list()}. */
    static Backend open(String name, Device device) {
        TornadoDevice found = find(device);
        requireLocalMemory(device, found.getDeviceLocalMemorySize());
        GroupSizes sizes = GroupSizes.choose(found);
        return new TornadoBackend(
                name,
                device,
                new KernelPool(found, sizes.items(), TilesPerGroup.on(found, sizes.tiles())),
                found.getPhysicalDevice().getDeviceMaxComputeUnits(),
                () -> GroupSizes.tune(found));
    }

    /** Refuses a device on which the driver could not place the kernels' local arrays. */
    public static void requireLocalMemory(Device device, long bytes) {
        long needed = (long) Float.BYTES * Math.max(TableLayout.LOCAL_RATES, TableLayout.MAX_GROUP);
        if (bytes < needed) {
            throw new BackendUnavailableException(
                    String.format(
                            Locale.ROOT,
                            "backend \"tornado\": device %s has %.1f KiB of local memory, the kernels"
                                    + " need %.1f; choose another device",
                            device.id(),
                            bytes / 1024.0,
                            needed / 1024.0));
        }
    }

    /** The device behind one of {@link #list()}. */
    public static TornadoDevice find(Device device) {
        String[] parts = device.id().split(":", -1);
        try {
            return TornadoRuntimeProvider.getTornadoRuntime()
                    .getBackend(Integer.parseInt(parts[0]))
                    .getDevice(Integer.parseInt(parts[1]));
        } catch (RuntimeException e) {
            throw new BackendUnavailableException(
                    "backend \"tornado\" has no device "
                            + device.id()
                            + ", only "
                            + list().stream().map(Device::id).collect(Collectors.joining(", ")),
                    e);
        }
    }
}
