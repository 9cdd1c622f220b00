package io.dfc.bench.cli.sweep;

import io.dfc.bench.sweep.PaperTable;

import picocli.CommandLine.Command;

/** {@code dfc reproduce strong-dfc}. */
@Command(
        name = "strong-dfc",
        description = "Train the command lines of the Strong-DFC program again, and compare.",
        mixinStandardHelpOptions = true,
        footer =
                "The folder is all its state: stopped at any time, the same command goes on where it was.")
public final class StrongDfcTableCommand extends PaperTableCommand {
    /** The command. */
    public StrongDfcTableCommand() {
        super(PaperTable.STRONG_DFC);
    }
}
