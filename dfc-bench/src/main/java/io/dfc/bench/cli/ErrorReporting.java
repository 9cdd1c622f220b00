package io.dfc.bench.cli;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.bench.report.Text;

import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Turns every error into one line on standard error and an exit code: 2 if other arguments would
 * help, else 1.
 */
final class ErrorReporting
        implements IExecutionStrategy, IExecutionExceptionHandler, IParameterExceptionHandler {
    private final BooleanSupplier stacktrace;

    /**
     * Creates the handler.
     *
     * @param stacktrace whether the stack trace follows the line
     */
    ErrorReporting(BooleanSupplier stacktrace) {
        this.stacktrace = stacktrace;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        List<String> suggestions =
                e instanceof UnmatchedArgumentException u ? u.getSuggestions() : List.of();
        String hint =
                e instanceof UnmatchedArgumentException u && u.getUnmatched().contains("help")
                        ? "; help is an option: ./dfc --help, ./dfc train --help"
                        : suggestions.isEmpty()
                                ? ""
                                : "; did you mean " + String.join(" or ", suggestions) + "?";
        // Parsing may have failed before it came to the option itself.
        boolean traced = stacktrace.getAsBoolean() || List.of(args).contains("--stacktrace");
        report(e.getCommandLine(), e, e.getMessage() + hint, traced);
        return ExitCode.USAGE;
    }

    /**
     * Runs the command; memory that does not suffice is an error like any other, and so is what the
     * virtual machine finds wrong.
     */
    @Override
    public int execute(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } catch (OutOfMemoryError e) {
            report(
                    parsed.commandSpec().commandLine(),
                    e,
                    outOfMemory(e, Runtime.getRuntime().maxMemory()),
                    stacktrace.getAsBoolean());
            return ExitCode.SOFTWARE;
        } catch (Error e) {
            // Of a backend or method of the user, say, that was compiled for another version.
            report(
                    parsed.commandSpec().commandLine(),
                    e,
                    "internal error: " + e,
                    stacktrace.getAsBoolean());
            return ExitCode.SOFTWARE;
        }
    }

    private static String outOfMemory(OutOfMemoryError e, long heap) {
        long mebibytes = heap >> 20;
        return "out of memory ("
                + e.getMessage()
                + "): the Java heap may have "
                + mebibytes
                + " MiB; use smaller layers (network.hidden), smaller minibatches (batch) or fewer data (limit), or allow"
                + " more, as with DFC_JAVA_OPTS=-Xmx"
                + 2 * mebibytes
                + "m";
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
        String message =
                e instanceof DfcException known ? known.getMessage() : "internal error: " + e;
        report(commandLine, e, message, stacktrace.getAsBoolean());
        return switch (e) {
            case BadConfigurationException c -> ExitCode.USAGE;
            case BackendUnavailableException u -> ExitCode.USAGE;
            case PlanUnsupportedException u -> ExitCode.USAGE;
            default -> ExitCode.SOFTWARE;
        };
    }

    private static void report(
            CommandLine commandLine, Throwable e, String message, boolean traced) {
        PrintWriter err = commandLine.getErr();
        err.println("error: " + Text.oneLine(message));
        if (traced) {
            e.printStackTrace(err);
        }
        err.flush();
    }
}
