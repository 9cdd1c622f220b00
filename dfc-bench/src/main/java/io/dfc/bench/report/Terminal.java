package io.dfc.bench.report;

import java.io.Console;
import java.util.Optional;

/** Tells whether the program is used at a terminal. */
public final class Terminal {
    private Terminal() {}

    /** {@return whether standard input and output are a terminal that can redraw a line} */
    public static boolean isInteractive() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
                && !"dumb".equals(System.getenv("TERM"))
                && System.getenv("CI") == null;
    }
}
