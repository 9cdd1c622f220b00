package io.dfc.api.learn;

import io.dfc.api.network.Activation;

/**
 * The learning rules of the published program, forms of arXiv 2106.07887, equation 5, that coincide
 * for linear layers; {@code d} is the somatic minus the basal voltage {@code v^B}.
 */
public enum DfcRule implements LearningRule {
    /** {@code s = d}. */
    VOLTAGE_DIFFERENCE("voltage-difference") {
        @Override
        protected double factor(
                Activation activation,
                double feedforward,
                double basalDeviation,
                double difference) {
            return difference;
        }
    },
    /** {@code s = phi'(v^-) d}, the derivative taken at the feedforward voltage. */
    DERIVATIVE("derivative") {
        @Override
        protected double factor(
                Activation activation,
                double feedforward,
                double basalDeviation,
                double difference) {
            return activation.derivative(feedforward) * difference;
        }
    },
    /** {@code s = phi(v^B + d) - phi(v^B)}; used in all published benchmark runs. */
    NONLINEAR_DIFFERENCE("nonlinear-difference") {
        @Override
        protected double factor(
                Activation activation,
                double feedforward,
                double basalDeviation,
                double difference) {
            return activation.difference(feedforward + basalDeviation, difference);
        }
    };

    private final String label;

    DfcRule(String label) {
        this.label = label;
    }

    /** {@return the name used in configurations} */
    public String label() {
        return label;
    }

    /**
     * The postsynaptic factor of one neuron.
     *
     * @param activation rate function
     * @param feedforward {@code v^-}
     * @param basalDeviation {@code v^B - v^-}
     * @param difference {@code d}
     * @return {@code s}
     */
    protected abstract double factor(
            Activation activation, double feedforward, double basalDeviation, double difference);

    @Override
    public void postsynapticFactor(Activation activation, LayerTile tile) {
        for (int i = tile.offset(); i < tile.offset() + tile.samples() * tile.width(); i++) {
            tile.postsynapticFactor()[i] =
                    factor(
                            activation,
                            tile.feedforwardVoltage()[i],
                            tile.basalDeviation()[i],
                            tile.difference()[i]);
        }
    }
}
