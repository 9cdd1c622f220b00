package io.dfc.api.testkit.agreement;

import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Trajectory;

import org.junit.jupiter.api.Assertions;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Compares observations. A quantity without time: largest absolute difference over largest absolute
 * expected value, absolute when all expected values are 0.
 *
 * <p>A trajectory is compared row by row, a row being what one layer does at one time point of one
 * sample. The largest difference in a row may be
 *
 * <pre>{@code
 * tolerance * max |expected row|  +  0.01 tolerance * max over the time points |the sample's expected rows|
 * }</pre>
 *
 * <p>so that neither a strong sample nor a late time point, where everything is large, lends room
 * to a weak one. The second term is what arithmetic needs: a row follows from earlier ones, whose
 * rounding errors stay when the values themselves cross zero or die away as errors of a controller
 * do. With the tolerance of float32 it amounts to 1e-6, a dozen units in the last place of the
 * sample's largest value. What is zero at all points has to be exactly zero.
 */
public final class Comparisons {
    private static final double TOLERANCE_F32 = 1e-4;
    private static final double TOLERANCE_F64 = 1e-9;

    /** Share of the tolerance that is taken of a sample's largest value over time. */
    private static final double CARRIED = 0.01;

    private Comparisons() {}

    public static double tolerance(ElementType type) {
        return type == ElementType.F32 ? TOLERANCE_F32 : TOLERANCE_F64;
    }

    /** Fails, naming the scenario and the quantity, unless everything agrees. */
    public static void assertAgree(
            Object scenario, Observations expected, Observations actual, double tolerance) {
        Map<String, double[]> told = new LinkedHashMap<>(expected.values());
        told.keySet().removeAll(actual.untold());
        Map<String, Observations.Grid> trajectories = new LinkedHashMap<>(expected.trajectories());
        if (actual.isUnrecorded()) {
            told.keySet().removeAll(trajectories.keySet());
            trajectories.clear();
        }
        Assertions.assertEquals(
                told.keySet(), actual.values().keySet(), () -> scenario + ": quantities differ");
        Assertions.assertEquals(
                trajectories,
                actual.trajectories(),
                () -> scenario + ": time points or samples differ");
        trajectories.forEach(
                (name, grid) ->
                        assertTrajectory(
                                scenario + ": " + name,
                                grid,
                                expected.values().get(name),
                                actual.values().get(name),
                                tolerance));
        assertAgree(scenario, told, actual.values(), tolerance);
    }

    /** Fails unless two trajectories agree row by row. */
    public static void assertAgree(
            String name, Trajectory expected, Trajectory actual, double tolerance) {
        Assertions.assertEquals(expected.timePoints(), actual.timePoints(), name);
        Assertions.assertEquals(expected.values().keySet(), actual.values().keySet(), name);
        expected.values()
                .forEach(
                        (variable, tensors) -> {
                            for (int i = 0; i < tensors.size(); i++) {
                                Tensor tensor = tensors.get(i);
                                assertTrajectory(
                                        name + ": " + variable + i,
                                        new Observations.Grid(tensor.dim(0), tensor.dim(1)),
                                        tensor.toDoubles(),
                                        actual.values().get(variable).get(i).toDoubles(),
                                        tolerance);
                            }
                        });
    }

    /**
     * Fails, naming time point and sample, unless a trajectory agrees row by row.
     *
     * @param name what it is
     * @param grid how many rows there are
     * @param expected rows one after the other, those of a time point together
     */
    static void assertTrajectory(
            String name,
            Observations.Grid grid,
            double[] expected,
            double[] actual,
            double tolerance) {
        Assertions.assertEquals(expected.length, actual.length, () -> name + ": numbers");
        int width = expected.length / (grid.points() * grid.samples());
        double[] largest = new double[grid.samples()];
        for (int at = 0; at < expected.length; at++) {
            int s = at / width % grid.samples();
            largest[s] = Math.max(largest[s], Math.abs(expected[at]));
        }
        for (int row = 0; row < grid.points() * grid.samples(); row++) {
            int s = row % grid.samples();
            double size = 0;
            double error = 0;
            for (int at = row * width; at < (row + 1) * width; at++) {
                size = Math.max(size, Math.abs(expected[at]));
                // Math.max keeps a NaN.
                error = Math.max(error, Math.abs(expected[at] - actual[at]));
            }
            double allowed = tolerance * (size + CARRIED * largest[s]);
            if (!(error <= allowed)) {
                Assertions.fail(
                        name
                                + " of sample "
                                + s
                                + " at recorded point "
                                + row / grid.samples()
                                + " is off by "
                                + error
                                + ", allowed "
                                + allowed
                                + "; expected "
                                + head(Arrays.copyOfRange(expected, row * width, expected.length))
                                + ", got "
                                + head(Arrays.copyOfRange(actual, row * width, actual.length)));
            }
        }
    }

    private static void assertAgree(
            Object scenario,
            Map<String, double[]> expected,
            Map<String, double[]> actual,
            double tolerance) {
        expected.forEach(
                (name, values) -> {
                    double allowed = name.startsWith(Observations.EXACT) ? 0 : tolerance;
                    boolean relative = !name.startsWith(Observations.ABSOLUTE);
                    double error = error(values, actual.get(name), relative);
                    if (!(error <= allowed)) {
                        Assertions.fail(
                                scenario
                                        + ": "
                                        + name
                                        + " is off by "
                                        + error
                                        + ", allowed "
                                        + allowed
                                        + "; expected "
                                        + head(values)
                                        + ", got "
                                        + head(actual.get(name)));
                    }
                });
    }

    /** Fails unless every number has the same bits. */
    public static void assertSameBits(Object scenario, Observations expected, Observations actual) {
        expected.values()
                .forEach(
                        (name, values) ->
                                Assertions.assertArrayEquals(
                                        values,
                                        actual.values().get(name),
                                        () -> scenario + ": bits of " + name + " differ"));
    }

    private static double error(double[] expected, double[] actual, boolean relative) {
        if (expected.length != actual.length) {
            return Double.POSITIVE_INFINITY;
        }
        double scale = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(expected[i] - actual[i]);
            if (Double.isNaN(difference)) {
                return Double.NaN;
            }
            worst = Math.max(worst, difference);
            scale = Math.max(scale, Math.abs(expected[i]));
        }
        return scale == 0 || !relative ? worst : worst / scale;
    }

    private static String head(double[] x) {
        return Arrays.toString(Arrays.copyOf(x, Math.min(4, x.length)));
    }
}
