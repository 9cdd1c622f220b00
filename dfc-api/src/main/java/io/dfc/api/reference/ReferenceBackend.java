package io.dfc.api.reference;

import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.PeakMeasuring;
import io.dfc.api.spi.Support;
import io.dfc.api.spi.support.UseGuard;
import io.dfc.api.tensor.ElementType;

/** The reference backend: runs every plan, on the calling thread. */
final class ReferenceBackend implements Backend, PeakMeasuring {
    private final String name;
    private final Device device;
    private final UseGuard guard;

    ReferenceBackend(String name, Device device) {
        this.name = name;
        this.device = device;
        guard = new UseGuard(name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public ElementType computeType() {
        return ElementType.F64;
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public Support supports(Plan plan) {
        return new Support.Supported();
    }

    @Override
    public Engine compile(Plan plan) {
        guard.requireOpen();
        return guard.engine(plan, ElementType.F64, new ReferenceEngine(plan));
    }

    @Override
    public double measurePeak() {
        guard.requireOpen();
        return PeakMeasurement.measure();
    }

    @Override
    public void close() {
        guard.close();
    }
}
