package io.dfc.cpu.simd.backend;

import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.PeakMeasuring;
import io.dfc.api.spi.Support;
import io.dfc.api.spi.Tunable;
import io.dfc.api.spi.support.UseGuard;
import io.dfc.api.tensor.ElementType;
import io.dfc.cpu.simd.program.ProgramRun;
import io.dfc.cpu.simd.runtime.Workers;
import io.dfc.cpu.simd.tuning.BlockChoice;
import io.dfc.cpu.simd.tuning.Hardware;
import io.dfc.cpu.simd.tuning.NamedBlocks;
import io.dfc.cpu.simd.tuning.PeakMeasurement;

/** The SIMD backend: float32 on the Vector API. */
final class SimdBackend implements Backend, PeakMeasuring, Tunable {
    private final String name;
    private final Device device;
    private final Workers workers;
    private final BlockChoice choice;
    private final UseGuard guard;

    SimdBackend(String name, Device device, int threads) {
        NamedBlocks.requireValid();
        this.name = name;
        workers = new Workers(threads);
        choice = BlockChoice.found(workers);
        this.device = new Device(device.id(), Hardware.describe(choice));
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
        return ElementType.F32;
    }

    @Override
    public int threads() {
        return workers.threads();
    }

    @Override
    public Support supports(Plan plan) {
        if (FeedbackGroups.of(plan).size() > 1) {
            return new Support.Declined(
                    "it carries control signals through one group of feedback weights, not through "
                            + FeedbackGroups.of(plan));
        }
        for (PhaseHandle phase : plan.phases()) {
            if (phase instanceof ProgramHandle program
                    && ProgramRun.objection(program.phase()).isPresent()) {
                return new Support.Declined(ProgramRun.objection(program.phase()).get());
            }
        }
        return plan.precision() == Precision.FULL
                ? new Support.Supported()
                : new Support.Declined("it does not round weights to " + plan.precision());
    }

    @Override
    public Engine compile(Plan plan) {
        guard.requireSupported(supports(plan));
        return guard.engine(plan, ElementType.F32, new SimdEngine(plan, workers, choice.blocks()));
    }

    @Override
    public double measurePeak() {
        guard.requireOpen();
        return PeakMeasurement.measure(workers);
    }

    @Override
    public String tune() {
        guard.requireOpen();
        return BlockChoice.measured(workers)
                .map(BlockChoice::toString)
                .orElse("nothing, for the cache folder cannot be written or is in use");
    }

    @Override
    public void close() {
        if (guard.close()) {
            workers.close();
        }
    }
}
