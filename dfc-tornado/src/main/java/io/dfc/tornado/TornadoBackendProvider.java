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
        return Probe.answer();
    }

    @Override
    public Backend open(Device device, BackendOptions options) {
        if (probe() instanceof Availability.Unavailable(String reason, String remedy)) {
            throw new BackendUnavailableException(
                    "backend \"" + name() + "\" is unavailable: " + reason + "; " + remedy);
        }
        return Opener.open(name(), device);
    }

    /** Keeps TornadoVM's classes out of the provider itself. */
    private static final class Opener {
        private Opener() {}

        static Backend open(String name, Device device) {
            return new TornadoBackend(name, device, Devices.pool(device));
        }
    }
}
