package io.dfc.bench.cli.sweep;

import io.dfc.bench.sweep.PaperTable;

import picocli.CommandLine.Command;

/** {@code dfc reproduce table1}. */
@Command(
        name = "table1",
        description =
                "Train the runs of Table 1 of the paper again, in their published configurations, and compare.",
        mixinStandardHelpOptions = true,
        footer =
                "The folder is all its state: stopped at any time, the same command goes on where it was.")
public final class Table1Command extends PaperTableCommand {
    /** The command. */
    public Table1Command() {
        super(PaperTable.TABLE_1);
    }
}
