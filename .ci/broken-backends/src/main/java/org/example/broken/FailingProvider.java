package org.example.broken;

import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Device;

/** A provider that cannot be made. */
public final class FailingProvider implements BackendProvider {
    /** Fails. */
    public FailingProvider() {
        throw new IllegalStateException("the licence server is gone");
    }

    @Override
    public String name() {
        return "failing";
    }

    @Override
    public int priority() {
        return 1000;
    }

    @Override
    public Availability probe() {
        throw new AssertionError("no provider was made");
    }

    @Override
    public Backend open(Device device, BackendOptions options) {
        throw new AssertionError("no provider was made");
    }
}
