package io.dfc.bench.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

import java.util.Arrays;
import java.util.List;

/**
 * Adds the commands to a command line. Reading the options of all of them takes a good part of a
 * short command's time, so those that the arguments do not name are added with name and description
 * alone, which is what the list of commands shows.
 */
final class NeededCommands {
    private NeededCommands() {}

    /**
     * Adds commands.
     *
     * @param root receives the commands, in their order
     * @param commands classes of the commands
     * @param arguments the arguments that the command line will get
     */
    static void add(CommandLine root, List<Class<?>> commands, String... arguments) {
        List<String> words = Arrays.asList(arguments);
        for (Class<?> type : commands) {
            Command command = type.getAnnotation(Command.class);
            if (words.contains(command.name())) {
                root.addSubcommand(type);
            } else {
                CommandSpec spec = CommandSpec.create().name(command.name());
                spec.usageMessage().description(command.description());
                root.addSubcommand(new CommandLine(spec));
            }
        }
    }
}
