package io.dfc.api.plan;

import java.util.List;

/** A handle of a gradient that a phase forms, bound to the groups that it is a gradient of. */
public final class GradientHandle {
    private final String name;
    private final List<ParameterGroup> groups;

    GradientHandle(String name, List<ParameterGroup> groups) {
        this.name = name;
        this.groups = List.copyOf(groups);
    }

    /** {@return the groups whose gradient it is, in the order of its tensors} */
    public List<ParameterGroup> groups() {
        return groups;
    }

    /** {@return its phase and its number there, such as {@code control[0]}} */
    @Override
    public String toString() {
        return name;
    }
}
