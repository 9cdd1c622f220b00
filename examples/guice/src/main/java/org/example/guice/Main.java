package org.example.guice;

import com.google.inject.Guice;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.inject.RunModule;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Backends;

import java.util.Locale;
import java.util.stream.Stream;

/** Trains what a configuration describes; Guice makes all that is needed for it. */
public final class Main {
    private Main() {}

    /**
     * Trains and prints the backend and the test error.
     *
     * @param arguments name of a configuration, then settings, {@code key=value}
     */
    public static void main(String[] arguments) {
        var settings = Stream.of(arguments).skip(1).map(Setting::parse).toList();
        var injector =
                Guice.createInjector(
                        new RunModule(RunConfigurations.load(arguments[0], settings)));
        try (Backend backend = injector.getInstance(Backends.Selection.class).backend()) {
            double error = injector.getInstance(Training.class).testError(backend);
            System.out.printf(
                    Locale.ROOT, "%s: test error %.2f %%%n", backend.name(), 100 * error);
        }
    }
}
