package io.dfc.bench.reproduce;

import io.dfc.algorithms.config.KeySuggestions;
import io.dfc.api.error.BadConfigurationException;

import java.util.List;

/** The figures that can be reproduced. */
public final class Figures {
    private static final List<Figure> ALL =
            List.of(
                    new Fig1d(),
                    new Fig2(),
                    new Fig3(List.of(AlignmentVariant.values())),
                    new FigS1(List.of(AlignmentVariant.values())),
                    FeedbackCurves.s2(),
                    FeedbackCurves.s3(),
                    FeedbackCurves.s4(),
                    new MethodTable(MethodTask.TOY),
                    new MethodTable(MethodTask.GLYPHS),
                    new MethodTable(MethodTask.MNIST));

    private Figures() {}

    /** {@return all of them, in the order of the paper} */
    public static List<Figure> all() {
        return ALL;
    }

    /**
     * A figure by its name.
     *
     * @param name the name
     * @return the figure
     * @throws BadConfigurationException if there is none
     */
    public static Figure named(String name) {
        return ALL.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BadConfigurationException(
                                        "reproduce",
                                        "there is no figure \""
                                                + name
                                                + "\""
                                                + KeySuggestions.hint(
                                                        name,
                                                        ALL.stream().map(Figure::name).toList())));
    }
}
