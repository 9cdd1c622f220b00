package io.dfc.algorithms.diagnostics.run;

import io.dfc.algorithms.diagnostics.NetworkMatrices;
import io.dfc.algorithms.diagnostics.NetworkState;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Where the loop of a minibatch ended.
 *
 * @param state voltages and rates: those recorded, or, where the solver records none cheaply, those
 *     of a pass that {@code Q_i u} is added to
 * @param control {@code u} at the last point, with noise the mean over the last quarter, [B, n_L]
 */
@SuppressWarnings("ArrayRecordComponent")
record LoopEnd(NetworkState state, double[] control) {
    /** With noise, the mean goes over this part of the points. */
    private static final int PART = 4;

    /**
     * What to record of a loop at little cost: the states that it goes through anyway, or, where it
     * is solved in output space, the control signal alone.
     */
    static Recording request(Plan plan, LoopPhase loop) {
        int points = loop.recordedPoints();
        if (loop.noise().isPresent()) {
            int first = points - Math.max(1, points / PART);
            return new Recording(
                    Set.of(Variable.CONTROL),
                    IntStream.range(first, points).boxed().toList(),
                    false);
        }
        List<Integer> last = List.of(points - 1);
        return loop.solver() instanceof Solver.Auto && hasReducedOrder(plan, loop)
                ? new Recording(Set.of(Variable.CONTROL), last, false)
                        .from(Recording.Source.REDUCED_ORDER)
                : new Recording(Set.of(Variable.CONTROL, Variable.SOMATIC), last, false);
    }

    private static boolean hasReducedOrder(Plan plan, LoopPhase loop) {
        return loop.controller() instanceof ProportionalIntegralController
                && !(loop.target() instanceof OutputTarget.Strong)
                && loop.dynamics().instantTransmission()
                && plan.precision() == Precision.FULL;
    }

    /** Reads what {@link #request} asked for. */
    static LoopEnd of(NetworkMatrices matrices, Minibatch samples, Trajectory trajectory) {
        double[] control = mean(trajectory.recorded(Variable.CONTROL).getFirst());
        List<Tensor> voltages = trajectory.values().get(Variable.SOMATIC);
        return new LoopEnd(
                voltages == null
                        ? NetworkState.controlled(matrices, samples.inputs(), control)
                        : NetworkState.of(matrices.network(), samples.inputs(), voltages),
                control);
    }

    private static double[] mean(Tensor recorded) {
        int points = recorded.dim(0);
        double[] mean = new double[recorded.size() / points];
        for (int k = 0; k < recorded.size(); k++) {
            mean[k % mean.length] += recorded.get(k) / points;
        }
        return mean;
    }

    /** The first samples alone. */
    LoopEnd first(int count) {
        int width = control.length / state.samples();
        return new LoopEnd(state.first(count), Arrays.copyOf(control, count * width));
    }
}
