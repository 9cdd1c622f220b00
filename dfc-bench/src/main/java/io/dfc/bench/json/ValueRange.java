package io.dfc.bench.json;

/** Ranges of the components of a record that a JSON object is bound to. */
public final class ValueRange {
    private ValueRange() {}

    /**
     * Checks a component, in the constructor of its record.
     *
     * @param holds whether it is in its range
     * @param key its key in the file
     * @param expected what it should be
     */
    public static void require(boolean holds, String key, String expected) {
        if (!holds) {
            throw new Violation(key, expected);
        }
    }

    /** A value out of its range; {@link JsonCursor#as} names its place and what is there. */
    static final class Violation extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final String key;

        private Violation(String key, String expected) {
            super(expected);
            this.key = key;
        }

        String key() {
            return key;
        }
    }
}
