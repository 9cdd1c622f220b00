package io.dfc.bench.manual;

import io.dfc.bench.cli.Main;
import io.dfc.bench.cli.option.VersionProvider;

import picocli.AutoComplete;
import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes manual pages and completions, when a distribution is packed. */
public final class Manual {
    private static final int WIDTH = 10_000;

    private Manual() {}

    /**
     * Writes them.
     *
     * @param arguments the folder for both, to be created
     * @throws IOException if a file cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        CommandLine whole = commandLine();
        Path pages = Files.createDirectories(folder.resolve("man").resolve("man1"));
        write(pages, whole);
        for (CommandLine command : whole.getSubcommands().values()) {
            write(pages, command);
        }
        Path completion = Files.createDirectories(folder.resolve("completion"));
        // Of bash, and of zsh through its own emulation, which the script turns on.
        Files.writeString(completion.resolve("dfc"), AutoComplete.bash("dfc", whole));
    }

    /** The command line with all options of all commands. */
    static CommandLine commandLine() {
        return Main.commandLine(Main.commandLine().getSubcommands().keySet().toArray(String[]::new))
                // Whoever shows a page breaks its lines.
                .setUsageHelpWidth(WIDTH);
    }

    private static void write(Path folder, CommandLine command) throws IOException {
        ManualPage page = new ManualPage(command, VersionProvider.buildVersion());
        Files.writeString(folder.resolve(page.name() + ".1"), page.text());
    }
}
