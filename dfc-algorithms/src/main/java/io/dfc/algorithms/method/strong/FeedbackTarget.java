package io.dfc.algorithms.method.strong;

import io.dfc.api.control.OutputTarget;

/** What the controller pursues in a loop from which the feedback weights alone learn. */
public enum FeedbackTarget {
    /** The label, as in the published runs. */
    LABEL("label"),
    /**
     * The output of the feedforward pass, as in DFC: the loop stays near that pass. An option of
     * the published program for pre-training.
     */
    OWN_OUTPUT("own-output");

    private final String label;

    FeedbackTarget(String label) {
        this.label = label;
    }

    /**
     * The target of a loop.
     *
     * @param pursued target if it is the label
     */
    OutputTarget output(OutputTarget.Strong pursued) {
        return this == LABEL ? pursued : new OutputTarget.OwnOutput();
    }

    @Override
    public String toString() {
        return label;
    }
}
