package io.dfc.bench.cli.exchange;

import io.dfc.algorithms.exchange.ArrayNames;
import io.dfc.algorithms.exchange.NamingScheme;
import io.dfc.api.error.BadConfigurationException;

import picocli.CommandLine.Option;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What arrays are called: {@code --names} and {@code --map}. */
final class NameOptions {
    @Option(
            names = "--names",
            paramLabel = "SCHEME",
            description =
                    "Whose names the arrays have: ours, dfc, dfc-bp, strong, strong-checkpoint or sequential."
                            + " Default: ours; of a file that is read, found.")
    private Optional<String> scheme = Optional.empty();

    @Option(
            names = "--map",
            paramLabel = "OURS=THEIRS",
            description =
                    "What an array is called instead, such as W[0]=first.weight, or those of a group: W=enc.{i}.kernel with"
                            + " {i} for the layer from 0 ({i+1}: from 1; {2i}: every second); repeatable.")
    private List<String> maps = List.of();

    /**
     * The names that the options ask for.
     *
     * @param otherwise the scheme's, where none is named
     */
    ArrayNames names(Supplier<ArrayNames> otherwise) {
        return scheme.map(NameOptions::scheme).orElseGet(otherwise).with(maps);
    }

    private static ArrayNames scheme(String label) {
        return ArrayNames.of(
                NamingScheme.of(label)
                        .orElseThrow(
                                () ->
                                        new BadConfigurationException(
                                                "--names",
                                                "unknown scheme \""
                                                        + label
                                                        + "\"; expected "
                                                        + String.join(
                                                                ", ", NamingScheme.labels()))));
    }
}
