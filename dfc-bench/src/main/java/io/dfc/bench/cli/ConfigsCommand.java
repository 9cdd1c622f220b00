package io.dfc.bench.cli;

import io.dfc.algorithms.config.RunConfigurations;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code dfc configs}: the shipped configurations. */
@Command(
        name = "configs",
        description = "List the shipped configurations, or show one in full.",
        mixinStandardHelpOptions = true)
final class ConfigsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "Configuration to show; a file will do as well.")
    private Optional<String> name;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (name.isPresent()) {
            out.print(RunConfigurations.toYaml(RunConfigurations.load(name.get(), List.of())));
        } else {
            RunConfigurations.names().forEach(out::println);
        }
        out.flush();
        return ExitCode.OK;
    }
}
