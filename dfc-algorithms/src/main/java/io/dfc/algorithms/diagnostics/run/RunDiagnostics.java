package io.dfc.algorithms.diagnostics.run;

import io.dfc.algorithms.config.DiagnosticMeasure;
import io.dfc.algorithms.config.DiagnosticsSection;
import io.dfc.algorithms.measure.MeasuredUpdate;
import io.dfc.algorithms.measure.Measurements;
import io.dfc.algorithms.measure.RunMeasurement;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.trajectory.Recording;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Measures updates of a run, every so many minibatches of its training sweep. Decompositions are
 * those of float64 copies of the engine's parameters, updates and end states are the engine's own.
 */
public final class RunDiagnostics implements RunMeasurement {
    /** Measures that need to know where the loop ends. */
    private static final Set<DiagnosticMeasure> OF_THE_END =
            EnumSet.of(
                    DiagnosticMeasure.ANALYTIC,
                    DiagnosticMeasure.STABILITY,
                    DiagnosticMeasure.DRIVE,
                    DiagnosticMeasure.SURROGATE_LOSS);

    private final DiagnosticsSection settings;
    private final Plan plan;
    private final Optional<LoopHandle> forwardLoop;
    private boolean due;

    private RunDiagnostics(DiagnosticsSection settings, LearningPlan learning) {
        this.settings = settings;
        plan = learning.plan();
        forwardLoop = learning.forwardLoop();
    }

    /**
     * The measurement that a configuration asks for.
     *
     * @param settings what is measured
     * @param learning how the network learns
     * @return the measurement, for one run; nothing if it is off
     */
    public static RunMeasurement of(DiagnosticsSection settings, LearningPlan learning) {
        return settings.every() == 0
                ? RunMeasurement.none()
                : new RunDiagnostics(settings, learning);
    }

    @Override
    public boolean measuresUpdate(int minibatch) {
        due = minibatch % settings.every() == 0;
        return due;
    }

    @Override
    public Recording recording(LoopHandle loop, int minibatch) {
        boolean wanted = !Collections.disjoint(settings.chosen(), OF_THE_END);
        return due && wanted && forwardLoop.filter(f -> f == loop).isPresent()
                ? LoopEnd.request(plan, loop.phase())
                : Recording.none();
    }

    /** The trajectory is read with the update. */
    @Override
    public void measured(LoopHandle loop, int minibatch, LoopResult result) {}

    @Override
    public Measurements measure(MeasuredUpdate update) {
        due = false;
        return new UpdateDiagnosis(settings, update, forwardLoop).measure();
    }
}
