package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.plan.Plan;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A backend of someone else's is there as soon as it is on the path. */
@Tag("slow")
class ExampleBackendTest {
    private static final Path EXAMPLE =
            Path.of(System.getProperty("dfc.root"), "examples/plain-backend/src/main");

    @TempDir private static Path folder;

    private static Path classes;

    @BeforeAll
    static void compile() throws Exception {
        classes = folder.resolve("classes");
        Path api = Path.of(Plan.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> arguments =
                new ArrayList<>(List.of("-p", api.toString(), "-d", classes.toString()));
        try (Stream<Path> files = Files.walk(EXAMPLE.resolve("java"))) {
            files.map(Path::toString).filter(f -> f.endsWith(".java")).forEach(arguments::add);
        }
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(writer, writer, arguments.toArray(String[]::new));
        assertThat(status).as("%s", said).isZero();
        Path service = Path.of("META-INF/services/io.dfc.api.spi.BackendProvider");
        Files.createDirectories(classes.resolve(service).getParent());
        Files.copy(EXAMPLE.resolve("resources").resolve(service), classes.resolve(service));
    }

    private static CommandRun run(String... arguments) throws IOException, InterruptedException {
        return CommandRun.withMore(classes, List.of(arguments));
    }

    @Test
    void isListedAndEvaluatesARunAsTheReferenceDoes() throws Exception {
        String run = folder.resolve("run").toString();
        CommandRun trained = CommandRun.train(Path.of(run), "--epochs", "1");
        assertThat(trained.code()).as(trained.err()).isZero();

        assertThat(run("backends").out()).containsPattern("plain +priority -1 +cpu: one thread");
        CommandRun plain = run("eval", run, "--backend", "plain");
        assertThat(plain.code()).as(plain.err()).isZero();
        assertThat(plain.out()).contains("backend  plain");
        assertThat(test(plain)).isEqualTo(test(run("eval", run, "--backend", "reference")));
    }

    private static String test(CommandRun run) {
        return run.out().lines().filter(l -> l.startsWith("test")).findFirst().orElseThrow();
    }

    @Test
    void namesItsLimits() throws Exception {
        String[] linear = {
            "train",
            "--method",
            "dfc-ssa",
            "--backend",
            "plain",
            "--limit",
            "200",
            "--hidden",
            "8",
            "--batch",
            "20",
            "--epochs",
            "1",
            "--set",
            "forward.optimizer=sgd",
            "--out",
            folder.resolve("plain").toString()
        };

        CommandRun declined = run(linear);

        CommandRun.assertRefused(declined, 2, "plain", "linearised steady states", "phase control");
    }
}
