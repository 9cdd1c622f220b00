package io.dfc.tornado;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Device;

/**
 * Provider of the TornadoVM backend. It mentions no TornadoVM class, so that it loads where
 * TornadoVM is absent and can say so.
 */
public final class TornadoBackendProvider implements BackendProvider {
    private static final String RUNTIME_MODULE = "tornado.runtime";
    private static final String RUNTIME_PROPERTY = "tornado.load.runtime.implementation";

    /** For {@link java.util.ServiceLoader}. */
    public TornadoBackendProvider() {}

    @Override
    public String name() {
        return "tornado";
    }

    @Override
    public int priority() {
        return 200;
    }

    @Override
    public Availability probe() {
        return unavailable();
    }

    private static Availability.Unavailable unavailable() {
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
        return new Availability.Unavailable(
                "this version holds no kernels for TornadoVM yet",
                "choose another backend, such as cpu-simd");
    }

    @Override
    public Backend open(Device device, BackendOptions options) {
        Availability.Unavailable why = unavailable();
        throw new BackendUnavailableException(
                "backend \"" + name() + "\" is unavailable: " + why.reason() + "; " + why.remedy());
    }
}
