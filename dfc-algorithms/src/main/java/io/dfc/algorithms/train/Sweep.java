package io.dfc.algorithms.train;

/** What one sweep over the training set teaches. */
public enum Sweep {
    /** Feedback weights, before the first epoch. */
    PRETRAINING("feedback pre-training"),
    /** Feedback weights, within an epoch. */
    FEEDBACK("feedback"),
    /** Forward weights and biases. */
    FORWARD("forward");

    private final String label;

    Sweep(String label) {
        this.label = label;
    }

    /** {@return a name for people} */
    public String label() {
        return label;
    }
}
