package io.dfc.bench.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.measure.Measurements;
import io.dfc.algorithms.measure.RunMeasurement;
import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** The classes of the page on extensions compile as they stand there, are short, and train. */
class ExtendingPageTest {
    private static final Path PAGE =
            Path.of(System.getProperty("dfc.root")).resolve("docs/extending.md");
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("public (?:final class|record) (\\w+)");

    /** Lines of code of a class, at most; imports are not counted. */
    private static final int SHORT = 30;

    private static final Map<String, String> SOURCES = new LinkedHashMap<>();

    @TempDir private static Path folder;

    private static ClassLoader classes;

    @BeforeAll
    static void compile() throws Exception {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-cp",
                                location(Plan.class) + ":" + location(LearningMethod.class),
                                "-d",
                                folder.resolve("classes").toString()));
        Matcher block = BLOCK.matcher(Files.readString(PAGE));
        while (block.find()) {
            Matcher name = NAME.matcher(block.group(1));
            assertThat(name.find()).as(block.group(1)).isTrue();
            SOURCES.put(name.group(1), block.group(1));
            Path file = sources.resolve(name.group(1) + ".java");
            arguments.add(Files.writeString(file, block.group(1)).toString());
        }
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(writer, writer, arguments.toArray(String[]::new));
        assertThat(status).as("%s", said).isZero();
        URL[] urls = {folder.resolve("classes").toUri().toURL()};
        classes = new URLClassLoader(urls, ExtendingPageTest.class.getClassLoader());
    }

    private static String location(Class<?> type) throws Exception {
        URI uri = type.getProtectionDomain().getCodeSource().getLocation().toURI();
        return Path.of(uri).toString();
    }

    private static TrainingResult train(String method, String backend) throws Exception {
        return train(method, backend, RunMeasurement.none(), new TrainingListener() {});
    }

    private static TrainingResult train(
            String method, String backend, RunMeasurement measurement, TrainingListener listener)
            throws Exception {
        Object instance = classes.loadClass(method).getDeclaredConstructor().newInstance();
        try (Backend opened =
                Backends.discover()
                        .select(backend, BackendOptions.defaults(), List.of())
                        .backend()) {
            return (TrainingResult)
                    classes.loadClass("OwnRun")
                            .getMethod(
                                    "train",
                                    LearningMethod.class,
                                    Backend.class,
                                    RunMeasurement.class,
                                    TrainingListener.class)
                            .invoke(null, instance, opened, measurement, listener);
        }
    }

    @Test
    void showsOneOfEach() {
        assertThat(SOURCES.keySet())
                .containsExactly(
                        "BoundedRule",
                        "SaturatedController",
                        "SaturatedDfc",
                        "LayeredFeedback",
                        "Spirals",
                        "ConditionTwo",
                        "OwnRun");
    }

    @Test
    void classesAreShort() {
        assertThat(SOURCES)
                .allSatisfy(
                        (name, source) ->
                                assertThat(
                                                source.lines()
                                                        .map(String::strip)
                                                        .filter(l -> !l.startsWith("import "))
                                                        .filter(l -> !l.matches("[{}();,]*"))
                                                        .count())
                                        .as(name)
                                        .isLessThan(SHORT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SaturatedDfc", "LayeredFeedback"})
    void methodsLearnAlikeOnTheReferenceAndOnVectors(String method) throws Exception {
        TrainingResult reference = train(method, "reference");
        TrainingResult vectors = train(method, "cpu-simd");

        double loss = reference.snapshot().progress().last().loss();
        // Two classes told apart by chance have a loss of ln 2.
        assertThat(loss).isLessThan(0.6);
        assertThat(vectors.snapshot().progress().last().loss()).isCloseTo(loss, within(1e-3));
    }

    @Test
    void theDiagnosticMeasuresEveryEpochAndChangesNothing() throws Exception {
        List<Double> shares = new ArrayList<>();
        RunMeasurement measurement =
                (RunMeasurement)
                        classes.loadClass("ConditionTwo")
                                .getDeclaredConstructor(int.class)
                                .newInstance(10);

        TrainingResult measured =
                train(
                        "SaturatedDfc",
                        "cpu-simd",
                        measurement,
                        new TrainingListener() {
                            @Override
                            public void measured(int epoch, Measurements measurements) {
                                shares.add(measurements.values().get("condition-two"));
                            }
                        });
        TrainingResult unmeasured = train("SaturatedDfc", "cpu-simd");

        // 20 minibatches in each of 20 epochs.
        assertThat(shares).hasSize(40).allSatisfy(s -> assertThat(s).isBetween(0.1, 1 + 1e-12));
        assertThat(shares).doesNotHaveDuplicates();
        for (String group : List.of("W", "b")) {
            for (int i = 0; i < 2; i++) {
                assertThat(parameters(measured, group, i))
                        .containsExactly(parameters(unmeasured, group, i));
            }
        }
    }

    private static double[] parameters(TrainingResult result, String group, int layer) {
        return result.snapshot().state().parameters().group(group).get(layer).toDoubles();
    }
}
