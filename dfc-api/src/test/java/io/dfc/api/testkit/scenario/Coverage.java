package io.dfc.api.testkit.scenario;

/** How much a run of the kit tries. */
public enum Coverage {
    /** Everything: what a backend is held to. */
    EVERY_SHAPE,
    /**
     * Two small networks, and few networks drawn at random: for tests of the kit itself, which run
     * it on one broken backend after the other.
     */
    TWO_SHAPES
}
