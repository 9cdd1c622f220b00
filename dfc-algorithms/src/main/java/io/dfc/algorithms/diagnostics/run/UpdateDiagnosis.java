package io.dfc.algorithms.diagnostics.run;

import io.dfc.algorithms.config.DiagnosticMeasure;
import io.dfc.algorithms.config.DiagnosticsSection;
import io.dfc.algorithms.diagnostics.ConditionOne;
import io.dfc.algorithms.diagnostics.DampingSearch;
import io.dfc.algorithms.diagnostics.FeedbackAlignment;
import io.dfc.algorithms.diagnostics.LinearizedMinibatch;
import io.dfc.algorithms.diagnostics.MeanAndDeviation;
import io.dfc.algorithms.diagnostics.NetworkMatrices;
import io.dfc.algorithms.diagnostics.NullSpace;
import io.dfc.algorithms.diagnostics.UpdateAngles;
import io.dfc.algorithms.measure.MeasuredUpdate;
import io.dfc.algorithms.measure.Measurements;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.tensor.Tensor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;

/** Measures one update. */
final class UpdateDiagnosis {
    /** Multiplications for the decompositions of a minibatch beyond which they are left out. */
    private static final double MOST_WORK = 2e9;

    /** Numbers in the largest matrix that the null space is computed from. */
    private static final long LARGEST_NULL_SPACE = 1 << 20;

    private final DiagnosticsSection settings;
    private final Set<DiagnosticMeasure> chosen;
    private final MeasuredUpdate update;
    private final Optional<Parameters> gradient;
    private final NetworkMatrices matrices;
    private final LinearizedMinibatch minibatch;
    private final LinearizedMinibatch few;
    private final Optional<LoopHandle> loop;
    private final Measurements.Builder out = new Measurements.Builder();

    UpdateDiagnosis(
            DiagnosticsSection settings, MeasuredUpdate update, Optional<LoopHandle> forwardLoop) {
        this.settings = settings;
        this.update = update;
        loop = forwardLoop;
        chosen = settings.chosen();
        gradient = update.gradient();
        matrices = matrices(update);
        minibatch = LinearizedMinibatch.of(matrices, update.plan().loss(), update.samples());
        few = minibatch.first(Math.min(settings.samples(), minibatch.samples()));
    }

    /** The feedback weights are those of the plan's loops, whatever their name. */
    private static NetworkMatrices matrices(MeasuredUpdate update) {
        Parameters all = update.parameters();
        List<Tensor> feedback =
                update.plan().loops().stream()
                        .findFirst()
                        .map(l -> all.group(l.phase().feedback().name()))
                        .orElse(List.of());
        return NetworkMatrices.of(
                update.plan().network(), Parameters.of(all.weights(), all.biases(), feedback));
    }

    Measurements measure() {
        if (chosen.contains(DiagnosticMeasure.NORMS)) {
            norms();
        }
        if (chosen.contains(DiagnosticMeasure.BP)) {
            angles("bp", minibatch::backpropagation);
        }
        targets();
        conditions();
        nullSpace();
        loop.flatMap(update::result)
                .ifPresent(
                        result ->
                                new LoopDiagnosis(
                                                chosen, update, loop.orElseThrow(), minibatch, few)
                                        .measure(result, out));
        if (chosen.contains(DiagnosticMeasure.STABILITY)) {
            LoopStability.measure(update, few, loop, out);
        }
        return out.build(update.minibatch());
    }

    private void norms() {
        norms("norm_W", update.parameters().weights());
        norms("norm_b", update.parameters().biases());
        norms(
                "norm_Q",
                update.plan().loops().stream()
                        .findFirst()
                        .map(l -> update.parameters().group(l.phase().feedback().name()))
                        .orElse(List.of()));
        gradient.ifPresent(
                g -> {
                    norms("norm_update_W", g.weights());
                    norms("norm_update_b", g.biases());
                });
    }

