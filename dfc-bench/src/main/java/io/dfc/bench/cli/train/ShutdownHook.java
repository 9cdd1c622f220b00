package io.dfc.bench.cli.train;

/** An action for when the process is asked to end (Ctrl-C, say), until this object is closed. */
final class ShutdownHook implements AutoCloseable {
    private final Thread thread;

    /**
     * Registers an action.
     *
     * @param name name of its thread
     * @param action the action; runs beside others of its kind
     */
    ShutdownHook(String name, Runnable action) {
        thread = new Thread(action, name);
        try {
            Runtime.getRuntime().addShutdownHook(thread);
        } catch (IllegalStateException e) {
            // The process is ending already.
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            // The process is ending, and the action runs or has run.
        }
    }
}
