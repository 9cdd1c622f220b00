package io.dfc.api.spi;

import io.dfc.api.error.BackendUnavailableException;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The answer to a name that no backend has.
 *
 * @param listings the backends that there are
 */
record UnknownName(List<Backends.Listing> listings) {
    /** Names that differ by more edits than this are not taken for slips. */
    private static final int SLIP = 2;

    /**
     * Leads on to a name that would do.
     *
     * @param name the unknown name
     * @param colon where it ended in the request, negative if no device followed
     * @return the error
     */
    BackendUnavailableException error(String name, int colon) {
        if (name.equalsIgnoreCase(Backends.AUTO)) {
            return new BackendUnavailableException(
                    (colon < 0
                                    ? "backend \"" + name + "\" is not there, \"auto\" is"
                                    : "\"auto\" takes no device, it chooses that as well")
                            + "; to choose yourself, name one of: "
                            + choices());
        }
        String lead =
                byKeyword(name).or(() -> similar(name)).map(answer -> "; " + answer).orElse("");
        return new BackendUnavailableException(
                "backend \""
                        + name
                        + "\" is not there"
                        + lead
                        + "; there are: "
                        + describe(listings));
    }

    private Optional<String> byKeyword(String name) {
        String word = name.toLowerCase(Locale.ROOT);
        return listings.stream()
                .filter(l -> keywords(l).contains(word))
                .findFirst()
                .map(
                        l ->
                                switch (l.availability()) {
                                    case Availability.Available a ->
                                            "for " + name + " name \"" + l.name() + "\"";
                                    case Availability.Unavailable(String reason, String remedy) ->
                                            "for "
                                                    + name
                                                    + " there is \""
                                                    + l.name()
                                                    + "\", which is unavailable: "
                                                    + reason
                                                    + "; "
                                                    + remedy;
                                });
    }

    private static Set<String> keywords(Backends.Listing listing) {
        BackendProvider provider = ((Backends.Found) listing).provider();
        return provider == null ? Set.of() : provider.keywords();
    }

    private Optional<String> similar(String name) {
        String word = name.strip().toLowerCase(Locale.ROOT);
        return listings.stream()
                .map(Backends.Listing::name)
                .filter(known -> edits(word, known) <= Math.min(SLIP, known.length() / 2))
                .findFirst()
                .map(known -> "did you mean \"" + known + "\"?");
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    private String choices() {
        return listings.stream()
                .filter(l -> l.availability() instanceof Availability.Available)
                .flatMap(
                        l ->
                                ((Availability.Available) l.availability())
                                        .devices().stream().map(d -> l.name() + ":" + d.id()))
                .collect(Collectors.joining(", "));
    }

    /** All backends with the reason why one is unavailable. */
    static String describe(List<Backends.Listing> listings) {
        return listings.stream()
                .map(
                        l ->
                                l.availability() instanceof Availability.Unavailable u
                                        ? l.name() + " (unavailable: " + u.reason() + ")"
                                        : l.name())
                .collect(Collectors.joining(", "));
    }
}
