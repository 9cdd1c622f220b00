package io.dfc.bench.faults;

import io.dfc.bench.cli.CommandRun;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A virtual machine of its own, as small or as badly treated as a test wants it. */
final class Child {
    private static final String COMMAND_LINE = "io.dfc.bench.cli.Main";

    private final List<String> prefix = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> classPath = new ArrayList<>();

    Child() {
        classPath.add(System.getProperty("jdk.module.path", ""));
        classPath.add(System.getProperty("java.class.path"));
    }

    /** Puts words before the java command. */
    Child behind(String... words) {
        prefix.addAll(List.of(words));
        return this;
    }

    /** Gives the virtual machine options. */
    Child with(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Puts classes behind those of the program. */
    Child and(Path classes) {
        classPath.add(classes.toString());
        return this;
    }

    /** The classes of these tests, as the compiler has left them. */
    static Path testClasses() {
        return Path.of("target", "test-classes").toAbsolutePath();
    }

    /** Starts the command line. */
    Process start(List<String> arguments) throws IOException {
        return new ProcessBuilder(command(COMMAND_LINE, arguments)).start();
    }

    /** Runs the command line to its end. */
    CommandRun run(List<String> arguments) throws IOException, InterruptedException {
        return run(COMMAND_LINE, arguments);
    }

    /** Runs a program to its end. */
    CommandRun run(String main, List<String> arguments) throws IOException, InterruptedException {
        Path err = Files.createTempFile("child", ".err");
        Process process =
                new ProcessBuilder(command(main, arguments)).redirectError(err.toFile()).start();
        try {
            String out =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                throw new AssertionError("the process does not end");
            }
            return new CommandRun(process.exitValue(), out, Files.readString(err));
        } finally {
            process.destroyForcibly();
            Files.delete(err);
        }
    }

    private List<String> command(String main, List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        command.addAll(options);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), main));
        command.addAll(arguments);
        return command;
    }
}
