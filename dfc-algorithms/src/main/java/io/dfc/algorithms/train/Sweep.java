package io.dfc.algorithms.train;

import java.util.Objects;

/**
 * A sweep over the training set: it visits every minibatch once, in a shuffled order.
 *
 * @param label what it trains, for messages: {@code forward}, {@code feedback}
 * @param times how often it runs in succession, at least 0
 * @param update what it does with a minibatch
 */
public record Sweep(String label, int times, MinibatchUpdate update) {
    /** Checks the range. */
    public Sweep {
        Objects.requireNonNull(update, "update");
        if (label.isBlank()) {
            throw new IllegalArgumentException("a sweep needs a label");
        }
        if (times < 0) {
            throw new IllegalArgumentException(
                    "a " + label + " sweep runs at least 0 times, got " + times);
        }
    }

    /**
     * A sweep that runs once.
     *
     * @param label what it trains, for messages
     * @param update what it does with a minibatch
     */
    public Sweep(String label, MinibatchUpdate update) {
        this(label, 1, update);
    }

    /**
     * This sweep, some times over.
     *
     * @param number how often it runs in succession, at least 0
     * @return the sweep
     */
    public Sweep repeated(int number) {
        return new Sweep(label, number, update);
    }

    @Override
    public String toString() {
        return label + (times == 1 ? "" : " x " + times);
    }
}
