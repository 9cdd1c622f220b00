package io.dfc.api.spi;

/** A set of optimiser settings and state in an engine. */
public enum OptimizerSlot {
    /** Forward weights and biases. */
    FORWARD,
    /** Feedback weights, during training. */
    FEEDBACK,
    /** Feedback weights, before training; the published program keeps its state apart. */
    FEEDBACK_PRETRAINING
}
