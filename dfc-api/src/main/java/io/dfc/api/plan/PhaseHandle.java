package io.dfc.api.plan;

import java.util.List;

/** A handle of a phase, by which an engine is told to run it. */
public abstract sealed class PhaseHandle permits LoopHandle, PerturbationHandle, ProgramHandle {
    private final String name;
    private final int index;
    private final List<GradientHandle> gradients;

    PhaseHandle(String name, int index, List<GradientHandle> gradients) {
        this.name = name;
        this.index = index;
        this.gradients = List.copyOf(gradients);
    }

    /** {@return the phase} */
    public abstract Phase phase();

    /** {@return the name, for messages} */
    public String name() {
        return name;
    }

    /** {@return its place in {@link Plan#phases()}} */
    public int index() {
        return index;
    }

    /** {@return the gradients that the phase forms, in the order of its plasticities} */
    public List<GradientHandle> gradients() {
        return gradients;
    }

    /**
     * The place of a gradient among those of the phase.
     *
     * @param gradient the gradient
     * @return its place, from 0
     * @throws IllegalArgumentException if another phase forms it
     */
    public int indexOf(GradientHandle gradient) {
        int at = gradients.indexOf(gradient);
        if (at < 0) {
            throw new IllegalArgumentException(
                    "gradient " + gradient + " is not one of phase \"" + name + "\"");
        }
        return at;
    }

    @Override
    public String toString() {
        return name;
    }
}
