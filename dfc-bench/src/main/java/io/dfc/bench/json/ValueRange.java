package io.dfc.bench.json;

import java.util.OptionalInt;

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
            throw new Violation(key, OptionalInt.empty(), expected);
        }
    }

    /**
     * Checks an element of a list, in the constructor of the record with the list.
     *
     * @param holds whether it is in its range
     * @param key key of the list
     * @param index index of the element
     * @param expected what it should be
     */
    public static void require(boolean holds, String key, int index, String expected) {
        if (!holds) {
            throw new Violation(key, OptionalInt.of(index), expected);
        }
    }

    /** A value out of its range; {@link JsonCursor#as} names its place and what is there. */
    static final class Violation extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final String key;
        private final transient OptionalInt index;
        private final String expected;

        private Violation(String key, OptionalInt index, String expected) {
            super(expected);
            this.key = key;
            this.index = index;
            this.expected = expected;
        }

        /** What would be right. */
        String expected() {
            return expected;
        }

        /** The value, within the object that was bound. */
        JsonCursor in(JsonCursor object) {
            JsonCursor value = object.get(key);
            return index.isPresent() ? value.items().get(index.getAsInt()) : value;
        }
    }
}
