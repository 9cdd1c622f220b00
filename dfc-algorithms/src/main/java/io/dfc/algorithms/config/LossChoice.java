package io.dfc.algorithms.config;

/** Loss at the output. */
public enum LossChoice {
    /** Cross entropy for classes, mean squared error for vectors. */
    AUTO("auto"),
    /** Cross entropy on the softmax of the output. */
    CROSS_ENTROPY("cross-entropy"),
    /** Mean squared error. */
    MSE("mse");

    private final String label;

    LossChoice(String label) {
        this.label = label;
    }

    /** {@return the name used in configurations} */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }
}
