package io.dfc.algorithms.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fuzzes the readers with Jazzer, guided by the coverage of their classes and of the parsers below
 * them, in a process of its own: its JUnit mode would put an agent into this one. {@code
 * -Dfuzz.seconds=N} fuzzes for longer, {@code -Dfuzz.target=NAME} one reader or {@code each} for as
 * long, {@code -Dfuzz.folder=DIR} keeps corpora and findings.
 */
@Tag("slow")
class JazzerTest {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 12);
    private static final Optional<String> TARGET =
            Optional.ofNullable(System.getProperty("fuzz.target"));

    @TempDir private Path temporary;

    @Test
    void findsNothing() throws Exception {
        Path folder =
                Optional.ofNullable(System.getProperty("fuzz.folder"))
                        .map(Path::of)
                        .orElse(temporary);
        List<String> targets =
                TARGET.filter("each"::equals).isPresent()
                        ? FuzzTargets.all().stream().map(FuzzTarget::name).toList()
                        : List.of(TARGET.orElse(""));
        List<String> failed = new ArrayList<>();
        for (String target : targets) {
            String output = fuzz(target, Files.createDirectories(folder.resolve("fuzz-" + target)));
            System.out.println(
                    "fuzzed " + (target.isEmpty() ? "all readers" : target) + ": " + done(output));
            if (output.contains("== libFuzzer crashing input ==")
                    || output.contains("ERROR: libFuzzer")) {
                failed.add(output);
            } else {
                assertThat(output)
                        .as("Jazzer went to the end")
                        .containsPattern("Done \\d+ runs in");
            }
        }
        assertThat(failed).isEmpty();
    }

    /** What libFuzzer says at the end: executions, edges covered, inputs kept. */
    private static String done(String output) {
        return output.lines()
                .filter(line -> line.contains("\tDONE ") || line.startsWith("== Java Exception"))
                .reduce((_, last) -> last)
                .orElse("(no figures)");
    }

    private static String fuzz(String target, Path folder) throws IOException {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        ParserFuzz.main(
                target.isEmpty()
                        ? new String[] {corpus.toString()}
                        : new String[] {corpus.toString(), target});
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath(),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + ParserFuzz.class.getName(),
                        "--instrumentation_includes=io.dfc.algorithms.**:org.apache.commons.csv.**"
                                + ":org.snakeyaml.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + File.separator,
                        "-max_total_time=" + SECONDS,
                        "-max_len=16384",
                        "-timeout=10",
                        "-rss_limit_mb=0"));
        if (!target.isEmpty()) {
            command.add("--target_args=" + target);
        }
        command.add(corpus.toString());
        Path log = folder.resolve("log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    private static String classPath() {
        return String.join(
                File.pathSeparator,
                Path.of("target", "test-classes").toString(),
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path"));
    }
}
