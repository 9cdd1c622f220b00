package io.dfc.bench.golden.scenario;

import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;
import io.dfc.bench.json.JsonCursor;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Passes the results of an engine on to observations, for the kinds that have them in common. */
final class ResultObserver {
    private static final Map<String, Variable> VARIABLES =
            Map.of(
                    "u", Variable.CONTROL,
                    "v", Variable.SOMATIC,
                    "r", Variable.RATE,
                    "v_basal", Variable.BASAL,
                    "v_apical", Variable.APICAL,
                    "error_norm", Variable.ERROR_NORM);

    private ResultObserver() {}

    /**
     * The recording that {@code expected.trajectory} demands of a loop: its variables at its {@code
     * time_index}.
     */
    static Recording recording(JsonCursor expected, LoopPhase loop) {
        Recording recording =
                expected.optional("trajectory")
                        .map(ResultObserver::recordingOf)
                        .orElseGet(Recording::none);
        recording.requireWithin(loop.recordedPoints());
        return recording;
    }

    private static Recording recordingOf(JsonCursor trajectory) {
        return new Recording(
                variables(trajectory),
                Arrays.stream(points(trajectory.get("time_index"))).boxed().toList(),
                false);
    }

    /** The variables that a trajectory holds. */
    static Set<Variable> variables(JsonCursor trajectory) {
        return trajectory.keys().stream()
                .filter(VARIABLES::containsKey)
                .map(VARIABLES::get)
                .collect(Collectors.toSet());
    }

    /** Time points, in the order of the file. */
    static int[] points(JsonCursor index) {
        int count = index.tensor().size();
        List<JsonCursor> data = index.get("data").items();
        return IntStream.range(0, count)
                .map(i -> data.get(i).integer(0, Integer.MAX_VALUE))
                .toArray();
    }

    /**
     * {@code feedforward} of every kind; the output target only where the plan has a control phase.
     */
    static void observeForward(ForwardResult result, int depth, Observations observed) {
        observed.addLayers("feedforward.v", depth, result::voltage);
        observed.addLayers("feedforward.r", depth, result::rate);
        observed.addScalar("feedforward.loss", result.loss());
    }

    /** {@code updates} of the kinds with a control phase. */
    static void observeUpdates(
            LoopResult result, List<GradientHandle> gradients, Observations observed) {
        for (int u = 0; u < gradients.size(); u++) {
            GradientHandle gradient = gradients.get(u);
            String path = "updates[" + u + "].";
            observed.addLayers(path + "grad_W", () -> result.gradient(gradient).weights());
            observed.addLayers(path + "grad_b", () -> result.gradient(gradient).biases());
        }
    }

    /** {@code trajectory}, as recorded. */
    static void observeTrajectory(Trajectory trajectory, Observations observed) {
        observeTrajectory("trajectory", trajectory, observed);
    }

    /** A trajectory that stands elsewhere. */
    static void observeTrajectory(String at, Trajectory trajectory, Observations observed) {
        VARIABLES.forEach(
                (name, variable) -> {
                    List<Tensor> tensors = trajectory.values().getOrDefault(variable, List.of());
                    if (tensors.isEmpty()) {
                        return;
                    }
                    String path = at + "." + name;
                    switch (variable) {
                        case CONTROL, ERROR_NORM -> observed.add(path, tensors::getFirst);
                        case SOMATIC, RATE, BASAL, APICAL ->
                                observed.addLayers(path, () -> tensors);
                    }
                });
    }
}
