package io.dfc.tornado.backend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a JVM that was started in some other way than this one. */
final class OtherJvm {
    private static final Path SDK = Path.of(System.getenv("TORNADOVM_HOME"));

    private OtherJvm() {}

    /** Options that start TornadoVM as its documentation says. */
    static List<String> tornadoOptions() {
        // An SDK may have its template alone, which the build has expanded elsewhere.
        return List.of(
                "@"
                        + System.getProperty(
                                "tornadovm.argfile", SDK.resolve("tornado-argfile").toString()));
    }

    /** What a main class prints; standard error comes with it. */
    static String run(Class<?> main, List<String> options, Map<String, String> environment)
            throws IOException, InterruptedException {
        return run(builder(main, options).redirectErrorStream(true), environment);
    }

    /** What a main class prints on standard output alone. */
    static String standardOutput(
            Class<?> main, List<String> options, Map<String, String> environment)
            throws IOException, InterruptedException {
        return run(
                builder(main, options).redirectError(ProcessBuilder.Redirect.DISCARD), environment);
    }

    private static ProcessBuilder builder(Class<?> main, List<String> options) {
        Path classes = Path.of("target", "classes").toAbsolutePath();
        Path api = Path.of("..", "dfc-api", "target", "classes").toAbsolutePath();
        Path tests = Path.of("target", "test-classes").toAbsolutePath();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of(
                        "--module-path",
                        classes + ":" + api + ":" + SDK.resolve("share/java/tornado"),
                        "--patch-module",
                        "io.dfc.tornado=" + tests,
                        "--add-modules",
                        "io.dfc.tornado,tornado.api",
                        "-m",
                        "io.dfc.tornado/" + main.getName()));
        return new ProcessBuilder(command);
    }

    private static String run(ProcessBuilder builder, Map<String, String> environment)
            throws IOException, InterruptedException {
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException("no end after: " + output);
            }
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
