package io.dfc.bench.cli.train;

import io.dfc.algorithms.files.ShellWord;
import io.dfc.algorithms.store.RunFolder;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** When training is interrupted by Ctrl-C or a request to end, prints how to continue it. */
final class InterruptNotice implements AutoCloseable {
    private final PrintWriter err;
    private final Path folder;
    private final ShutdownHook hook;

    /**
     * Registers the notice.
     *
     * @param err where the notice goes
     * @param folder folder of the run, or of several that differ by their seeds
     */
    InterruptNotice(PrintWriter err, Path folder) {
        this.err = err;
        this.folder = folder;
        hook = new ShutdownHook("interrupt notice", this::print);
    }

    private void print() {
        err.println();
        err.println(text());
        err.flush();
    }

    private String text() {
        boolean several = SeedFolder.isOne(folder);
        if (!several && !Files.exists(new RunFolder(folder).configuration())) {
            return "interrupted before the run began; nothing was written";
        }
        return "interrupted; continue with: ./dfc train --resume " + ShellWord.of(folder);
    }

    @Override
    public void close() {
        hook.close();
    }
}
