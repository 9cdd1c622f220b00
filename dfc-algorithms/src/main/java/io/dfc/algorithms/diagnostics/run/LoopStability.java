package io.dfc.algorithms.diagnostics.run;

import io.dfc.algorithms.diagnostics.LinearizedMinibatch;
import io.dfc.algorithms.diagnostics.LoopConstants;
import io.dfc.algorithms.diagnostics.MeanAndDeviation;
import io.dfc.algorithms.diagnostics.NetworkMatrices;
import io.dfc.algorithms.diagnostics.NetworkState;
import io.dfc.algorithms.diagnostics.ReducedLoop;
import io.dfc.algorithms.diagnostics.StabilityMatrix;
import io.dfc.algorithms.diagnostics.StabilityVerdict;
import io.dfc.algorithms.measure.MeasuredUpdate;
import io.dfc.algorithms.measure.Measurements;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Whether the loops of a plan are stable. */
public final class LoopStability {
    /** Rows of a matrix beyond which its eigenvalues take seconds. */
    private static final int LARGEST = 600;

    /**
     * States of the reduced-order loop beside one per layer: integral, control, applied control.
     */
    private static final int CONTROLLER_STATES = 3;

    private LoopStability() {}

    /**
     * A loop of a plan and what is to be said of it.
     *
     * @param loop the loop
     * @param group group of its settings, such as {@code control}
     * @param verdict whether it is stable
     */
    public record Judged(LoopHandle loop, String group, StabilityVerdict verdict) {
        /** {@return the verdict in words, with the loop's name} */
        public String inWords() {
            return "loop \"" + loop.name() + "\" is " + verdict.inWords(group);
        }
    }

    /**
     * Judges all loops with the published controller, at the feedforward pass of some samples.
     *
     * @param plan the plan
     * @param parameters its parameters
     * @param inputs shape [B, n_0]
     * @return a verdict for each simulated loop whose eigenvalues take no longer than a moment
     */
    public static List<Judged> judge(Plan plan, Parameters parameters, Tensor inputs) {
        List<Judged> judged = new ArrayList<>();
        for (LoopHandle loop : plan.loops()) {
            judge(plan, loop, parameters, inputs, ReducedLoop::at).ifPresent(judged::add);
        }
        return judged;
    }

    /** Makes the loop of a sample. */
    private interface LoopOf {
        ReducedLoop at(NetworkMatrices matrices, NetworkState state, int sample);
    }

    private static Optional<Judged> judge(
            Plan plan, LoopHandle loop, Parameters parameters, Tensor inputs, LoopOf ofSample) {
        LoopPhase phase = loop.phase();
        boolean simulated = !(phase.solver() instanceof Solver.Linearized);
        if (!simulated
                || !isSmall(plan)
                || !(phase.controller() instanceof ProportionalIntegralController controller)) {
            return Optional.empty();
        }
        NetworkMatrices matrices = matrices(plan, phase, parameters);
        NetworkState state = NetworkState.feedforward(matrices, inputs);
        return Optional.of(
                new Judged(
                        loop,
                        group(loop),
                        StabilityVerdict.of(
                                loops(matrices, state, ofSample), controller, phase.dynamics())));
    }

    private static List<ReducedLoop> loops(
            NetworkMatrices matrices, NetworkState state, LoopOf ofSample) {
        return IntStream.range(0, state.samples())
                .mapToObj(b -> ofSample.at(matrices, state, b))
                .toList();
    }

    private static NetworkMatrices matrices(Plan plan, LoopPhase phase, Parameters parameters) {
        return NetworkMatrices.of(
                plan.network(),
                Parameters.of(
                        parameters.weights(),
                        parameters.biases(),
                        parameters.group(phase.feedback().name())));
    }

    private static boolean isSmall(Plan plan) {
        return (plan.network().depth() + CONTROLLER_STATES) * plan.network().outputs() <= LARGEST;
    }

    /** Loops in which feedback weights alone learn have constants of their own. */
    private static String group(LoopHandle loop) {
        return loop.phase().forwardPlasticities().isEmpty() ? "feedback" : "control";
    }

