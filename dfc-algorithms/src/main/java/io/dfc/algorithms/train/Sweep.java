package io.dfc.algorithms.train;

import java.util.Objects;

/**
 * Sweeps over the training set: each visits every minibatch once, in a shuffled order of its own.
 *
 * @param label what it trains, for messages: {@code forward}, {@code feedback}
 * @param times how many sweeps follow each other, at least 0; not used if the number of minibatches
 *     is given
 * @param minibatches number of minibatches that are visited in all, at least 0, in as many sweeps
 *     as that takes, the last of which ends early; {@link #WHOLE}: whole sweeps
 * @param update what it does with a minibatch
 */
public record Sweep(String label, int times, int minibatches, MinibatchUpdate update) {
    /** In place of a number of minibatches: sweeps are whole. */
    public static final int WHOLE = -1;

    /** Checks the ranges. */
    public Sweep {
        Objects.requireNonNull(update, "update");
        if (label.isBlank()) {
            throw new IllegalArgumentException("a sweep needs a label");
        }
        if (times < 0) {
            throw new IllegalArgumentException(
                    "a " + label + " sweep runs at least 0 times, got " + times);
        }
        if (minibatches < WHOLE) {
            throw new IllegalArgumentException(
                    "a " + label + " sweep visits at least 0 minibatches, got " + minibatches);
        }
    }

    /**
     * Whole sweeps.
     *
     * @param label what they train, for messages
     * @param times how many follow each other, at least 0
     * @param update what they do with a minibatch
     */
    public Sweep(String label, int times, MinibatchUpdate update) {
        this(label, times, WHOLE, update);
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
     * Whole sweeps of this kind.
     *
     * @param number how many follow each other, at least 0
     * @return the sweeps
     */
    public Sweep repeated(int number) {
        return new Sweep(label, number, update);
    }

    /**
     * A sweep of this kind over some minibatches: fewer than the training set has, or more.
     *
     * @param number how many it visits, at least 0
     * @return the sweep
     */
    public Sweep ofMinibatches(int number) {
        return new Sweep(label, 1, number, update);
    }

    /** {@return whether every sweep visits the whole training set} */
    public boolean isWhole() {
        return minibatches == WHOLE;
    }

    /**
     * How many sweeps follow each other.
     *
     * @param all number of minibatches of the training set, at least 1
     * @return their number, one that ends early included
     */
    public int count(int all) {
        return isWhole() ? times : Math.ceilDiv(minibatches, all);
    }

    /**
     * How many minibatches one of the sweeps visits.
     *
     * @param number which, from 0, below {@link #count}
     * @param all number of minibatches of the training set, at least 1
     * @return all of them, or fewer in the last
     */
    int visited(int number, int all) {
        return isWhole() ? all : (int) Math.min(all, minibatches - (long) number * all);
    }

    @Override
    public String toString() {
        return label
                + (isWhole()
                        ? times == 1 ? "" : " x " + times
                        : " of " + minibatches + " minibatches");
    }
}
