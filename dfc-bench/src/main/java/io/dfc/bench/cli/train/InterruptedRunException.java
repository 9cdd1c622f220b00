package io.dfc.bench.cli.train;

import io.dfc.algorithms.files.ShellWord;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.api.error.DfcException;

/** The thread that trained was interrupted; the run can be continued. */
final class InterruptedRunException extends DfcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param folder folder of the run
     */
    InterruptedRunException(RunFolder folder) {
        super(
                "interrupted"
                        + (folder.hasCheckpoint()
                                ? "; continue with: ./dfc train --resume "
                                        + ShellWord.of(folder.path())
                                : " before the first epoch was finished"));
    }
}
