package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.Plan;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Methods of someone else's train as soon as they are on the path, on every backend alike. */
@Tag("slow")
class ExampleMethodsTest {
    private static final Path ROOT = Path.of(System.getProperty("dfc.root"));
    private static final Path EXAMPLE = ROOT.resolve("examples/own-methods/src/main");

    /** Lines of a method's own that are code, at most. */
    private static final int SHORT = 30;

    @TempDir private static Path folder;

    private static Path classes;

    @BeforeAll
    static void compile() throws Exception {
        classes = folder.resolve("classes");
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-cp",
                                location(Plan.class) + ":" + location(LearningMethod.class),
                                "-d",
                                classes.toString()));
        try (Stream<Path> files = Files.walk(EXAMPLE.resolve("java/org"))) {
            files.map(Path::toString).filter(f -> f.endsWith(".java")).forEach(arguments::add);
        }
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(writer, writer, arguments.toArray(String[]::new));
        assertThat(status).as("%s", said).isZero();
        Path service = Path.of("META-INF/services", LearningMethod.class.getName());
        Files.createDirectories(classes.resolve(service).getParent());
        Files.copy(EXAMPLE.resolve("resources").resolve(service), classes.resolve(service));
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static List<String> arguments(String method, String backend, Path run) {
        return List.of(
                "train",
                "--method",
                method,
                "--backend",
                backend,
                "--hidden",
                "16,12",
                "--limit",
                "300",
                "--batch",
                "50",
                "--epochs",
                "2",
                // Adam would blow up what rounding leaves of a gradient that is nearly zero.
                "--set",
                "forward.optimizer=sgd",
                "--set",
                "forward.learning-rate=0.05",
                "--out",
                run.toString());
    }

    private static Parameters trained(String method, String backend) throws Exception {
        Path run = folder.resolve(method + "-" + backend);
        CommandRun trained = CommandRun.withMore(classes, arguments(method, backend, run));
        assertThat(trained.code()).as(trained.err()).isZero();
        return parameters(run);
    }

    private static Parameters parameters(Path run) {
        return Checkpoint.read(new RunFolder(run).checkpoint()).state().parameters();
    }

    private static void assertAlike(Parameters found, Parameters wanted) {
        assertThat(found.groups()).containsOnlyKeys(wanted.groups().keySet());
        wanted.groups()
                .forEach(
                        (group, tensors) -> {
                            for (int i = 0; i < tensors.size(); i++) {
                                double[] expected = tensors.get(i).toDoubles();
                                double largest = 0;
                                for (double x : expected) {
                                    largest = Math.max(largest, Math.abs(x));
                                }
                                assertThat(found.group(group).get(i).toDoubles())
                                        .as("%s[%d]", group, i)
                                        .containsExactly(expected, within(1e-4 * largest));
                            }
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"drtp", "bounded-dfc"})
    void trainAlikeOnTheReferenceAndOnVectors(String method) throws Exception {
        Parameters reference = trained(method, "reference");

        assertAlike(trained(method, "cpu-simd"), reference);
        assertThat(reference.biases().getFirst().toDoubles())
                .as("has learnt")
                .isNotEqualTo(new double[16]);
    }

    @Test
    void aProgramTrainsOnTornadoToo() throws Exception {
        String sdk = System.getenv("TORNADOVM_HOME");
        Assumptions.assumeTrue(
                sdk != null, "TORNADOVM_HOME is not set, so no program runs on TornadoVM here");
        Path run = folder.resolve("tornado");
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("dfc").toString()));
        command.addAll(arguments("drtp", "tornado", run));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("DFC_CLASS_PATH", classes.toString()));
        Path log = folder.resolve("tornado.log");
        Process process = builder.redirectOutput(log.toFile()).start();

        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        assertAlike(parameters(run), trained("drtp", "reference"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TargetProjection", "BoundedDfc"})
    void areShort(String method) throws IOException {
        String source =
                Files.readString(EXAMPLE.resolve("java/org/example/methods/" + method + ".java"));
        String plan = source.substring(source.indexOf("public LearningPlan plan("));

        List<String> code =
                plan.lines()
                        .map(String::strip)
                        .filter(l -> !l.isEmpty() && !l.startsWith("/*") && !l.startsWith("*"))
                        .filter(l -> !l.matches("[{}();,]*"))
                        .collect(Collectors.toList());
        assertThat(code).hasSizeLessThanOrEqualTo(SHORT);
    }
}
