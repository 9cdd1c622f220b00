package io.dfc.bench.cli;

import picocli.CommandLine;

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
record CommandRun(int code, String out, String err) {
    /** A small, quick configuration of DFC on the built-in digits. */
    static final List<String> SMALL =
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
    static CommandRun of(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int code = commandLine.execute(arguments.toArray(String[]::new));
        return new CommandRun(code, out.toString(), err.toString());
    }

    static CommandRun of(String... arguments) {
        return of(List.of(arguments));
    }

    /** Runs {@code train} on the small configuration. */
    static CommandRun train(Path out, String... more) {
        List<String> arguments = new ArrayList<>(List.of("train"));
        arguments.addAll(SMALL);
        arguments.addAll(List.of("--out", out.toString()));
        arguments.addAll(List.of(more));
        return of(arguments);
    }

    /**
     * Starts the command line in a JVM of its own; {@code prefix} stands before the java command.
     */
    static Process start(List<String> prefix, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--module-path",
                        System.getProperty("jdk.module.path"),
                        "--add-modules",
                        "ALL-MODULE-PATH",
                        "-m",
                        "io.dfc.bench/io.dfc.bench.cli.Main"));
        command.addAll(arguments);
        return new ProcessBuilder(command).start();
    }

    /** Runs the command line in a JVM of its own. */
    static CommandRun inOwnProcess(List<String> prefix, List<String> arguments)
            throws IOException, InterruptedException {
        Process process = start(prefix, arguments);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("the command did not end");
        }
        return new CommandRun(process.exitValue(), out, err);
    }

    /** The lines of standard error that report an error. */
    List<String> errorLines() {
        return err.lines().filter(l -> l.startsWith("error: ")).toList();
    }
}
