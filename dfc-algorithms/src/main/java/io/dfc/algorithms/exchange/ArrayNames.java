package io.dfc.algorithms.exchange;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Parameters;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the arrays of another program are called: those of a scheme, some of them replaced. A name
 * with {@code {i}} is a pattern, where {@code {i}} stands for the layer from 0; {@code {i+1}}
 * counts from 1, and {@code {2i}} every second.
 */
public final class ArrayNames {
    private static final Pattern PLACE = Pattern.compile("\\{([0-9]{0,3})i(?:\\+([0-9]{1,3}))?\\}");
    private static final Pattern OURS =
            Pattern.compile("([A-Za-z][A-Za-z0-9_-]*)(?:\\[([0-9]{1,4})\\])?");

    private final NamingScheme scheme;
    private final Map<String, String> replaced;

    private ArrayNames(NamingScheme scheme, Map<String, String> replaced) {
        this.scheme = scheme;
        this.replaced = replaced;
    }

    /**
     * The names of a scheme.
     *
     * @param scheme the scheme
     * @return its names
     */
    public static ArrayNames of(NamingScheme scheme) {
        return new ArrayNames(scheme, Map.of());
    }

    /**
     * The names of the first scheme that a file follows: one of which it has the weights of the
     * first layer.
     *
     * @param names names in the file
     * @return the names, if there is such a scheme
     */
    public static Optional<ArrayNames> found(Collection<String> names) {
        for (NamingScheme scheme : NamingScheme.values()) {
            ArrayNames candidate = of(scheme);
            if (names.contains(candidate.of(Parameters.WEIGHTS, 0))) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * Replaces names.
     *
     * @param maps {@code OURS=THEIRS} each: {@code W=encoder.{i}.kernel} for a group, {@code
     *     W[0]=first.weight} for one array
     * @return the names with these in place of the scheme's
     * @throws BadConfigurationException if one has another form
     */
    public ArrayNames with(List<String> maps) {
        Map<String, String> all = new LinkedHashMap<>(replaced);
        for (String map : maps) {
            int equals = map.indexOf('=');
            Matcher ours = OURS.matcher(equals < 0 ? "" : map.substring(0, equals));
            String theirs = map.substring(equals + 1);
            boolean group = ours.matches() && ours.group(2) == null;
            if (!ours.matches() || theirs.isBlank() || group != PLACE.matcher(theirs).find()) {
                throw new BadConfigurationException(
                        "--map",
                        "expected OURS=THEIRS such as W=encoder.{i}.kernel or W[0]=first.weight, got \""
                                + map
                                + "\"");
            }
            if (all.put(map.substring(0, equals), theirs) != null) {
                throw new BadConfigurationException(
                        "--map", "names " + map.substring(0, equals) + " twice");
            }
        }
        return new ArrayNames(scheme, all);
    }

    /** {@return the scheme} */
    public NamingScheme scheme() {
        return scheme;
    }

    /**
     * What an array is called.
     *
     * @param group name of its group
     * @param layer its layer, from 0
     * @return its name
     */
    public String of(String group, int layer) {
        String single = replaced.get(group + "[" + layer + "]");
        if (single != null) {
            return single;
        }
        String pattern = replaced.getOrDefault(group, scheme.pattern(group));
        return PLACE.matcher(pattern)
                .replaceAll(
                        place ->
                                Long.toString(
                                        number(place.group(1), 1) * layer
                                                + number(place.group(2), 0)));
    }

    private static long number(String digits, int otherwise) {
        return digits == null || digits.isEmpty() ? otherwise : Integer.parseInt(digits);
    }
}
