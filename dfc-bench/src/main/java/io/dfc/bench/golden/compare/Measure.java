package io.dfc.bench.golden.compare;

import io.dfc.api.tensor.Tensor;

import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/**
 * How far a computed tensor is from the expected one. A computed NaN is infinitely far from every
 * number.
 */
public enum Measure {
    /**
     * Largest absolute difference over the largest absolute expected value; absolute when all
     * expected values are 0.
     */
    RELATIVE {
        @Override
        double distance(Tensor expected, Tensor actual) {
            double scale = 0;
            for (int i = 0; i < expected.size(); i++) {
                scale = Math.max(scale, Math.abs(expected.get(i)));
            }
            double difference = largest(expected, actual, (e, a) -> Math.abs(a - e));
            return scale == 0 ? difference : difference / scale;
        }
    },
    /** Largest absolute difference. */
    ABSOLUTE {
        @Override
        double distance(Tensor expected, Tensor actual) {
            return largest(expected, actual, (e, a) -> Math.abs(a - e));
        }
    },
    /** Largest absolute difference of the cosines of angles in degrees. */
    COSINE {
        @Override
        double distance(Tensor expected, Tensor actual) {
            return largest(
                    expected,
                    actual,
                    (e, a) -> Math.abs(Math.cos(Math.toRadians(a)) - Math.cos(Math.toRadians(e))));
        }
    },
    /** Number of entries that differ. */
    EXACT {
        @Override
        double distance(Tensor expected, Tensor actual) {
            int differing = 0;
            for (int i = 0; i < expected.size(); i++) {
                if (expected.get(i) != actual.get(i)) {
                    differing++;
                }
            }
            return differing;
        }
    };

    /**
     * Measures the distance.
     *
     * @param expected expected values, finite
     * @param actual computed values, of the same shape
     * @return the distance, at least 0; infinite if a computed value is NaN or infinite (except
     *     {@link #EXACT}, which counts it)
     * @throws io.dfc.api.error.ShapeMismatchException if the shapes differ
     */
    public double error(Tensor expected, Tensor actual) {
        return distance(expected, actual.requireShape("computed tensor", expected.shape()));
    }

    abstract double distance(Tensor expected, Tensor actual);

    /** {@return the name used in golden files} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static double largest(Tensor expected, Tensor actual, DoubleBinaryOperator difference) {
        double largest = 0;
        for (int i = 0; i < expected.size(); i++) {
            double d = difference.applyAsDouble(expected.get(i), actual.get(i));
            if (Double.isNaN(d)) {
                return Double.POSITIVE_INFINITY;
            }
            largest = Math.max(largest, d);
        }
        return largest;
    }
}
