package io.dfc.tornado.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Tells through the log, at level INFO, that kernels are being compiled: TornadoVM compiles each at
 * its first launch, which takes seconds. Used by one thread at a time.
 */
final class CompilationProgress {
    /** Time between two lines. */
    static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

    private final String device;
    private final Logger log;
    private final LongSupplier clock;
    private final Set<Kernel> compiled = EnumSet.noneOf(Kernel.class);
    private long last;
    private long began;
    private long compiling;

    /**
     * Progress of the kernels of a device.
     *
     * @param device name of the device
     * @param clock nanoseconds
     */
    CompilationProgress(String device, Logger log, LongSupplier clock) {
        this.device = device;
        this.log = log;
        this.clock = clock;
    }

    /** Before the launch of a kernel. */
    void begin(Kernel kernel) {
        if (compiled.contains(kernel)) {
            return;
        }
        began = clock.getAsLong();
        if (compiled.isEmpty()) {
            last = began;
            log.log(
                    Level.INFO,
                    "backend \"tornado\" compiles its kernels for "
                            + device
                            + ", each when it is first launched; that takes some seconds");
        } else if (began - last >= INTERVAL_NANOS) {
            last = began;
            log.log(
                    Level.INFO,
                    String.format(
                            Locale.ROOT,
                            "backend \"tornado\" has compiled %d kernels in %.1f s, next: %s",
                            compiled.size(),
                            compiling * 1e-9,
                            kernel.title()));
        }
    }

    /** After that launch. */
    void end(Kernel kernel) {
        if (compiled.add(kernel)) {
            compiling += clock.getAsLong() - began;
        }
    }
}
