package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import picocli.CommandLine;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A finished run of the command line.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(int code, String out, String err) {
    /** A small, quick configuration of DFC on the built-in digits. */
    public static final List<String> SMALL =
            List.of(
                    "--hidden",
                    "12",
                    "--limit",
                    "300",
                    "--batch",
                    "50",
                    "--epochs",
                    "2",
                    "--set",
                    "control.time-points=20",
                    "--set",
                    "feedback.time-points=8");

    /** Runs a command in this process. */
    public static CommandRun of(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine(arguments.toArray(String[]::new));
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int code = commandLine.execute(arguments.toArray(String[]::new));
        return new CommandRun(code, out.toString(), err.toString());
    }

    public static CommandRun of(String... arguments) {
        return of(List.of(arguments));
    }

    /** Runs {@code train} on the small configuration. */
    public static CommandRun train(Path out, String... more) {
        return of(trainArguments(out, more));
    }

    /**
     * Arguments of {@link #train}; given options replace those of the small configuration, and
     * backpropagation goes without the settings of loops.
     */
    public static List<String> trainArguments(Path out, String... more) {
        List<String> given = List.of(more);
        List<String> arguments = new ArrayList<>(List.of("train"));
        for (int i = 0; i < SMALL.size(); i += 2) {
            if (SMALL.get(i).equals("--set")
                    ? !given.contains("bp")
                    : !given.contains(SMALL.get(i))) {
                arguments.addAll(SMALL.subList(i, i + 2));
            }
        }
        arguments.addAll(List.of("--out", out.toString()));
        arguments.addAll(given);
        return arguments;
    }

    /**
     * Starts the command line in a JVM of its own; {@code prefix} stands before the java command.
     */
    public static Process start(List<String> prefix, List<String> arguments) throws IOException {
        return start(prefix, "", arguments);
    }

    private static Process start(List<String> prefix, String more, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // On the class path: the modules that only a running program finds are not on the tests'
        // module path.
        command.addAll(
                List.of(
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--class-path",
                        System.getProperty("jdk.module.path", "")
                                + File.pathSeparator
                                + System.getProperty("java.class.path")
                                + File.pathSeparator
                                + more,
                        "io.dfc.bench.cli.Main"));
        command.addAll(arguments);
        return new ProcessBuilder(command).start();
    }

    /** Runs the command line in a JVM of its own. */
    public static CommandRun inOwnProcess(List<String> prefix, List<String> arguments)
            throws IOException, InterruptedException {
        return finished(start(prefix, arguments));
    }

    /** Runs the command line in a JVM of its own, with more on the class path. */
    static CommandRun withMore(Path classes, List<String> arguments)
            throws IOException, InterruptedException {
        return finished(start(List.of(), classes.toString(), arguments));
    }

    private static CommandRun finished(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("the command did not end");
        }
        return new CommandRun(process.exitValue(), out, err);
    }

    /**
     * Asserts that a command was refused in one line with some words in it, and that nothing
     * internal shows.
     */
    public static void assertRefused(CommandRun run, int code, String... words) {
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.errorLines()).hasSize(1);
        assertThat(run.errorLines().getFirst()).contains(words).doesNotContain("\n");
        assertThat(run.err())
                .doesNotContain("\tat ", "Exception", "internal error", "OutOfMemoryError");
        assertThat(run.out()).isEmpty();
    }

    /** The lines of standard error that report an error. */
    public List<String> errorLines() {
        return err.lines().filter(l -> l.startsWith("error: ")).toList();
    }
}
