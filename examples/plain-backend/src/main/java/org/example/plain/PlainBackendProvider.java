package org.example.plain;

import module io.dfc.api;
import module java.base;

/** How this backend is found: module-info and META-INF/services name this class. */
public final class PlainBackendProvider implements BackendProvider {
    @Override public String name() { return "plain"; }
    @Override public int priority() { return -1; } // auto prefers every other one

    @Override
    public Availability probe() {
        return new Availability.Available(List.of(new Device("cpu", "one thread, plain loops")));
    }

    @Override
    public Backend open(Device device, BackendOptions options) {
        return new PlainBackend(name(), device, new UseGuard(name()));
    }
}
