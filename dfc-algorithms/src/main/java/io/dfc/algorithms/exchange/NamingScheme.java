package io.dfc.algorithms.exchange;

import io.dfc.api.network.Parameters;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How programs name the arrays of a network; {@code {i}} stands for the layer, from 0. */
public enum NamingScheme {
    /** This program, in checkpoints and exports: {@code W[0]}, {@code b[0]}, {@code Q[0]}. */
    OURS("ours", "W[{i}]", "b[{i}]", "Q[{i}]"),
    /**
     * The authors' program of 2021, {@code state_dict()} of a {@code DFCNetwork}. Its feedback
     * weights are no part of that and are added when it is saved.
     */
    DFC("dfc", "_layers.{i}._weights", "_layers.{i}._bias", "_layers.{i}._feedback_weights"),
    /** {@code state_dict()} of the {@code BPNetwork} of the same program. */
    DFC_BP("dfc-bp", "layers.{i}.weight", "layers.{i}.bias", "Q[{i}]"),
    /** The authors' program of 2022, {@code torch.nn.Module.state_dict} of its networks. */
    STRONG("strong", "layers.{i}._weights", "layers.{i}._bias", "layers.{i}._weights_backward"),
    /** The checkpoints of that program, which leave biases out. */
    STRONG_CHECKPOINT(
            "strong-checkpoint", "forward_weights.{i}", "biases.{i}", "feedback_weights.{i}"),
    /** {@code torch.nn.Sequential} with an activation behind every layer but the last. */
    SEQUENTIAL("sequential", "{2i}.weight", "{2i}.bias", "Q[{i}]");

    private final String label;
    private final String weights;
    private final String biases;
    private final String feedback;

    NamingScheme(String label, String weights, String biases, String feedback) {
        this.label = label;
        this.weights = weights;
        this.biases = biases;
        this.feedback = feedback;
    }

    /** {@return the name of the scheme} */
    public String label() {
        return label;
    }

    /** {@return the names of all schemes} */
    public static List<String> labels() {
        return Arrays.stream(values()).map(NamingScheme::label).toList();
    }

    /**
     * The scheme of a name.
     *
     * @param label its name
     * @return the scheme, if there is one
     */
    public static Optional<NamingScheme> of(String label) {
        return Arrays.stream(values()).filter(s -> s.label.equals(label)).findFirst();
    }

    /**
     * The pattern of a group; groups that the program does not have are named as here.
     *
     * @param group name of the group
     * @return a pattern with {@code {i}} for the layer
     */
    String pattern(String group) {
        return switch (group) {
            case Parameters.WEIGHTS -> weights;
            case Parameters.BIASES -> biases;
            case Parameters.FEEDBACK -> feedback;
            default -> group + "[{i}]";
        };
    }
}
