package io.dfc.tornado;

import io.dfc.api.control.Controller;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.learn.Update;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Support;
import io.dfc.api.spi.support.UseGuard;
import io.dfc.api.tensor.ElementType;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The backend on one device. */
final class TornadoBackend implements Backend {
    private static final int MAX_REPLICAS = 64;

    private final String name;
    private final Device device;
    private final ProgramPool pool;
    private final int units;
    private final Supplier<String> tuning;
    private final UseGuard guard;

    /**
     * A backend.
     *
     * @param units compute units of the device
     * @param tuning tries the device's settings
     */
    TornadoBackend(
            String name, Device device, ProgramPool pool, int units, Supplier<String> tuning) {
        this.name = name;
        this.device = device;
        this.pool = pool;
        this.units = units;
        this.tuning = tuning;
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
        return 1;
    }

    @Override
    public Support supports(Plan plan) {
        return reasonAgainst(plan)
                .<Support>map(Support.Declined::new)
                .orElseGet(Support.Supported::new);
    }

    private Optional<String> reasonAgainst(Plan plan) {
        if (plan.replicas() > MAX_REPLICAS) {
            return Optional.of(
                    "it trains at most "
                            + MAX_REPLICAS
                            + " networks at once, not "
                            + plan.replicas());
        }
        Optional<String> reason =
                plan.control()
                        .flatMap(TornadoBackend::reasonAgainst)
                        .or(() -> plan.feedback().flatMap(f -> reasonAgainst(f.rule())));
        if (reason.isPresent()) {
            return reason;
        }
        if (PlanFacts.averages(plan) > Slots.MAX_AVERAGES) {
            return Optional.of(
                    "it forms at most " + Slots.MAX_AVERAGES + " averages over time at once");
        }
        try {
            Layout.all(plan, pool.transposes());
            return Optional.empty();
        } catch (PlanUnsupportedException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Optional<String> reasonAgainst(ControlPhase phase) {
        for (Update update : phase.updates()) {
            if (!(update.rule() instanceof PublishedRule)) {
                return Optional.of(
                        "a learning rule of your own is Java code, which does not run on the"
                                + " device");
            }
        }
        return reasonAgainst(phase.controller());
    }

    private static Optional<String> reasonAgainst(FeedbackRule rule) {
        return switch (rule) {
            case FeedbackRule.NormalController normal -> reasonAgainst(normal.controller());
            case FeedbackRule.ForwardPerturbation p -> Optional.empty();
            case FeedbackRule.LinearizedReconstruction r -> Optional.empty();
        };
    }

    private static Optional<String> reasonAgainst(Controller controller) {
        return controller instanceof ProportionalIntegralController
                ? Optional.empty()
                : Optional.of(
                        "a controller of your own is Java code, which does not run on the device");
    }

    @Override
    public Engine compile(Plan plan) {
        guard.requireOpen();
        requireSupported(plan);
        if (plan.replicas() != 1) {
            throw new PlanUnsupportedException(
                    "backend \""
                            + name
                            + "\": a plan for "
                            + plan.replicas()
                            + " networks needs an engine for each; use compileReplicas");
        }
        return guard.guarded(TornadoEngine.all(plan, pool).getFirst());
    }

    @Override
    public List<Engine> compileReplicas(Plan plan) {
        guard.requireOpen();
        requireSupported(plan);
        return TornadoEngine.all(plan, pool).stream().map(guard::guarded).toList();
    }

    private void requireSupported(Plan plan) {
        if (supports(plan) instanceof Support.Declined(String reason)) {
            throw new PlanUnsupportedException(
                    "backend \"" + name + "\" cannot run this plan: " + reason);
        }
    }

    @Override
    public double measurePeak() {
        guard.requireOpen();
        return PeakMeasurement.measure(pool, units);
    }

    @Override
    public Optional<String> tune() {
        guard.requireOpen();
        return Optional.of(tuning.get());
    }

    @Override
    public void close() {
        if (guard.close()) {
            pool.close();
        }
    }
}
