package io.dfc.algorithms.formats.onnx;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a model hands out; the label is the name of the output in the model. */
public enum OnnxOutput {
    /** The rates of the output layer, {@code r_L}, as they are: float [batch, n_L]. */
    OUTPUTS,
    /** Softmax over the classes: float [batch, classes]. */
    PROBABILITIES,
    /** Name of the most likely class: text [batch]. */
    LABEL,
    /** The number that is predicted, in its own unit: float [batch, 1]. */
    PREDICTION;

    /** {@return the name of the output} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The output of a name.
     *
     * @param label its name
     * @return the output, if there is one
     */
    public static Optional<OnnxOutput> of(String label) {
        return Arrays.stream(values()).filter(o -> o.label().equals(label)).findFirst();
    }
}
