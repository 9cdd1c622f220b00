package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network that has learnt the irises by backpropagation.
 *
 * @param table the table
 * @param folder the folder of the run
 */
public record IrisRun(Path table, Path folder) {
    /** Trains for some epochs, in a folder beside the table. */
    public static IrisRun train(Path parent, int epochs) {
        IrisRun run = new IrisRun(Tables.shipped(parent, "iris"), parent.resolve("run"));
        CommandRun trained = train(run.table, run.folder, "--epochs", "" + epochs);
        assertThat(trained.code()).as(trained.err()).isZero();
        return run;
    }

    /** Trains on a table of irises; given options replace the usual ones. */
    static CommandRun train(Path table, Path out, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("train", "--data", "csv:" + table, "--method", "bp"));
        arguments.addAll(List.of("--out", out.toString()));
        List<String> given = List.of(more);
        if (!given.contains("--epochs")) {
            arguments.addAll(List.of("--epochs", "20"));
        }
        if (!given.contains("--target")) {
            arguments.addAll(List.of("--target", "species"));
        }
        arguments.addAll(given);
        return CommandRun.of(arguments);
    }
}
