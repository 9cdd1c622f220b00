package io.dfc.bench.golden;

import io.dfc.bench.golden.compare.Expectation;
import io.dfc.bench.golden.compare.Kind;
import io.dfc.bench.golden.scenario.Scenario;

import java.util.List;

/** A golden file, as far as it could be read. */
public sealed interface GoldenFile {
    /** {@return the file's name} */
    String file();

    /**
     * A file that can be checked.
     *
     * @param file the file's name
     * @param kind what it computes
     * @param expectations every expected tensor that is compared
     * @param scenario what a backend has to do
     */
    record Covered(String file, Kind kind, List<Expectation> expectations, Scenario scenario)
            implements GoldenFile {
        /** Copies the list. */
        public Covered {
            expectations = List.copyOf(expectations);
        }
    }

    /**
     * A file that is not a sound golden file.
     *
     * @param file the file's name
     * @param message one line: file, place, what was expected and what was found
     */
    record Unreadable(String file, String message) implements GoldenFile {}
}
