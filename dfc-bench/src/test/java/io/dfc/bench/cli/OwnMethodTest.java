package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.method.LearningMethod;
import io.dfc.api.plan.Plan;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A method of someone else's is there as soon as it is on the path. */
@Tag("slow")
class OwnMethodTest {
    /** Backpropagation whose rate falls with the loss of the minibatch. */
    private static final String METHOD =
            """
            package com.example.learn;

            import io.dfc.algorithms.method.*;
            import io.dfc.algorithms.train.*;
            import io.dfc.api.plan.*;

            public final class Cautious implements LearningMethod<Cautious.Settings> {
                public record Settings(ForwardSection forward, Caution caution) {}
                public record Caution(double most) {}

                public String name() { return "cautious"; }
                public String summary() { return "backpropagation that slows down"; }
                public Class<Settings> settings() { return Settings.class; }
                public Settings defaults() { return new Settings(ForwardSection.defaults(), new Caution(1)); }

                public Settings check(Settings s, int depth) {
                    s.forward().check(depth);
                    SettingChecks.positive("caution.most", s.caution().most());
                    return s;
                }

                public LearningPlan plan(Settings s, MethodContext context) {
                    Plan.Builder b = context.builder();
                    var backward = b.program("backward", LayerPrograms.backpropagation(
                            context.network(), b.weights(), b.biases(), s.forward().clipping()));
                    var step = b.step(backward.gradients().getFirst(),
                            b.optimizer("forward", s.forward().optimization(), b.forwardGroups()));
                    return new LearningPlan(b.build(), context::parameters, new Sweep("forward", run -> {
                        run.run(backward);
                        run.apply(Math.min(s.caution().most(), run.forward().loss()), step);
                    }));
                }
            }
            """;

    private static final String MODULE =
            """
            module com.example.learn {
                requires io.dfc.algorithms;
                exports com.example.learn;
                provides io.dfc.algorithms.method.LearningMethod with com.example.learn.Cautious;
            }
            """;

    /** A second one, which takes a name that there is. */
    private static final String THIEF =
            """
            package com.example.learn;

            import io.dfc.algorithms.method.*;
            import io.dfc.algorithms.train.LearningPlan;

            public final class Thief implements LearningMethod<Cautious.Settings> {
                public String name() { return "dfc"; }
                public String summary() { return "not what it says"; }
                public Class<Cautious.Settings> settings() { return Cautious.Settings.class; }
                public Cautious.Settings defaults() { return new Cautious().defaults(); }
                public LearningPlan plan(Cautious.Settings s, MethodContext context) { return null; }
            }
            """;

    @TempDir private static Path folder;

    private static Path module;
    private static Path classes;

    @BeforeAll
    static void compile() throws Exception {
        module = folder.resolve("module");
        compile(
                module,
                List.of("-p", libraries()),
                source("Cautious.java", METHOD),
                source("module-info.java", MODULE));
        classes = folder.resolve("classes");
        compile(
                classes,
                List.of("-cp", libraries()),
                source("Cautious.java", METHOD),
                source("Thief.java", THIEF));
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(LearningMethod.class.getName()),
                "com.example.learn.Cautious\ncom.example.learn.Thief\n");
    }

    private static Path source(String name, String text) throws Exception {
        return Files.writeString(
                Files.createDirectories(folder.resolve("src")).resolve(name), text);
    }

    private static String libraries() throws URISyntaxException {
        return System.getProperty("jdk.module.path", "")
                + File.pathSeparator
                + System.getProperty("java.class.path")
                + File.pathSeparator
                + location(Plan.class)
                + File.pathSeparator
                + location(LearningMethod.class);
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static void compile(Path out, List<String> options, Path... sources) {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("-d", out.toString()));
        Stream.of(sources).map(Path::toString).forEach(arguments::add);
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(writer, writer, arguments.toArray(String[]::new));
        assertThat(status).as("%s", said).isZero();
    }

    private static List<String> train(Path run, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "train",
                                "--method",
                                "cautious",
                                "--hidden",
                                "12",
                                "--limit",
                                "300",
                                "--batch",
                                "50",
                                "--epochs",
                                "2",
                                "--backend",
                                "reference"));
        arguments.addAll(List.of("--out", run.toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    @Test
    void isTrainedFromTheClassPathWithItsOwnSettings() throws Exception {
        Path run = folder.resolve("run");
        CommandRun trained = CommandRun.withMore(classes, train(run, "--set", "caution.most=0.5"));

        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out()).contains("cautious");
        assertThat(trained.err())
                .contains("method left out: com.example.learn.Thief calls itself \"dfc\"");
        assertThat(Files.readString(run.resolve("config.yaml")))
                .contains("method: cautious", "caution:", "most: 0.5");
        CommandRun resumed =
                CommandRun.withMore(
                        classes, List.of("train", "--resume", run.toString(), "--epochs", "3"));
        assertThat(resumed.code()).as(resumed.err()).isZero();
        CommandRun listed = CommandRun.withMore(classes, List.of("methods"));
        assertThat(listed.out())
                .containsPattern("cautious +backpropagation that slows down")
                .containsPattern("dfc-ss +DFC at the last controlled state");
        CommandRun.assertRefused(
                CommandRun.withMore(classes, train(run, "--set", "caution.least=1")),
                2,
                "caution.least: no such setting");
        CommandRun.assertRefused(
                CommandRun.withMore(classes, train(run, "--set", "caution.most=-1")),
                2,
                "caution.most: must be a finite number above 0");
    }

    @Test
    void isTrainedFromAModuleThatExportsItsSettings() throws Exception {
        CommandRun trained = inModules(module, train(folder.resolve("from-module")));

        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out()).contains("cautious");
    }

    @Test
    void isRefusedInOneLineFromAModuleThatDoesNotExportItsSettings() throws Exception {
        Path closed = folder.resolve("closed");
        compile(
                closed,
                List.of("-p", libraries()),
                source("Cautious.java", METHOD),
                source("module-info.java", MODULE.replace("exports com.example.learn;", "")));

        CommandRun refused = inModules(closed, train(folder.resolve("from-closed")));

        assertThat(refused.code()).as(refused.err()).isEqualTo(2);
        assertThat(refused.errorLines())
                .singleElement()
                .asString()
                .contains("the settings of method cautious (com.example.learn.Cautious$Settings)")
                .contains("make the record public in a package that its module exports");
        assertThat(refused.err()).doesNotContain("	at ");
    }

    private static CommandRun inModules(Path module, List<String> arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--module-path",
                                System.getProperty("jdk.module.path") + File.pathSeparator + module,
                                // Guice finds Guava there, which the tests' module path lacks.
                                "--class-path",
                                System.getProperty("java.class.path"),
                                "--add-modules",
                                "com.example.learn",
                                "-m",
                                "io.dfc.bench/io.dfc.bench.cli.Main"));
        command.addAll(arguments);
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new CommandRun(process.waitFor(), out, Files.readString(err));
    }

    @Test
    void isMissedByNameWithoutItsModule() {
        CommandRun.assertRefused(
                CommandRun.of(train(folder.resolve("none"))),
                2,
                "method: unknown value \"cautious\"",
                "allowed: bp, bp-shallow, ddtp-control");
    }
}
