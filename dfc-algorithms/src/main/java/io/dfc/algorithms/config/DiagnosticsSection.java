package io.dfc.algorithms.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is measured of a run while it learns. None of it changes what the run computes.
 *
 * @param every minibatches of the training sweep between measurements, counted in every epoch from
 *     its first one, so that any number beyond those of an epoch measures once an epoch; 0: off
 * @param measures names of {@link DiagnosticMeasure}, or {@code all}
 * @param samples samples of the minibatch on which conditions, feedback angles and eigenvalues are
 *     measured; angles between updates need all of them
 * @param damping damping of the Gauss-Newton and minimum-norm updates; 0 is the pseudo-inverse
 * @param dampingSearch whether the damping is searched, too, at which the update is closest to a
 *     Gauss-Newton and to a minimum-norm update
 * @param stability what becomes of a run whose loop is unstable at the start: {@code refuse},
 *     {@code warn} or {@code ignore}
 */
public record DiagnosticsSection(
        int every,
        List<String> measures,
        int samples,
        double damping,
        boolean dampingSearch,
        String stability) {
    /** The name of all measures. */
    static final String ALL = "all";

    /** What may become of an unstable loop. */
    static final List<String> STABILITY = List.of("refuse", "warn", "ignore");

    /** Copies the list. */
    public DiagnosticsSection {
        measures = List.copyOf(measures);
    }

    /** {@return the names that {@code measures} may hold} */
    static List<String> names() {
        List<String> names = new ArrayList<>(List.of(ALL));
        Arrays.stream(DiagnosticMeasure.values()).map(DiagnosticMeasure::label).forEach(names::add);
        return names;
    }

    /** {@return the measures chosen} */
    public Set<DiagnosticMeasure> chosen() {
        Set<DiagnosticMeasure> chosen = EnumSet.noneOf(DiagnosticMeasure.class);
        for (DiagnosticMeasure measure : DiagnosticMeasure.values()) {
            if (measures.contains(ALL) || measures.contains(measure.label())) {
                chosen.add(measure);
            }
        }
        return chosen;
    }
}
