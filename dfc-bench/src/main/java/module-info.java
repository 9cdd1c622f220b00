/**
 * The {@code dfc} command line. Backends are found at run time; the one that may not have been
 * built is named, to say what it lacks.
 */
module io.dfc.bench {
    requires com.google.guice;
    requires info.picocli;
    requires io.dfc.algorithms;
    requires io.dfc.api;
    // Guice has no descriptor that would require it.
    requires jakarta.inject;
    requires java.management;
    requires me.tongfei.progressbar;
    requires tools.jackson.databind;

    provides io.dfc.api.spi.BackendProvider with
            io.dfc.bench.cli.AbsentTornadoProvider;

    opens io.dfc.bench.cli to
            info.picocli;
}