    private void norms(String name, List<Tensor> group) {
        double[] norms = new double[group.size()];
        for (int i = 0; i < norms.length; i++) {
            double squares = 0;
            for (double x : group.get(i).toDoubles()) {
                squares += x * x;
            }
            norms[i] = Math.sqrt(squares);
        }
        out.put(name, norms);
    }

    private void angles(String name, Supplier<Parameters> other) {
        gradient.ifPresent(g -> angles(name, UpdateAngles.between(g, other.get()), out));
    }

    static void angles(String name, UpdateAngles angles, Measurements.Builder out) {
        out.put(name + "_angle", angles.total());
        out.put(name + "_angle_W", angles.weights());
        out.put(name + "_angle_b", angles.biases());
    }

    private void targets() {
        boolean gn = chosen.contains(DiagnosticMeasure.GN);
        boolean mn = chosen.contains(DiagnosticMeasure.MN);
        if (gradient.isEmpty() || !gn && !mn) {
            return;
        }
        if (work(minibatch.samples()) > MOST_WORK) {
            out.note("gn, mn: too many outputs for a decomposition per sample of the minibatch");
            return;
        }
        double damping = settings.damping();
        if (gn) {
            angles("gn", () -> minibatch.gaussNewton(damping));
            search("gn", minibatch::gaussNewton);
        }
        if (mn) {
            angles("mn", () -> minibatch.minimumNorm(damping));
            angles(
                    "mn_nonlinear",
                    () -> minibatch.minimumNorm(damping, true, minibatch.feedforward()));
            search("mn", minibatch::minimumNorm);
        }
    }

    private void search(String name, DoubleFunction<Parameters> comparison) {
        if (settings.dampingSearch()) {
            DampingSearch found =
                    DampingSearch.of(gradient.orElseThrow(), comparison, DampingSearch.PUBLISHED);
            out.put(name + "_best_damping", found.damping());
            out.put(name + "_best_angle", found.angle());
            out.put(name + "_best_damping_W", found.layerDamping());
            out.put(name + "_best_angle_W", found.layerAngle());
        }
    }

    private void conditions() {
        if (chosen.contains(DiagnosticMeasure.CONDITION_1)) {
            ConditionOne one = ConditionOne.of(minibatch.feedforward());
            spread("condition_1", one.paper());
            spread("condition_1_program", one.program());
            out.put(
                    "condition_1_layers",
                    one.layers().stream().mapToDouble(MeanAndDeviation::mean).toArray());
        }
        boolean two = chosen.contains(DiagnosticMeasure.CONDITION_2);
        boolean angles = chosen.contains(DiagnosticMeasure.FEEDBACK);
        if (!matrices.hasFeedback() || !two && !angles) {
            return;
        }
        if (work(few.samples()) > MOST_WORK) {
            out.note("condition-2, feedback: too many outputs for a decomposition per sample");
            return;
        }
        if (two) {
            spread("condition_2", MeanAndDeviation.of(FeedbackAlignment.conditionTwo(few)));
        }
        if (angles) {
            out.put("feedback_transpose_angle", FeedbackAlignment.angleToTranspose(few));
            out.put(
                    "feedback_pseudoinverse_angle",
                    FeedbackAlignment.angleToPseudoInverse(few, settings.damping()));
        }
    }

    private void spread(String name, MeanAndDeviation value) {
        out.put(name, value.mean());
        out.put(name + "_deviation", value.deviation());
    }

    private void nullSpace() {
        if (!chosen.contains(DiagnosticMeasure.NULL_SPACE) || gradient.isEmpty()) {
            return;
        }
        if (NullSpace.size(update.plan().network(), minibatch.samples()) > LARGEST_NULL_SPACE) {
            out.note("null-space: the minibatch has too many outputs; it is for small ones");
        } else {
            out.put("null_space", NullSpace.ratios(minibatch, gradient.orElseThrow()));
        }
    }

    /** Multiplications of a singular value decomposition per sample. */
    private double work(int samples) {
        Network network = update.plan().network();
        return (double) samples * network.outputs() * network.outputs() * network.neurons();
    }
}
