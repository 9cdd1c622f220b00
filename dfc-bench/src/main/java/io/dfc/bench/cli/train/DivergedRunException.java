package io.dfc.bench.cli.train;

import io.dfc.algorithms.store.RunFolder;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.DivergenceException;

import java.nio.file.Files;

/** A run diverged; tells where its last good state is. */
final class DivergedRunException extends DfcException {
    private static final long serialVersionUID = 1L;

    DivergedRunException(DivergenceException cause, String remedy, RunFolder folder) {
        super(
                cause.getMessage()
                        + (remedy.isEmpty() ? "" : "; of use here: " + remedy)
                        + (Files.exists(folder.checkpoint())
                                ? "; the last good checkpoint is " + folder.checkpoint()
                                : ""),
                cause);
    }
}
