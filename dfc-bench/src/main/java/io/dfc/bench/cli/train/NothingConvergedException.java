package io.dfc.bench.cli.train;

import io.dfc.api.error.DfcException;

/** A run came to its end, but the controller never found its target. */
final class NothingConvergedException extends DfcException {
    private static final long serialVersionUID = 1L;

    NothingConvergedException(String message) {
        super(message);
    }
}
