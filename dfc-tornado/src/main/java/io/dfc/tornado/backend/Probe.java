package io.dfc.tornado.backend;

import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Device;
import io.dfc.tornado.runtime.Failures;

import java.util.List;

/**
 * Whether TornadoVM can run here. It is asked once: after a failed start its classes stay unusable
 * for the life of the virtual machine.
 */
final class Probe {
    private static final String RUNTIME_MODULE = "tornado.runtime";
    private static final String RUNTIME_PROPERTY = "tornado.load.runtime.implementation";
    private static final String RECOVERY_PROPERTY = "tornado.recover.bailout";

    private Probe() {}

    /** The answer of the first call. */
    static Availability answer() {
        return Holder.ANSWER;
    }

    /** Whether an accelerator is among the devices, and not processors alone. */
    static boolean hasAccelerator() {
        return answer() instanceof Availability.Available && Devices.hasAccelerator();
    }

    private static final class Holder {
        static final Availability ANSWER = probe();

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
        return start();
    }

    // Whatever a driver throws on its way up, errors of linking included, it is a reason.
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
            return new Availability.Unavailable(
                    "TornadoVM does not start: " + Failures.reason(e), remedy(e));
        }
    }

    private static String remedy(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof UnsatisfiedLinkError) {
                return "install the driver whose library is missing, or use an SDK built without it";
            }
            if (t instanceof InternalError) {
                return "start java with TornadoVM's argument file, which enables JVMCI";
            }
        }
        return "install a driver of OpenCL (such as PoCL), CUDA or Level Zero, and start java with"
                + " the argument file of that SDK";
    }
}
