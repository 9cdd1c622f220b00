package io.dfc.api.testkit;

import io.dfc.api.tensor.ElementType;

import org.junit.jupiter.api.Assertions;

import java.util.Arrays;
import java.util.Map;

/**
 * Compares observations: max abs difference over max abs expected value, absolute when all expected
 * values are 0.
 */
final class Comparisons {
    private static final double TOLERANCE_F32 = 1e-4;
    private static final double TOLERANCE_F64 = 1e-9;

    private Comparisons() {}

    static double tolerance(ElementType type) {
        return type == ElementType.F32 ? TOLERANCE_F32 : TOLERANCE_F64;
    }

    /** Fails, naming the scenario and the quantity, unless everything agrees. */
    static void assertAgree(
            Object scenario,
            Map<String, double[]> expected,
            Map<String, double[]> actual,
            double tolerance) {
        Assertions.assertEquals(
                expected.keySet(), actual.keySet(), () -> scenario + ": quantities differ");
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
    static void assertSameBits(
            Object scenario, Map<String, double[]> expected, Map<String, double[]> actual) {
        expected.forEach(
                (name, values) ->
                        Assertions.assertArrayEquals(
                                values,
                                actual.get(name),
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
