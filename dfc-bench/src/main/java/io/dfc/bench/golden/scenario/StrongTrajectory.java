package io.dfc.bench.golden.scenario;

import io.dfc.api.plan.LoopPhase;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;
import io.dfc.bench.json.JsonCursor;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a file of the kind {@code strong} expects of a loop over time: recorded variables, and what
 * follows from them.
 *
 * @param path where the variables stand below {@code expected}
 * @param points time points of the variables
 * @param losses whether the loss of every sample is expected
 * @param highPassPoints time points of the high-passed control
 * @param recording what has to be recorded for it
 */
@SuppressWarnings("ArrayRecordComponent") // read alone, never compared
record StrongTrajectory(
        String path, int[] points, boolean losses, int[] highPassPoints, Recording recording) {
    private static final String LOSSES = "sample_loss";

    /**
     * Reads what is expected.
     *
     * @param trajectory place of {@code trajectory} below {@code expected}
     * @param at where the trajectory stands
     * @param feedback {@code expected.feedback}, if the loop updates feedback weights
     */
    static StrongTrajectory read(
            Optional<JsonCursor> trajectory,
            String at,
            Optional<JsonCursor> feedback,
            LoopPhase loop) {
        int[] points =
                trajectory.map(t -> ResultObserver.points(t.get("time_index"))).orElse(new int[0]);
        int[] highPass =
                feedback.filter(f -> f.optional("u_high_pass").isPresent())
                        .map(f -> ResultObserver.points(f.get("u_high_pass_time_index")))
                        .orElse(new int[0]);
        boolean losses = trajectory.filter(t -> t.optional(LOSSES).isPresent()).isPresent();
        Set<Variable> variables = EnumSet.noneOf(Variable.class);
        trajectory.ifPresent(t -> variables.addAll(ResultObserver.variables(t)));
        if (losses) {
            variables.add(Variable.RATE);
        }
        if (highPass.length > 0) {
            variables.add(Variable.CONTROL);
        }
        Recording recording = new Recording(variables, recorded(points, highPass), false);
        recording.requireWithin(loop.recordedPoints());
        return new StrongTrajectory(at, points, losses, highPass, recording);
    }

    /** The filter has seen every time point before. */
    private static List<Integer> recorded(int[] points, int[] highPass) {
        IntStream before = IntStream.rangeClosed(0, Arrays.stream(highPass).max().orElse(-1));
        return IntStream.concat(Arrays.stream(points), before).distinct().sorted().boxed().toList();
    }

    /** Observes the variables and the losses. */
    void observe(Trajectory found, Tensor target, boolean softmax, Observations observed) {
        Trajectory asked =
                new Trajectory(
                        Arrays.stream(points).boxed().toList(),
                        found.values().entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Map.Entry::getKey,
                                                e ->
                                                        e.getValue().stream()
                                                                .map(t -> rows(found, t, points))
                                                                .toList())),
                        found.source());
        if (points.length > 0) {
            ResultObserver.observeTrajectory(path, asked, observed);
        }
        if (losses) {
            observed.add(
                    path + "." + LOSSES,
                    () -> losses(asked.recorded(Variable.RATE).getLast(), target, softmax));
        }
    }

    /** Observes the high-passed control. */
    void observeHighPass(Trajectory found, double share, Observations observed) {
        if (highPassPoints.length == 0) {
            return;
        }
        observed.add(
                "feedback.u_high_pass",
                () -> {
                    Tensor u = found.recorded(Variable.CONTROL).getFirst();
                    return rows(found, highPassed(u, share), highPassPoints);
                });
    }

    private static Tensor rows(Trajectory found, Tensor all, int[] points) {
        int[] shape = all.shape();
        int width = all.size() / shape[0];
        double[] from = all.toDoubles();
        double[] rows = new double[points.length * width];
        for (int p = 0; p < points.length; p++) {
            int at = found.timePoints().indexOf(points[p]);
            System.arraycopy(from, at * width, rows, p * width, width);
        }
        shape[0] = points.length;
        return Tensor.wrap(rows, shape);
    }

    /** {@code u[k] - low[k]}, where every time point from 0 on is recorded. */
    private static Tensor highPassed(Tensor u, double share) {
        int width = u.dim(1) * u.dim(2);
        double[] x = u.toDoubles();
        double[] low = new double[width];
        double[] high = new double[x.length];
        for (int at = 0; at < x.length; at++) {
            int n = at % width;
            double follow = at / width == 1 ? 1 : share;
            low[n] = follow * x[at] + (1 - follow) * low[n];
            high[at] = x[at] - low[n];
        }
        return Tensor.wrap(high, u.shape());
    }

    /** {@code -sum r_L^* log softmax(r_L)}, or {@code ||r_L^* - r_L||}, [S, B]. */
    private static Tensor losses(Tensor rates, Tensor target, boolean softmax) {
        int outputs = rates.dim(2);
        double[] r = rates.toDoubles();
        double[] y = target.toDoubles();
        double[] losses = new double[rates.dim(0) * rates.dim(1)];
        for (int row = 0; row < losses.length; row++) {
            int from = row * outputs;
            int label = row % rates.dim(1) * outputs;
            double logSum = softmax ? logSum(r, from, outputs) : 0;
            double sum = 0;
            for (int j = 0; j < outputs; j++) {
                double distance = y[label + j] - r[from + j];
                sum += softmax ? y[label + j] * (logSum - r[from + j]) : distance * distance;
            }
            losses[row] = softmax ? sum : Math.sqrt(sum);
        }
        return Tensor.wrap(losses, rates.dim(0), rates.dim(1));
    }

    private static double logSum(double[] r, int from, int width) {
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < width; j++) {
            max = Math.max(max, r[from + j]);
        }
        double sum = 0;
        for (int j = 0; j < width; j++) {
            sum += Math.exp(r[from + j] - max);
        }
        return max + Math.log(sum);
    }
}
