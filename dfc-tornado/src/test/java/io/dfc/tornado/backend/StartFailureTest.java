package io.dfc.tornado.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.spi.Availability;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.stream.Stream;

/** What drivers throw is told in the user's words; their own text goes to the log. */
class StartFailureTest {
    private final List<Throwable> logged = new ArrayList<>();

    private final class Log implements System.Logger {
        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
            assertThat(level).isEqualTo(Level.DEBUG);
            logged.add(thrown);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... values) {
            throw new AssertionError(format);
        }
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new RuntimeException(
                                "\u001b[31m[WARNING] No OpenCL platforms found. Deoptimizing to"
                                        + " sequential execution.\u001b[0m"),
                        "no driver of OpenCL is found",
                        "install a driver"),
                Arguments.of(
                        new RuntimeException("[ERROR] OpenCL JNI Library not found"),
                        "its native libraries are not found",
                        "argument file"),
                Arguments.of(
                        new UnsatisfiedLinkError("libcuda.so.1: cannot open shared object file"),
                        "a library of a driver is missing",
                        "install the driver"),
                Arguments.of(
                        new InternalError("Class jdk.vm.ci.runtime.JVMCI is not enabled"),
                        "JVMCI, is not enabled",
                        "argument file"),
                Arguments.of(
                        new RuntimeException(
                                "[TornadoVM-OCL-JNI] ERROR : clGetDeviceIDs -> Returned: -1\n\tat"
                                        + " uk.ac.manchester"),
                        "a driver or a device fails",
                        "install a driver"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void reasonsAreOneLineInTheUsersWords(Throwable root, String reason, String remedy) {
        Throwable failure = new ExceptionInInitializerError(root);

        Availability.Unavailable found = StartFailure.of(failure, new Log());

        assertThat(found.reason())
                .startsWith("TornadoVM does not start: ")
                .endsWith(reason)
                .doesNotContain("\u001b", "[", "ERROR", "clGet", "-1")
                .hasLineCount(1);
        assertThat(found.remedy()).contains(remedy).hasLineCount(1);
        assertThat(logged).containsExactly(failure);
    }
}
