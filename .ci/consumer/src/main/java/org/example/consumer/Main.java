package org.example.consumer;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backends;

import java.util.List;
import java.util.stream.Collectors;

/** Reads a configuration and names the backends that run here. */
final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        RunConfigurations.load("glyphs/dfc", List.of());
        System.out.println(
                "consumer: "
                        + Backends.discover().listings().stream()
                                .filter(l -> l.availability() instanceof Availability.Available)
                                .map(Backends.Listing::name)
                                .collect(Collectors.joining(", ")));
    }
}
