package io.dfc.tornado.backend;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Device;

import java.util.Set;

/**
 * Provider of the TornadoVM backend. It mentions no TornadoVM class, so that it loads where
 * TornadoVM is absent and can say so.
 */
public final class TornadoBackendProvider implements BackendProvider {
    private static final int ACCELERATOR = 200;
    private static final int PROCESSOR = 50;

    /** For {@link java.util.ServiceLoader}. */
    public TornadoBackendProvider() {}

    @Override
    public String name() {
        return "tornado";
    }

    /** {@inheritDoc} With processors alone it stands behind the backend that is made for them. */
    @Override
    public int priority() {
        return RuntimeProbe.hasAccelerator() ? ACCELERATOR : PROCESSOR;
    }

    @Override
    public Set<String> keywords() {
        return Set.of(
                "gpu",
                "cuda",
                "opencl",
                "spirv",
                "levelzero",
                "nvidia",
                "amd",
                "intel",
                "fpga",
                "accelerator",
                "tornadovm");
    }

    @Override
    public Availability probe() {
        return RuntimeProbe.availability();
    }

    @Override
    public Backend open(Device device, BackendOptions options) {
        if (probe() instanceof Availability.Unavailable(String reason, String remedy)) {
            throw new BackendUnavailableException(
                    "backend \"" + name() + "\" is unavailable: " + reason + "; " + remedy);
        }
        // TornadoVM's classes are mentioned there, and first touched here.
        return Devices.open(name(), device);
    }
}
