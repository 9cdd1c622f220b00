package io.dfc.tornado.backend;

import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.PeakMeasuring;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.Support;
import io.dfc.api.spi.Tunable;
import io.dfc.api.spi.support.UseGuard;
import io.dfc.api.tensor.ElementType;
import io.dfc.tornado.engine.TornadoEngine;
import io.dfc.tornado.runtime.KernelPool;

import java.util.List;
import java.util.function.Supplier;

/** The backend on one device. */
public final class TornadoBackend implements Backend, PeakMeasuring, Tunable, ReplicaTraining {
    private final String name;
    private final Device device;
    private final KernelPool pool;
    private final int units;
    private final Supplier<String> tuning;
    private final UseGuard guard;

    /**
     * A backend.
     *
     * @param units compute units of the device
     * @param tuning measures and stores the device's sizes of work-groups
     */
    public TornadoBackend(
            String name, Device device, KernelPool pool, int units, Supplier<String> tuning) {
        this.name = name;
        this.device = device;
        this.pool = pool;
        this.units = units;
        this.tuning = tuning;
        guard = new UseGuard(name, pool::close);
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
        return ElementType.F32;
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public Support supports(Plan plan) {
        return supports(plan, 1);
    }

    @Override
    public Support supports(Plan plan, int count) {
        return PlanChecks.reasonAgainst(plan, count, pool.transposes())
                .<Support>map(Support.Declined::new)
                .orElseGet(Support.Supported::new);
    }

    @Override
    public Engine compile(Plan plan) {
        return compileReplicas(plan, 1).getFirst();
    }

    @Override
    public List<Engine> compileReplicas(Plan plan, int count) {
        guard.requireOpen();
        if (supports(plan, count) instanceof Support.Declined(String reason)) {
            throw new PlanUnsupportedException(
                    "backend \"" + name + "\" cannot run this plan: " + reason);
        }
        return TornadoEngine.all(plan, count, pool).stream()
                .map(core -> guard.engine(plan, computeType(), core))
                .toList();
    }

    @Override
    public double measurePeak() {
        guard.requireOpen();
        return PeakMeasurement.measure(pool, units);
    }

    @Override
    public String tune() {
        guard.requireOpen();
        return tuning.get();
    }

    @Override
    public void close() {
        guard.close();
    }
}
