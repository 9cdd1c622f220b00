package io.dfc.bench.cli;

import io.dfc.bench.cli.exchange.ExportCommand;
import io.dfc.bench.cli.exchange.ImportCommand;
import io.dfc.bench.cli.option.VersionProvider;
import io.dfc.bench.cli.option.WholeNumber;
import io.dfc.bench.cli.predict.DiagnoseCommand;
import io.dfc.bench.cli.predict.EvalCommand;
import io.dfc.bench.cli.predict.PredictCommand;
import io.dfc.bench.cli.sweep.SweepCommand;
import io.dfc.bench.cli.train.TrainCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The root command. */
@Command(
        name = "dfc",
        description =
                "Deep Feedback Control: train, evaluate and check networks that learn by feedback control.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nVariables that the launcher reads:%n",
        footer = {
            "  DFC_JAVA_OPTS    options for the JVM, such as -Xmx8g",
            "  DFC_CLASS_PATH   your jars with backends or methods",
            "  DFC_BUILD        never: run what is built as it is; always: build anew"
        })
public final class Main implements Runnable {
    private static final List<Class<?>> COMMANDS =
            List.of(
                    TrainCommand.class,
                    EvalCommand.class,
                    PredictCommand.class,
                    DiagnoseCommand.class,
                    ExportCommand.class,
                    ImportCommand.class,
                    DataCommand.class,
                    ConfigsCommand.class,
                    MethodsCommand.class,
                    BackendsCommand.class,
                    CheckCommand.class,
                    SweepCommand.class,
                    ReproduceCommand.class,
                    BenchCommand.class);

    @Spec private CommandSpec spec;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "On an error, show where it came from.")
    private boolean stacktrace;

    /** Creates the root command. */
    public Main() {}

    /**
     * Runs the command line and ends the process with its exit code.
     *
     * @param args arguments
     */
    public static void main(String[] args) {
        CommandLine commandLine = commandLine(args);
        StandardOutput out = new StandardOutput();
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        commandLine.setOut(out.writer());
        commandLine.setErr(err);
        System.exit(out.finish(commandLine.execute(args), err));
    }

    /**
     * Makes the command line.
     *
     * @param args the arguments that it will execute
     * @return the command line, ready to execute; its writers can be replaced
     */
    public static CommandLine commandLine(String... args) {
        Main main = new Main();
        ErrorReporting errors = new ErrorReporting(() -> main.stacktrace);
        CommandLine commandLine = new CommandLine(main);
        NeededCommands.add(commandLine, COMMANDS, args);
        return WholeNumber.register(commandLine)
                .registerConverter(Path.class, Main::path)
                // Names of columns may begin with @.
                .setExpandAtFiles(false)
                .setExecutionStrategy(errors)
                .setExecutionExceptionHandler(errors)
                .setParameterExceptionHandler(errors);
    }

    /** Java takes an empty path for the folder that one is in. */
    private static Path path(String text) {
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // Refused below.
        }
        throw new TypeConversionException("expected a path, got \"" + text + "\"");
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "expected a command: " + String.join(", ", spec.subcommands().keySet()));
    }
}
