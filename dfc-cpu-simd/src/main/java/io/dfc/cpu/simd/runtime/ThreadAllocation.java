package io.dfc.cpu.simd.runtime;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** How much a thread has allocated, where the virtual machine counts it. */
final class ThreadAllocation {
    private ThreadAllocation() {}

    /** Bytes that the current thread has allocated so far; negative if unknown. */
    static LongSupplier meter() {
        boolean present =
                ModuleLayer.boot().findModule("jdk.management").isPresent()
                        && ThreadAllocation.class
                                .getModule()
                                .canRead(
                                        ModuleLayer.boot()
                                                .findModule("jdk.management")
                                                .orElseThrow());
        return present ? Counted.meter() : ThreadAllocation::unknown;
    }

    private static long unknown() {
        return -1;
    }

    /** Apart, so that it is loaded only where the module is there. */
    private static final class Counted {
        static LongSupplier meter() {
            return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                            && threads.isThreadAllocatedMemorySupported()
                            && threads.isThreadAllocatedMemoryEnabled()
                    ? threads::getCurrentThreadAllocatedBytes
                    : ThreadAllocation::unknown;
        }
    }
}
