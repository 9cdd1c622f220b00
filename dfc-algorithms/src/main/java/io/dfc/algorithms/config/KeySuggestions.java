package io.dfc.algorithms.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests the name that a misspelt one is closest to. */
public final class KeySuggestions {
    private KeySuggestions() {}

    /**
     * The nearest of some names, if it is near enough to be meant.
     *
     * @param word what was written
     * @param names what could have been written
     * @return the name with the smallest edit distance, if that is at most a third of its length
     *     and at least 1
     */
    public static Optional<String> nearest(String word, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt((String n) -> distance(word, n)).thenComparing(n -> n))
                .filter(n -> distance(word, n) <= Math.max(1, n.length() / 3));
    }

    /**
     * A hint for the end of an error message.
     *
     * @param word what was written
     * @param names what could have been written
     * @return {@code "; did you mean ...?"}, or a list of the names if none is near
     */
    public static String hint(String word, Collection<String> names) {
        return nearest(word, names)
                .map(n -> "; did you mean \"" + n + "\"?")
                .orElseGet(() -> "; there are: " + String.join(", ", names));
    }

    /** Number of single-character insertions, deletions and replacements between two words. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], previous[j]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
