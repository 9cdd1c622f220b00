package io.dfc.bench.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.store.ModelFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

/**
 * The README's first example of embedding is a file, which compiles, runs and says what it does.
 */
class EmbeddingExampleTest {
    private static final Path ROOT = Path.of(System.getProperty("dfc.root"));
    private static final Path EXAMPLE =
            ROOT.resolve("examples/embedded/src/main/java/org/example/embedded/Flowers.java");
    private static final String FENCE = "```";

    @TempDir private Path folder;

    private static String section() throws Exception {
        String page = Files.readString(ROOT.resolve("README.md"));
        int start = page.indexOf("## Embed it\n");
        return page.substring(start, page.indexOf("\n## ", start));
    }

    private static String block(String language) throws Exception {
        String section = section();
        String open = FENCE + language + "\n";
        int start = section.indexOf(open) + open.length();
        return section.substring(start, section.indexOf(FENCE, start));
    }

    @Test
    void theReadmeShowsTheFileAndTheCoordinatesOfThisBuild() throws Exception {
        assertThat(block("java")).isEqualTo(Files.readString(EXAMPLE));
        String version =
                Files.readString(ROOT.resolve("pom.xml"))
                        .replaceFirst("(?s).*?<artifactId>dfc-parent</artifactId>\\s*<version>", "")
                        .replaceFirst("(?s)</version>.*", "");
        assertThat(block("xml"))
                .contains(
                        "<artifactId>dfc-algorithms</artifactId>",
                        "<artifactId>dfc-cpu-simd</artifactId>",
                        "<version>" + version + "</version>");
    }

    @Test
    void theFileCompilesAndRunsAndSaysWhichBackendItTookAndWhy() throws Exception {
        String paths =
                System.getProperty("jdk.module.path", "")
                        + File.pathSeparator
                        + System.getProperty("java.class.path");
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(
                                writer,
                                writer,
                                "-cp",
                                paths,
                                "-d",
                                folder.resolve("classes").toString(),
                                EXAMPLE.toString());
        assertThat(status).as("%s", said).isZero();
        Path model = folder.resolve("flowers.dfc");
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "--add-modules",
                                        "jdk.incubator.vector",
                                        "-cp",
                                        folder.resolve("classes") + File.pathSeparator + paths,
                                        "org.example.embedded.Flowers",
                                        model.toString()))
                        .redirectError(folder.resolve("errors").toFile())
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();

        assertThat(process.exitValue()).as("%s", out).isZero();
        List<String> lines = out.lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .startsWith("backend ")
                .contains("the first that runs network and method of: ");
        assertThat(lines.get(1)).startsWith("20 epochs (all epochs done), best 20");
        assertThat(lines.get(2)).isEqualTo("[small, large]");
        assertThat(ModelFile.read(model).configuration().method()).isEqualTo("dfc-ssa");
    }
}
