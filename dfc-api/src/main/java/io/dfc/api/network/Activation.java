package io.dfc.api.network;

import io.dfc.api.error.BadConfigurationException;

/**
 * The rate {@code r = phi(v)} of a neuron as a function of its somatic voltage; a closed set.
 *
 * <p>Derivatives at exactly 0 are 1 for the two rectifiers, as in the published program.
 */
public sealed interface Activation {
    /**
     * Below this denominator the identity for the difference of two tanh cancels; the rates then
     * differ so much that subtracting them loses nothing.
     */
    private static double cancellation() {
        return 0.25;
    }

    /**
     * The rate at a voltage.
     *
     * @param v somatic voltage
     * @return phi(v)
     */
    double value(double v);

    /**
     * The slope at a voltage.
     *
     * @param v somatic voltage
     * @return phi'(v)
     */
    double derivative(double v);

    /**
     * The change of the rate, {@code phi(v + d) - phi(v)}, with full relative precision however
     * small {@code d} is.
     *
     * <p>The published nudges move voltages by 1e-6 and less; subtracting two rates would cancel
     * most of their digits.
     *
     * @param v voltage at which the change starts
     * @param d change of the voltage
     * @return the change of the rate
     */
    double difference(double v, double d);

    /**
     * The voltage of a rate.
     *
     * @param r rate
     * @return {@code phi^-1(r)}; not a number, or infinite, where no voltage has that rate
     * @throws UnsupportedOperationException if many voltages have one rate
     */
    double inverse(double r);

    /** {@return whether every rate has one voltage} */
    default boolean isInvertible() {
        return true;
    }

    /** {@return the name used in configurations and golden files} */
    String label();

    /** {@code phi(v) = v}. */
    record Linear() implements Activation {
        @Override
        public double value(double v) {
            return v;
        }

        @Override
        public double derivative(double v) {
            return 1;
        }

        @Override
        public double difference(double v, double d) {
            return d;
        }

        @Override
        public double inverse(double r) {
            return r;
        }

        @Override
        public String label() {
            return "linear";
        }
    }

    /** {@code phi(v) = tanh(v)}. */
    record Tanh() implements Activation {
        @Override
        public double value(double v) {
            return Math.tanh(v);
        }

        @Override
        public double derivative(double v) {
            double r = Math.tanh(v);
            return 1 - r * r;
        }

        @Override
        public double difference(double v, double d) {
            double r = Math.tanh(v);
            double t = Math.tanh(d);
            double denominator = 1 + r * t;
            return denominator < cancellation()
                    ? Math.tanh(v + d) - r
                    : t * (1 - r * r) / denominator;
        }

        @Override
        public double inverse(double r) {
            return 0.5 * (Math.log1p(r) - Math.log1p(-r));
        }

        @Override
        public String label() {
            return "tanh";
        }
    }

    /** {@code phi(v) = max(v, 0)}, slope 1 at 0. */
    record Relu() implements Activation {
        @Override
        public double value(double v) {
            return v < 0 ? 0 : v;
        }

        @Override
        public double derivative(double v) {
            return v < 0 ? 0 : 1;
        }

        @Override
        public double difference(double v, double d) {
            return rectifiedDifference(0, v, d);
        }

        @Override
        public double inverse(double r) {
            throw new UnsupportedOperationException("relu has no inverse");
        }

        @Override
        public boolean isInvertible() {
            return false;
        }

        @Override
        public String label() {
            return "relu";
        }
    }

    /**
     * {@code phi(v) = v} from 0 on and {@code slope * v} below.
     *
     * @param slope slope for negative voltages, in [0, 1)
     */
    record LeakyRelu(double slope) implements Activation {
        /** Slope that the published programs use. */
        public static final double PUBLISHED_SLOPE = 0.2;

        /** Checks the slope. */
        public LeakyRelu {
            if (!(slope >= 0 && slope < 1)) {
                throw new BadConfigurationException(
                        "leaky-relu-slope", "must lie in [0, 1), got " + slope);
            }
        }

        @Override
        public double value(double v) {
            return v < 0 ? slope * v : v;
        }

        @Override
        public double derivative(double v) {
            return v < 0 ? slope : 1;
        }

        @Override
        public double difference(double v, double d) {
            return rectifiedDifference(slope, v, d);
        }

        @Override
        public double inverse(double r) {
            if (slope == 0) {
                throw new UnsupportedOperationException("a leaky relu of slope 0 has no inverse");
            }
            return r < 0 ? r / slope : r;
        }

        @Override
        public boolean isInvertible() {
            return slope > 0;
        }

        @Override
        public String label() {
            return "leakyrelu";
        }
    }

    /** {@code phi(v) = 1 / (1 + exp(-v))}. */
    record Sigmoid() implements Activation {
        @Override
        public double value(double v) {
            // Two forms, so that exp never overflows and small rates keep their digits.
            if (v >= 0) {
                return 1 / (1 + Math.exp(-v));
            }
            double e = Math.exp(v);
            return e / (1 + e);
        }

        @Override
        public double derivative(double v) {
            double e = Math.exp(-Math.abs(v));
            return e / ((1 + e) * (1 + e));
        }

        @Override
        public double difference(double v, double d) {
            // phi(v) = (1 + tanh(v / 2)) / 2, then the identity for the difference of two tanh.
            double t = Math.tanh(0.5 * d);
            double denominator = 1 + Math.tanh(0.5 * v) * t;
            return denominator < cancellation()
                    ? value(v + d) - value(v)
                    : 2 * derivative(v) * t / denominator;
        }

        @Override
        public double inverse(double r) {
            return Math.log(r) - Math.log1p(-r);
        }

        @Override
        public String label() {
            return "sigmoid";
        }
    }

    private static double rectifiedDifference(double slope, double v, double d) {
        double end = v + d;
        if (v < 0) {
            return end < 0 ? slope * d : end - slope * v;
        }
        return end < 0 ? slope * end - v : d;
    }
}
