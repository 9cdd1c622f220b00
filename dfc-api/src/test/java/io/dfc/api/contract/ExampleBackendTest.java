package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** The backend of someone else's, outside the build: it is short, and passes the published kit. */
@Tag("slow")
class ExampleBackendTest {
    private static final Path ROOT = Path.of(System.getProperty("dfc.root"));
    private static final Path EXAMPLE = ROOT.resolve("examples/plain-backend/src");
    private static final int MOST_LINES = 300;

    @TempDir private static Path classes;

    @BeforeAll
    static void compile() throws IOException {
        Path built = ROOT.resolve("dfc-api/target");
        javac("-p", built.resolve("classes").toString(), "main");
        String path =
                String.join(
                        ":",
                        classes.resolve("main").toString(),
                        built.resolve("classes").toString(),
                        built.resolve("test-classes").toString(),
                        System.getProperty("java.class.path"),
                        System.getProperty("jdk.module.path", ""));
        javac("-cp", path, "test");
    }

    private static void javac(String option, String path, String part) throws IOException {
        String to = classes.resolve(part).toString();
        List<String> arguments =
                new ArrayList<>(List.of("--release", "25", option, path, "-d", to));
        try (Stream<Path> files = Files.walk(EXAMPLE.resolve(part).resolve("java"))) {
            files.map(Path::toString).filter(f -> f.endsWith(".java")).forEach(arguments::add);
        }
        StringWriter said = new StringWriter();
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(
                                new PrintWriter(said),
                                new PrintWriter(said),
                                arguments.toArray(String[]::new));
        assertThat(status).as("%s", said).isZero();
    }

    @Test
    void passesTheKitWithinItsLimits() throws Exception {
        URL[] here = {
            classes.resolve("main").toUri().toURL(), classes.resolve("test").toUri().toURL()
        };
        try (URLClassLoader loader = new URLClassLoader(here, getClass().getClassLoader())) {
            Class<?> kit = loader.loadClass("org.example.plain.PlainBackendTest");

            EngineExecutionResults results =
                    EngineTestKit.engine("junit-jupiter").selectors(selectClass(kit)).execute();

            assertThat(results.allEvents().failed().list()).isEmpty();
            assertThat(results.testEvents().succeeded().count()).isGreaterThan(50);
        }
    }

    @Test
    void isShort() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLE.resolve("main/java"))) {
            List<Path> sources = files.filter(Files::isRegularFile).toList();
            long lines = 0;
            for (Path source : sources) {
                lines +=
                        Files.readAllLines(source).stream()
                                .filter(ExampleBackendTest::isCode)
                                .count();
            }
            assertThat(lines).isPositive().isLessThan(MOST_LINES);
        }
    }

    private static boolean isCode(String line) {
        return !line.isBlank() && !line.strip().matches("(//|/?\\*|import |package ).*");
    }
}
