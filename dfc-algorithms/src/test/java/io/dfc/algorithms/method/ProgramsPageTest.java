package io.dfc.algorithms.method;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.method.lab.Lab;
import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Loss;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.Operation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** The page on programs shows what programs print, and names every operation. */
class ProgramsPageTest {
    private static final Path ROOT = Path.of("..");
    private static final String PAGE = read(ROOT.resolve("docs/programs.md"));

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String block(String language, String text) {
        return "```" + language + "\n" + text + "```\n";
    }

    @Test
    void showsBackpropagationAsItPrintsItself() {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 1, Lab.tanh(4, 5, 3, 2))) {
            assertThat(PAGE)
                    .contains(
                            block(
                                    "text",
                                    LayerPrograms.backpropagation(
                                                    lab.network, lab.w, lab.b, new Clipping.None())
                                            .toString()));
        }
    }

    @Test
    void showsAMethodThatIsTested() {
        String source =
                read(
                        Path.of(
                                "src/main/java/io/dfc/algorithms/method/program/FeedbackAlignment.java"));
        int from = source.indexOf("    private static LayerProgram program(");
        String method = source.substring(from, source.indexOf("\n    }\n", from) + 7);
        assertThat(method.lines().count()).isBetween(10L, 30L);
        assertThat(PAGE).contains(block("java", method.stripTrailing().stripIndent() + "\n"));
    }

    static Stream<Class<?>> operations() {
        return Arrays.stream(Operation.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("operations")
    void namesEveryOperation(Class<?> operation) {
        assertThat(PAGE).contains("| `" + operation.getSimpleName() + "` |");
    }
}
