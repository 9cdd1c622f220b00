package io.dfc.tornado;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.spi.Device;

import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The drivers and devices that TornadoVM finds. */
final class Devices {
    private Devices() {}

    /** All devices, with identifiers {@code driver:device}. */
    static List<Device> list() {
        TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
        List<Device> out = new ArrayList<>();
        for (int b = 0; b < runtime.getNumBackends(); b++) {
            TornadoBackend driver = runtime.getBackend(b);
            for (int d = 0; d < driver.getNumDevices(); d++) {
                out.add(new Device(b + ":" + d, describe(driver.getDevice(d))));
            }
        }
        return out;
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

    /** Programs for a device of {@link #list()}. */
    static ProgramPool pool(Device device) {
        TornadoDevice found = find(device);
        return new ProgramPool(found, groupSize(found));
    }

    private static TornadoDevice find(Device device) {
        String[] parts = device.id().split(":", -1);
        try {
            return TornadoRuntimeProvider.getTornadoRuntime()
                    .getBackend(Integer.parseInt(parts[0]))
                    .getDevice(Integer.parseInt(parts[1]));
        } catch (RuntimeException e) {
            throw new BackendUnavailableException(
                    "backend \"tornado\" has no device " + device.id() + ": " + e.getMessage(), e);
        }
    }

    /** Work-items in a group, within what the device allows. */
    private static int groupSize(TornadoDevice device) {
        long most = device.getDeviceMaxWorkgroupDimensions()[0];
        int size = 64;
        while (size > most) {
            size /= 2;
        }
        return size;
    }
}
