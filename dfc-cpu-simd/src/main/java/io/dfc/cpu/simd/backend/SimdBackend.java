package io.dfc.cpu.simd.backend;

import io.dfc.api.learn.FeedbackPlasticity;
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
import io.dfc.cpu.simd.reduced.ExpectedFeedback;
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
        guard = new UseGuard(name, workers::close);
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
        if (plan.network().outputs() > ExpectedFeedback.MOST_OUTPUTS && expectsFeedback(plan)) {
            return new Support.Declined(
                    "feedback.estimator: the mean over all noise takes matrices of n_L by n_L numbers"
                            + " for each sample, for up to %d outputs and not for %d; sample it"
                                    .formatted(
                                            ExpectedFeedback.MOST_OUTPUTS,
                                            plan.network().outputs()));
        }
        return plan.precision() == Precision.FULL
                ? new Support.Supported()
                : new Support.Declined("it does not round weights to " + plan.precision());
    }

    private static boolean expectsFeedback(Plan plan) {
        return plan.loops().stream()
                .flatMap(loop -> loop.phase().feedbackPlasticity().stream())
                .anyMatch(FeedbackPlasticity::isExpected);
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
        guard.close();
    }
}
