package io.dfc.algorithms.train;

import java.util.Objects;

/**
 * A sweep over the training set: every minibatch, shuffled, passes once.
 *
 * @param label what it teaches, for people: {@code forward}, {@code feedback}
 * @param times how often it runs in succession, at least 0
 * @param pass what it does with a minibatch
 */
public record Sweep(String label, int times, MinibatchPass pass) {
    /** Checks the range. */
    public Sweep {
        Objects.requireNonNull(pass, "pass");
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
     * @param label what it teaches, for people
     * @param pass what it does with a minibatch
     */
    public Sweep(String label, MinibatchPass pass) {
        this(label, 1, pass);
    }

    /**
     * This sweep, some times over.
     *
     * @param number how often it runs in succession, at least 0
     * @return the sweep
     */
    public Sweep repeated(int number) {
        return new Sweep(label, number, pass);
    }

    @Override
    public String toString() {
        return label + (times == 1 ? "" : " x " + times);
    }
}
