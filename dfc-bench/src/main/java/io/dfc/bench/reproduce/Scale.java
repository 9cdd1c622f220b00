package io.dfc.bench.reproduce;

import io.dfc.algorithms.config.KeySuggestions;
import io.dfc.api.error.BadConfigurationException;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How much is run.
 *
 * @param firstSeed first seed, as published 42
 * @param seeds number of seeds, which follow each other
 * @param epochs epochs of the runs; absent: as published
 * @param quick whether runs are cut short
 * @param methods methods that tables are limited to; none: all
 */
public record Scale(
        long firstSeed, int seeds, Optional<Integer> epochs, boolean quick, List<String> methods) {

    private static final int MOST_SEEDS = 1000;
    private static final int MOST_EPOCHS = 100_000;

    /** Checks the ranges. */
    public Scale {
        methods = List.copyOf(methods);
        if (seeds < 1 || seeds > MOST_SEEDS) {
            throw new BadConfigurationException(
                    "--seeds", "must be 1 to " + MOST_SEEDS + ", got " + seeds);
        }
        if (epochs.isPresent() && (epochs.get() < 1 || epochs.get() > MOST_EPOCHS)) {
            throw new BadConfigurationException(
                    "--epochs", "must be 1 to " + MOST_EPOCHS + ", got " + epochs.get());
        }
    }

    /** {@return the seeds, in order} */
    public List<Long> seedList() {
        return LongStream.range(0, seeds).mapToObj(i -> firstSeed + i).toList();
    }

    /**
     * Chooses the methods of a table.
     *
     * @param installed the names of those that are there
     * @return those asked for, else all
     * @throws BadConfigurationException if one that was asked for is not there
     */
    List<String> methods(List<String> installed) {
        for (String name : methods) {
            if (!installed.contains(name)) {
                throw new BadConfigurationException(
                        "--methods",
                        "there is no method \""
                                + name
                                + "\""
                                + KeySuggestions.hint(name, installed));
            }
        }
        return methods.isEmpty() ? installed : methods;
    }

    /**
     * Chooses a number of epochs.
     *
     * @param published as published
     * @param quickly in a quick run
     * @return as asked for, else one of the two
     */
    int epochs(int published, int quickly) {
        return epochs.orElse(quick ? quickly : published);
    }
}
