package io.dfc.bench.golden.compare;

import java.util.List;

/** The result of checking one file. */
public sealed interface FileOutcome {
    /** {@return the file's name} */
    String file();

    /**
     * The file was run and compared.
     *
     * @param file the file's name
     * @param kind what it computes
     * @param comparisons one per expected tensor
     */
    record Checked(String file, Kind kind, List<Comparison> comparisons) implements FileOutcome {
        /** Copies the list. */
        public Checked {
            comparisons = List.copyOf(comparisons);
        }
    }

    /**
     * The backend does not run the file's plan.
     *
     * @param file the file's name
     * @param reason the backend's reason
     */
    record Declined(String file, String reason) implements FileOutcome {}

    /**
     * The file is not a sound golden file.
     *
     * @param file the file's name
     * @param message one line: file, place, what was expected and what was found
     */
    record Unreadable(String file, String message) implements FileOutcome {}

    /**
     * The backend failed while it ran the file.
     *
     * @param file the file's name
     * @param reason what failed
     */
    record Failed(String file, String reason) implements FileOutcome {}
}
