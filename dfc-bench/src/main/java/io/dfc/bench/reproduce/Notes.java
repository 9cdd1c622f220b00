package io.dfc.bench.reproduce;

/** What stands below a picture beside its legend. */
final class Notes {
    private Notes() {}

    /**
     * Whose numbers are shown.
     *
     * @param seeds number of seeds
     * @param first the first of them
     * @return a sentence
     */
    static String seeds(int seeds, long first) {
        return seeds == 1
                ? "Seed " + first + "."
                : "Seeds "
                        + first
                        + " to "
                        + (first + seeds - 1)
                        + ": mean, and band from the lowest to the highest; single networks are"
                        + " those of seed "
                        + first
                        + ".";
    }

    /**
     * Whose numbers are shown where every curve is of all seeds.
     *
     * @param seeds number of seeds
     * @param first the first of them
     * @return a sentence
     */
    static String bands(int seeds, long first) {
        return seeds == 1
                ? "Seed " + first + "."
                : "Seeds "
                        + first
                        + " to "
                        + (first + seeds - 1)
                        + ": mean, and band from the lowest to the highest.";
    }
}
