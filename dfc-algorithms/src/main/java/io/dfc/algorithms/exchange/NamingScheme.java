package io.dfc.algorithms.exchange;

import io.dfc.api.network.Parameters;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How programs name the arrays of a network; {@code {i}} stands for the layer, from 0. */
public enum NamingScheme {
    /** This program, in checkpoints and exports: {@code W[0]}, {@code b[0]}, {@code Q[0]}. */
    DFC_JAVA("ours", Map.of()),
    /**
     * The authors' program of 2021, {@code state_dict()} of a {@code DFCNetwork}. Its feedback
     * weights are no part of that and are added when it is converted.
     */
    DFC(
            "dfc",
            Map.of(
                    Parameters.WEIGHTS, "_layers.{i}._weights",
                    Parameters.BIASES, "_layers.{i}._bias",
                    Parameters.FEEDBACK, "_layers.{i}._feedback_weights")),
    /** {@code state_dict()} of the {@code BPNetwork} of the same program. */
    DFC_BP(
            "dfc-bp",
            Map.of(
                    Parameters.WEIGHTS, "layers.{i}.weight",
                    Parameters.BIASES, "layers.{i}.bias")),
    /** The authors' program of 2022, {@code torch.nn.Module.state_dict} of its networks. */
    STRONG(
            "strong",
            Map.of(
                    Parameters.WEIGHTS, "layers.{i}._weights",
                    Parameters.BIASES, "layers.{i}._bias",
                    Parameters.FEEDBACK, "layers.{i}._weights_backward")),
    /** The checkpoints of that program, which leave biases out. */
    STRONG_CHECKPOINT(
            "strong-checkpoint",
            Map.of(
                    Parameters.WEIGHTS, "forward_weights.{i}",
                    Parameters.BIASES, "biases.{i}",
                    Parameters.FEEDBACK, "feedback_weights.{i}")),
    /** {@code torch.nn.Sequential} with an activation behind every layer but the last. */
    SEQUENTIAL(
            "sequential",
            Map.of(Parameters.WEIGHTS, "{2i}.weight", Parameters.BIASES, "{2i}.bias"));

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
    private final Map<String, String> patterns;

    NamingScheme(String label, Map<String, String> patterns) {
        this.label = label;
        this.patterns = patterns;
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
        return patterns.getOrDefault(group, group + "[{i}]");
    }
}
