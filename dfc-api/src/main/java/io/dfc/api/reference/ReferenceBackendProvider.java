package io.dfc.api.reference;

import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Device;

import java.util.List;
import java.util.Set;

/** Provider of the reference backend, which is always available. */
public final class ReferenceBackendProvider implements BackendProvider {
    private static final Device DEVICE =
            new Device("cpu", "one CPU thread, plain loops in float64");

    /** For {@link java.util.ServiceLoader}. */
    public ReferenceBackendProvider() {}

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Set<String> keywords() {
        return Set.of("java", "plain", "float64", "double");
    }

    @Override
    public Availability probe() {
        return new Availability.Available(List.of(DEVICE));
    }

    @Override
    public Backend open(Device device, BackendOptions options) {
        return new ReferenceBackend(name(), device);
    }
}
