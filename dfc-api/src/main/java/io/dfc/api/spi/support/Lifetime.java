package io.dfc.api.spi.support;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Time from the opening of a backend or engine to its closing. What it holds is freed once: when it
 * is closed, or, with a warning, after it has become unreachable without that.
 *
 * <p>The first of a kind that nobody closed is logged as a warning, others at level DEBUG, and
 * where that is on, with the place that opened it.
 */
final class Lifetime {
    private static final Cleaner CLEANER = Cleaner.create();

    /** What was warned of in this virtual machine. */
    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    private final Resources resources;
    private final Cleaner.Cleanable cleanable;

    /**
     * A lifetime that begins.
     *
     * @param owner what is opened; when it becomes unreachable, the lifetime ends
     * @param name its name, for messages
     * @param free frees what it holds; refers to the owner nowhere, or it would stay reachable
     */
    Lifetime(Object owner, String name, Runnable free) {
        this(owner, name, free, System.getLogger(Lifetime.class.getPackageName()));
    }

    Lifetime(Object owner, String name, Runnable free, Logger logger) {
        resources = new Resources(name, free, logger);
        cleanable = CLEANER.register(owner, resources);
    }

    /** Frees what the owner holds, unless that has been done. */
    void end() {
        resources.closed = true;
        cleanable.clean();
    }

    /** What an owner holds. */
    private static final class Resources implements Runnable {
        private final String name;
        private final Runnable free;
        private final Logger logger;

        /** Where the owner was opened; null unless that is wanted. */
        private final @Nullable Throwable opened;

        private volatile boolean closed;

        Resources(String name, Runnable free, Logger logger) {
            this.name = name;
            this.free = free;
            this.logger = logger;
            opened = logger.isLoggable(Level.DEBUG) ? new Throwable("opened here") : null;
        }

        @Override
        public void run() {
            if (closed) {
                free.run();
                return;
            }
            logger.log(
                    WARNED.add(name) ? Level.WARNING : Level.DEBUG,
                    () ->
                            name
                                    + " was never closed; what it holds is freed now, and would have"
                                    + " been earlier: open it in try-with-resources",
                    opened);
            try {
                free.run();
            } catch (RuntimeException e) {
                logger.log(Level.WARNING, "what " + name + " holds cannot be freed", e);
            }
        }
    }
}
