package io.dfc.algorithms.diagnostics.run;

import io.dfc.algorithms.config.DiagnosticMeasure;
import io.dfc.algorithms.diagnostics.AnalyticSteadyState;
import io.dfc.algorithms.diagnostics.DriveRatio;
import io.dfc.algorithms.diagnostics.LinearizedMinibatch;
import io.dfc.algorithms.diagnostics.NetworkMatrices;
import io.dfc.algorithms.diagnostics.SurrogateLoss;
import io.dfc.algorithms.diagnostics.UpdateAngles;
import io.dfc.algorithms.measure.MeasuredUpdate;
import io.dfc.algorithms.measure.Measurements;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.LoopResult;

import java.util.Set;

/** Measures the loop that an update was formed from. */
final class LoopDiagnosis {
    /** Outputs beyond which no linear system is solved for each sample of a minibatch. */
    private static final int MOST_OUTPUTS = 128;

    private final Set<DiagnosticMeasure> chosen;
    private final MeasuredUpdate update;
    private final LoopPhase phase;
    private final LinearizedMinibatch minibatch;
    private final LinearizedMinibatch few;
    private final NetworkMatrices matrices;

    LoopDiagnosis(
            Set<DiagnosticMeasure> chosen,
            MeasuredUpdate update,
            LoopHandle loop,
            LinearizedMinibatch minibatch,
            LinearizedMinibatch few) {
        this.chosen = chosen;
        this.update = update;
        phase = loop.phase();
        this.minibatch = minibatch;
        this.few = few;
        matrices = minibatch.matrices();
    }

    void measure(LoopResult result, Measurements.Builder out) {
        if (chosen.contains(DiagnosticMeasure.CONVERGENCE)) {
            out.put("converged", result.converged());
            out.put("diverged", result.diverged());
            out.put("undecided", result.samples() - result.converged() - result.diverged());
        }
        boolean drive = chosen.contains(DiagnosticMeasure.DRIVE);
        boolean surrogate = chosen.contains(DiagnosticMeasure.SURROGATE_LOSS);
        boolean analytic = chosen.contains(DiagnosticMeasure.ANALYTIC);
        if (!drive && !surrogate && !analytic) {
            return;
        }
        LoopEnd end = LoopEnd.of(matrices, update.samples(), result.trajectory());
        if (drive) {
            out.put("drive_ratio", DriveRatio.of(matrices, end.state(), end.control()));
        }
        if (surrogate) {
            out.put("surrogate_loss", SurrogateLoss.of(matrices, end.control()));
        }
        if (matrices.network().outputs() > MOST_OUTPUTS) {
            out.note("analytic, surrogate-loss: too many outputs for a linear system per sample");
            return;
        }
        if (surrogate) {
            update.gradient()
                    .ifPresent(
                            g ->
                                    UpdateDiagnosis.angles(
                                            "surrogate_loss",
                                            UpdateAngles.between(
                                                    g,
                                                    SurrogateLoss.gradient(
                                                            matrices,
                                                            end.state(),
                                                            end.control(),
                                                            phase.controller().leakage())),
                                            out));
        }
        if (analytic && phase.target() instanceof OutputTarget.Nudge nudge) {
            analytic(nudge, end, out);
        }
    }

    private void analytic(OutputTarget.Nudge nudge, LoopEnd end, Measurements.Builder out) {
        double leakage = phase.controller().leakage();
        LoopEnd ofFew = end.first(few.samples());
        out.put(
                "analytic_distance",
                AnalyticSteadyState.of(few, error(nudge, few), leakage).distance(ofFew.state()));
        if (phase.forwardPlasticities().getFirst().rule() instanceof DfcRule rule
                && update.gradient().isPresent()) {
            UpdateDiagnosis.angles(
                    "analytic",
                    UpdateAngles.between(
                            update.gradient().orElseThrow(),
                            AnalyticSteadyState.of(minibatch, error(nudge, minibatch), leakage)
                                    .update(rule, end.state())),
                    out);
        }
    }

    /** {@code r* - r_L^-}. */
    private double[] error(OutputTarget.Nudge nudge, LinearizedMinibatch of) {
        double step =
                switch (nudge.gradient()) {
                    case OF_BATCH_MEAN -> nudge.stepSize();
                    case OF_SAMPLE -> nudge.stepSize() * minibatch.samples();
                };
        int outputs = matrices.network().outputs();
        double[] error = new double[of.samples() * outputs];
        for (int b = 0; b < of.samples(); b++) {
            double[] g = of.lossGradient(b);
            for (int j = 0; j < outputs; j++) {
                error[b * outputs + j] = -step * g[j];
            }
        }
        return error;
    }
}
