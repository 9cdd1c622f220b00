package io.dfc.tornado.backend;

import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Device;

import java.util.List;

/**
 * Whether TornadoVM can run in this virtual machine. TornadoVM is started once: after a failed
 * start its classes stay unusable.
 */
final class RuntimeProbe {
    private static final String RUNTIME_MODULE = "tornado.runtime";
    private static final String RUNTIME_PROPERTY = "tornado.load.runtime.implementation";
    private static final String RECOVERY_PROPERTY = "tornado.recover.bailout";

    private RuntimeProbe() {}

    /** The result of the first call. */
    static Availability availability() {
        return Holder.AVAILABILITY;
    }

    /** Whether an accelerator is among the devices, and not processors alone. */
    static boolean hasAccelerator() {
        return availability() instanceof Availability.Available && Devices.hasAccelerator();
    }

    private static final class Holder {
        static final Availability AVAILABILITY = probe();

        private Holder() {}
    }

    private static Availability probe() {
        if (System.getProperty(RUNTIME_PROPERTY) == null) {
            return new Availability.Unavailable(
                    "this JVM was not started with TornadoVM's options",
                    "set TORNADOVM_HOME and start ./dfc, or start java with TornadoVM's argument file");
        }
        if (ModuleLayer.boot().findModule(RUNTIME_MODULE).isEmpty()) {
            return new Availability.Unavailable(
                    "no TornadoVM runtime on the module path",
                    "add $TORNADOVM_HOME/share/java/tornado to the module path");
        }
        if (!"false".equalsIgnoreCase(System.getProperty(RECOVERY_PROPERTY))) {
            return new Availability.Unavailable(
                    "TornadoVM would run a kernel that fails as plain Java, with wrong results",
                    "start java with -D" + RECOVERY_PROPERTY + "=False");
        }
        return NativeOutput.toStandardError(RuntimeProbe::start);
    }

    // All that a driver throws at its start, errors of linking included, is a reason.
    @SuppressWarnings("CatchingUnchecked")
    private static Availability start() {
        try {
            List<Device> devices = Devices.list();
            return devices.isEmpty()
                    ? new Availability.Unavailable(
                            "TornadoVM finds no device",
                            "install a driver of OpenCL (such as PoCL), CUDA or Level Zero")
                    : new Availability.Available(devices);
        } catch (Throwable e) {
            return StartFailure.of(e, System.getLogger("io.dfc.tornado"));
        }
    }
}