    /**
     * What must be said of a run before it begins. A loop that leaves every bound is refused; one
     * whose feedback weights are yet to learn only if it would do so with feedback weights that
     * have learnt, which are taken to be the damped pseudo-inverse of the Jacobian at the norm of
     * those that are there.
     *
     * @param plan the plan
     * @param parameters parameters at the start
     * @param inputs inputs of some training samples, [B, n_0]
     * @param stability {@code refuse}, {@code warn} or {@code ignore}
     * @return warnings, one line each
     * @throws BadConfigurationException if the run is refused; it says what to change
     */
    public static List<String> check(
            Plan plan, Parameters parameters, Tensor inputs, String stability) {
        List<String> warnings = new ArrayList<>();
        if (stability.equals("ignore")) {
            return warnings;
        }
        for (Judged judged : judge(plan, parameters, inputs)) {
            if (judged.verdict().isStable()) {
                continue;
            }
            boolean learns = learns(plan, judged.loop().phase());
            Judged counts =
                    learns
                            ? judge(
                                            plan,
                                            judged.loop(),
                                            parameters,
                                            inputs,
                                            ReducedLoop::withLearntFeedback)
                                    .orElseThrow()
                            : judged;
            String text =
                    counts.inWords()
                            + (learns ? ", even with feedback weights that have learnt" : "");
            if (counts.verdict().isHopeless() && stability.equals("refuse")) {
                throw new BadConfigurationException(
                        judged.group(),
                        text + "; --set diagnostics.stability=warn runs it all the same");
            }
            if (!counts.verdict().isStable()) {
                warnings.add(text);
            }
        }
        return warnings;
    }

    private static boolean learns(Plan plan, LoopPhase phase) {
        return plan.optimizers().stream()
                .flatMap(optimizer -> optimizer.groups().stream())
                .anyMatch(group -> group == phase.feedback());
    }

    /** Largest real parts and spectral radii of all loops. */
    static void measure(
            MeasuredUpdate update,
            LinearizedMinibatch few,
            Optional<LoopHandle> forwardLoop,
            Measurements.Builder out) {
        Plan plan = update.plan();
        if (plan.loops().isEmpty()) {
            return;
        }
        if (!isSmall(plan)) {
            out.note("stability: too many outputs for eigenvalues");
            return;
        }
        for (LoopHandle loop : plan.loops()) {
            if (loop.phase().controller() instanceof ProportionalIntegralController controller) {
                boolean controlled = forwardLoop.filter(f -> f == loop).isPresent();
                NetworkState state =
                        controlled
                                ? update.result(loop)
                                        .map(
                                                r ->
                                                        LoopEnd.of(
                                                                        few.matrices(),
                                                                        update.samples(),
                                                                        r.trajectory())
                                                                .first(few.samples())
                                                                .state())
                                        .orElse(few.feedforward())
                                : few.feedforward();
                put(loop, controller, loops(few.matrices(), state, ReducedLoop::at), out);
            }
        }
    }

    private static void put(
            LoopHandle loop,
            ProportionalIntegralController controller,
            List<ReducedLoop> loops,
            Measurements.Builder out) {
        LoopConstants constants =
                new LoopConstants(
                        controller.leakage(),
                        controller.proportionalGain(),
                        loop.phase().dynamics().timeConstantRatio());
        for (StabilityMatrix kind :
                List.of(
                        StabilityMatrix.INTEGRAL,
                        StabilityMatrix.INTEGRAL_INSTANTANEOUS_SYSTEM,
                        StabilityMatrix.PROPORTIONAL_INTEGRAL)) {
            MeanAndDeviation largest =
                    MeanAndDeviation.of(
                            loops.stream()
                                    .mapToDouble(l -> l.largestRealPart(kind, constants))
                                    .toArray());
            String name =
                    "max_real_eigenvalue_"
                            + loop.name()
                            + "_"
                            + kind.name().toLowerCase(Locale.ROOT);
            out.put(name, largest.mean());
            out.put(name + "_deviation", largest.deviation());
        }
        if (!(loop.phase().solver() instanceof Solver.Linearized)) {
            out.put(
                    "spectral_radius_" + loop.name(),
                    loops.stream()
                            .mapToDouble(l -> l.spectralRadius(controller, loop.phase().dynamics()))
                            .max()
                            .orElseThrow());
        }
    }
}
