package io.dfc.bench.reproduce;

/** A figure of the paper. */
public interface Figure {
    /** {@return its name on the command line, such as {@code fig1d}} */
    String name();

    /** {@return what it shows, in one line} */
    String title();

    /**
     * Runs what it shows.
     *
     * @param lab where it runs, and for how long
     * @return its numbers and picture
     * @throws io.dfc.api.error.DfcException if a run fails
     */
    Reproduced reproduce(Lab lab);
}
