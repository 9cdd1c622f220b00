package io.dfc.bench.golden.compare;

import io.dfc.api.spi.Device;
import io.dfc.api.tensor.ElementType;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Result of a check.
 *
 * @param backend name of the backend
 * @param device the device that it ran on
 * @param computeType type in which it computes
 * @param outcomes one per file, in the order of the files
 */
public record CheckReport(
        String backend, Device device, ElementType computeType, List<FileOutcome> outcomes) {
    /** Copies the list. */
    public CheckReport {
        outcomes = List.copyOf(outcomes);
    }

    /**
     * A comparison beyond its tolerance.
     *
     * @param file the file's name
     * @param comparison the comparison
     */
    public record Miss(String file, Comparison comparison) {}

    /**
     * The outcomes of one sort.
     *
     * @param type the sort
     * @param <T> the sort
     * @return the outcomes, in the order of the files
     */
    public <T extends FileOutcome> List<T> of(Class<T> type) {
        return outcomes.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** {@return every comparison beyond its tolerance} */
    public List<Miss> misses() {
        List<Miss> misses = new ArrayList<>();
        for (FileOutcome.Checked checked : of(FileOutcome.Checked.class)) {
            checked.comparisons().stream()
                    .filter(c -> !c.isMet())
                    .forEach(c -> misses.add(new Miss(checked.file(), c)));
        }
        return misses;
    }

    /**
     * Tells whether the backend conforms: no comparison misses, no file is unreadable and none
     * failed.
     *
     * @param strict whether files that the backend declines count against it
     * @return whether it does
     */
    public boolean passed(boolean strict) {
        boolean sound =
                of(FileOutcome.Unreadable.class).isEmpty()
                        && of(FileOutcome.Failed.class).isEmpty()
                        && misses().isEmpty();
        return sound && (!strict || of(FileOutcome.Declined.class).isEmpty());
    }

    /** {@return one summary per kind and quantity, ordered by kind, then as the files list them} */
    public List<QuantitySummary> quantities() {
        record Key(Kind kind, String quantity) {}
        Map<Key, QuantitySummary> summaries = new LinkedHashMap<>();
        for (FileOutcome.Checked checked : of(FileOutcome.Checked.class)) {
            Map<String, QuantitySummary> ofFile = new LinkedHashMap<>();
            for (Comparison c : checked.comparisons()) {
                ofFile.merge(
                        c.quantity(),
                        new QuantitySummary(
                                checked.kind(),
                                c.quantity(),
                                1,
                                c.isMet() ? 0 : 1,
                                c,
                                checked.file()),
                        (a, b) -> merged(a, b, 1));
            }
            ofFile.values()
                    .forEach(
                            s ->
                                    summaries.merge(
                                            new Key(s.kind(), s.quantity()),
                                            s,
                                            (a, b) -> merged(a, b, a.cases() + b.cases())));
        }
        return summaries.values().stream()
                .sorted(Comparator.comparing(QuantitySummary::kind))
                .toList();
    }

    private static QuantitySummary merged(QuantitySummary a, QuantitySummary b, int cases) {
        QuantitySummary worse = b.worst().severity() > a.worst().severity() ? b : a;
        return new QuantitySummary(
                a.kind(),
                a.quantity(),
                cases,
                a.misses() + b.misses(),
                worse.worst(),
                worse.worstFile());
    }
}
