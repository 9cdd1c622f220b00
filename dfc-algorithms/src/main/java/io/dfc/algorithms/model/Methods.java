package io.dfc.algorithms.model;

import io.dfc.algorithms.method.LearningMethods;

import java.util.List;

/** Every method of the family by its name; those of the user's own modules too. */
public final class Methods {
    private Methods() {}

    /**
     * A method by its name, such as {@code lcp-di}, {@code strong-dfc} or {@code bp}.
     *
     * @param name one of {@link #names()}
     * @return the method with its default settings
     * @throws io.dfc.api.error.BadConfigurationException if there is no such method
     */
    public static Method named(String name) {
        return Method.named(name);
    }

    /**
     * {@return the names of all methods that are there, sorted; {@code ./dfc methods} describes
     * them}
     */
    public static List<String> names() {
        return LearningMethods.installed().names();
    }
}
