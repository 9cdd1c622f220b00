package io.dfc.tornado.backend;

import io.dfc.api.spi.Availability;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Why TornadoVM does not start, in the user's words. What it throws and what drivers say goes to
 * the log, at level DEBUG.
 */
final class StartFailure {
    private static final String REASON = "TornadoVM does not start: ";
    private static final String INSTALL =
            "install a driver of OpenCL (such as PoCL), CUDA or Level Zero, and start java with the"
                    + " argument file of that SDK";
    private static final String ARGUMENT_FILE =
            "start java with the argument file of TornadoVM's SDK, which ";

    private StartFailure() {}

    /** The reason and the remedy. */
    static Availability.Unavailable of(Throwable failure, Logger log) {
        log.log(Level.DEBUG, "TornadoVM does not start", failure);
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = t.getMessage() == null ? "" : t.getMessage();
            if (message.contains("JNI Library not found")) {
                return unavailable(
                        "its native libraries are not found", ARGUMENT_FILE + "names their folder");
            }
            if (t instanceof UnsatisfiedLinkError) {
                return unavailable(
                        "a library of a driver is missing",
                        "install the driver, or use an SDK built without it");
            }
            if (t instanceof InternalError) {
                return unavailable(
                        "this JVM's compiler interface, JVMCI, is not enabled",
                        ARGUMENT_FILE + "enables it");
            }
            if (message.contains("No OpenCL platforms")) {
                return unavailable("no driver of OpenCL is found", INSTALL);
            }
        }
        return unavailable("a driver or a device fails", INSTALL);
    }

    private static Availability.Unavailable unavailable(String reason, String remedy) {
        return new Availability.Unavailable(REASON + reason, remedy);
    }
}
