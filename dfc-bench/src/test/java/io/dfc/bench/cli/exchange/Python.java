package io.dfc.bench.cli.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs scripts in the Python that {@code DFC_PYTHON} names, or in {@code python3}. Tests whose
 * packages it does not have are skipped, and say so.
 */
final class Python {
    private static final String PROGRAM = System.getenv().getOrDefault("DFC_PYTHON", "python3");
    private static final Map<String, String> MISSING = new ConcurrentHashMap<>();

    private Python() {}

    /** Skips the test unless packages are there. */
    static void require(String... packages) {
        String missing = MISSING.computeIfAbsent(String.join(", ", packages), Python::missing);
        if (!missing.isEmpty()) {
            System.out.println("SKIPPED: " + missing);
        }
        Assumptions.assumeTrue(missing.isEmpty(), missing);
    }

    private static String missing(String packages) {
        try {
            Process process =
                    new ProcessBuilder(PROGRAM, "-c", "import " + packages)
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0
                    ? ""
                    : PROGRAM
                            + " has not all of "
                            + packages
                            + " ("
                            + said.strip().lines().reduce("", (_, last) -> last)
                            + "); name one that has with DFC_PYTHON";
        } catch (IOException e) {
            return "there is no " + PROGRAM + "; name one with DFC_PYTHON";
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a script of the test resources, and returns the JSON that it prints. */
    static JsonNode run(Path folder, String script, String... arguments) {
        try (InputStream in = Python.class.getResourceAsStream("/interop/" + script)) {
            Path file = Files.write(folder.resolve(script), in.readAllBytes());
            List<String> command = new ArrayList<>(List.of(PROGRAM, file.toString()));
            command.addAll(List.of(arguments));
            return JsonMapper.shared().readTree(output(command));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a command of a shell, with {@code python3} for the Python in use. */
    static String shell(String command) {
        return output(List.of("sh", "-c", command.replace("python3", PROGRAM)));
    }

    private static String output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).start();
            String out =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err =
                    new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(err).isZero();
            return out;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
