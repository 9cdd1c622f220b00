package io.dfc.bench.golden.scenario;

import io.dfc.algorithms.diagnostics.AnalyticSteadyState;
import io.dfc.algorithms.diagnostics.FeedbackAlignment;
import io.dfc.algorithms.diagnostics.LinearizedMinibatch;
import io.dfc.algorithms.diagnostics.LoopConstants;
import io.dfc.algorithms.diagnostics.MeanAndDeviation;
import io.dfc.algorithms.diagnostics.NetworkState;
import io.dfc.algorithms.diagnostics.NullSpace;
import io.dfc.algorithms.diagnostics.StabilityMatrix;
import io.dfc.algorithms.diagnostics.UpdateAngles;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Passes what the theory says about an update on to observations. */
final class DiagnosticsObserver {
    private final LinearizedMinibatch minibatch;
    private final Parameters update;
    private final NetworkState end;
    private final NetworkState presynaptic;
    private final Observations observed;

    /**
     * An observer of one update.
     *
     * @param minibatch its samples
     * @param update the update
     * @param end voltages at the last time point, before samples are left out
     * @param presynaptic the same, after that
     * @param observed receives the quantities
     */
    DiagnosticsObserver(
            LinearizedMinibatch minibatch,
            Parameters update,
            NetworkState end,
            NetworkState presynaptic,
            Observations observed) {
        this.minibatch = minibatch;
        this.update = update;
        this.end = end;
        this.presynaptic = presynaptic;
        this.observed = observed;
    }

    void observeUpdate() {
        observed.addLayers("update.grad_W", update::weights);
        observed.addLayers("update.grad_b", update::biases);
        observed.add("null_space_relative_norm", () -> vector(NullSpace.ratios(minibatch, update)));
    }

    void observeAngles(List<Double> dampings) {
        angles("bp", minibatch::backpropagation);
        for (int k = 0; k < dampings.size(); k++) {
            double damping = dampings.get(k);
            String at = "by_damping[" + k + "].";
            NetworkState feedforward = minibatch.feedforward();
            angles(at + "gn", () -> minibatch.gaussNewton(damping));
            angles(at + "mn", () -> minibatch.minimumNorm(damping));
            angles(at + "mn_nonlinear", () -> minibatch.minimumNorm(damping, true, feedforward));
            angles(
                    at + "mn_steady_state",
                    () -> minibatch.minimumNorm(damping, false, presynaptic));
            angles(
                    at + "mn_nonlinear_steady_state",
                    () -> minibatch.minimumNorm(damping, true, presynaptic));
            observed.add(
                    at + "jacobian_pseudoinverse_angle",
                    () -> scalar(FeedbackAlignment.angleToPseudoInverse(minibatch, damping)));
        }
    }

    void observeAnalytic(Tensor target, double leakage, DfcRule rule) {
        angles(
                "analytic",
                () -> {
                    double[] error = target.toDoubles();
                    double[] output = minibatch.feedforward().rates().getLast();
                    for (int k = 0; k < error.length; k++) {
                        error[k] -= output[k];
                    }
                    return AnalyticSteadyState.of(minibatch, error, leakage)
                            .update(rule, presynaptic);
                });
    }

    void observeFeedback() {
        observed.add(
                "jacobian_transpose_angle",
                () -> scalar(FeedbackAlignment.angleToTranspose(minibatch)));
        observed.add(
                "condition_two_ratio",
                () ->
                        scalar(
                                MeanAndDeviation.of(FeedbackAlignment.conditionTwo(minibatch))
                                        .mean()));
    }

    void observeStability(LoopConstants constants, Optional<LoopConstants> feedback) {
        eigenvalues("at_feedback_phase_voltages", end, constants);
        eigenvalues("at_feedforward_voltages", minibatch.feedforward(), constants);
        feedback.ifPresent(
                other ->
                        eigenvalues(
                                "at_feedforward_voltages_feedback_constants",
                                minibatch.feedforward(),
                                other));
    }

    private void eigenvalues(String place, NetworkState state, LoopConstants constants) {
        for (StabilityMatrix kind : StabilityMatrix.values()) {
            observed.add(
                    "max_real_eigenvalue." + place + "." + kind.name().toLowerCase(Locale.ROOT),
                    () -> {
                        double[] largest = new double[minibatch.samples()];
                        for (int b = 0; b < largest.length; b++) {
                            largest[b] =
                                    kind.full(minibatch.matrices(), state, b, constants)
                                            .largestRealPart();
                        }
                        return vector(largest);
                    });
        }
    }

    /** Angles to another update; formed for each quantity that is asked for. */
    private void angles(String name, Supplier<Parameters> other) {
        observed.add(name + "_angle_W", () -> vector(between(other).weights()));
        observed.add(name + "_angle_b", () -> vector(between(other).biases()));
        observed.add(name + "_angle_total", () -> scalar(between(other).total()));
    }

    private UpdateAngles between(Supplier<Parameters> other) {
        return UpdateAngles.between(update, other.get());
    }

    private static Tensor vector(double[] values) {
        return Tensor.wrap(values, values.length);
    }

    private static Tensor scalar(double value) {
        return Tensor.of(new double[] {value});
    }
}
