package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The example application becomes a run-time image of its own with dfc-algorithms and the SIMD
 * backend, which jlink refuses as soon as one of the required modules is automatic.
 */
@Tag("slow")
class EmbeddedApplicationTest {
    private static final Path EXAMPLE =
            Path.of(System.getProperty("dfc.root"), "examples/embedded/src/main/java");
    private static final Path TOOLS = Path.of(System.getProperty("java.home"), "bin");

    @TempDir private static Path folder;

    private static Path image;

    @BeforeAll
    static void link() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(TOOLS.resolve("jlink")), "skipped: this JDK has no jlink");
        Path classes = folder.resolve("classes");
        List<String> compile = new ArrayList<>(List.of("javac", "-d", classes.toString()));
        compile.addAll(List.of("--module-path", modules()));
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            files.map(Path::toString).filter(f -> f.endsWith(".java")).forEach(compile::add);
        }
        assertThat(run(compile).code()).isZero();
        image = folder.resolve("image");
        CommandRun linked =
                run(
                        List.of(
                                "jlink",
                                "--module-path",
                                classes + File.pathSeparator + modules(),
                                "--add-modules",
                                "org.example.embedded,io.dfc.cpu.simd",
                                "--launcher",
                                "train=org.example.embedded/org.example.embedded.Main",
                                "--output",
                                image.toString()));
        assertThat(linked.code()).as(linked.out()).isZero();
    }

    /** What the tests' paths hold of modules with a descriptor; Guice has none. */
    private static String modules() {
        return Stream.of("jdk.module.path", "java.class.path")
                .map(name -> System.getProperty(name, ""))
                .flatMap(paths -> Stream.of(paths.split(File.pathSeparator)))
                .filter(path -> !path.isEmpty() && isExplicit(Path.of(path)))
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isExplicit(Path path) {
        return Files.exists(path)
                && (Files.isRegularFile(path) || Files.exists(path.resolve("module-info.class")))
                && ModuleFinder.of(path).findAll().stream()
                        .noneMatch(module -> module.descriptor().isAutomatic());
    }

    private static CommandRun run(List<String> command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.set(0, TOOLS.resolve(command.getFirst()).toString());
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(command.getFirst() + " did not end");
        }
        return new CommandRun(process.exitValue(), out, "");
    }

    @Test
    void theImageTrainsOnVectors() throws Exception {
        CommandRun trained = run(List.of(image.resolve("bin/train").toString()));

        assertThat(trained.code()).as(trained.out()).isZero();
        assertThat(trained.out()).containsPattern("cpu-simd: test error [0-9.]+ %");
    }

    @Test
    void theImageHoldsNeitherGuiceNorAnythingElseWithoutADescriptor() throws Exception {
        CommandRun listed = run(List.of(image.resolve("bin/java").toString(), "--list-modules"));

        assertThat(listed.out())
                .contains("io.dfc.algorithms", "io.dfc.cpu.simd", "jdk.incubator.vector")
                .doesNotContain("guice", "com.google", "inject", "automatic");
    }
}
