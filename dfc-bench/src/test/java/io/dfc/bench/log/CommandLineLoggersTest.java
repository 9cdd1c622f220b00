package io.dfc.bench.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

class CommandLineLoggersTest {
    @ParameterizedTest
    @CsvSource({
        "io.dfc.tornado.runtime, '', INFO",
        "io.dfc.algorithms.store, DEBUG, DEBUG",
        "io.dfc.algorithms.store, debug, DEBUG",
        "io.dfc.algorithms.store, loud, INFO",
        "io.dfc.api.spi, '', ERROR",
        "io.dfc.api.spi, INFO, INFO",
        "io.dfc.api.spi.support, '', INFO",
        "jdk.event.security, DEBUG, WARNING"
    })
    void levels(String name, String property, Level expected) {
        assertThat(CommandLineLoggers.threshold(name, property)).isEqualTo(expected);
    }

    @Test
    void aLineEach() {
        Logger logger = new LineLogger("io.dfc.x", Level.INFO);
        PrintStream before = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            logger.log(Level.DEBUG, "hidden");
            logger.log(Level.WARNING, "{0} of {1}", "one", "two");
            logger.log(Level.INFO, "braces {0} without values");
            logger.log(Level.ERROR, "failed", new IllegalStateException("why"));
        } finally {
            System.setErr(before);
        }
        assertThat(written.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "dfc: one of two",
                        "dfc: braces {0} without values",
                        "dfc: failed: java.lang.IllegalStateException: why");
    }

    /** The loggers of modules are those of this class wherever the command line runs. */
    @Test
    void theyAreFound() {
        assertThat(System.LoggerFinder.getLoggerFinder()).isInstanceOf(CommandLineLoggers.class);
    }
}
