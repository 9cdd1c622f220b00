package io.dfc.bench.reproduce;

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
 */
public record Scale(long firstSeed, int seeds, Optional<Integer> epochs, boolean quick) {
    private static final int MOST_SEEDS = 1000;
    private static final int MOST_EPOCHS = 100_000;

    /** Checks the ranges. */
    public Scale {
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
