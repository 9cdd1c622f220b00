package io.dfc.bench.measure;

import java.lang.management.ManagementFactory;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Tells whether the virtual machine's compilers are at work. Times alone do not tell: until the
 * compiler is done with a loop, they are as steady as they are long. HotSpot lists its tasks; a
 * machine that does not counts as idle.
 */
final class CompilerWatch {
    private static final String LISTING = "com.sun.management:type=DiagnosticCommand";
    private static final String OPERATION = "compilerQueue";
    private static final long POLL_MILLIS = 5;
    private static final double NANO = 1e-9;

    /** A task names the method that it compiles. */
    private static final Pattern TASK = Pattern.compile("\\S::\\S");

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    /**
     * Waits while a compiler is at work.
     *
     * @param seconds the longest time to wait
     * @return whether one was
     */
    boolean await(double seconds) {
        long start = System.nanoTime();
        boolean waited = false;
        while ((System.nanoTime() - start) * NANO < seconds && isBusy()) {
            waited = true;
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return waited;
            }
        }
        return waited;
    }

    private boolean isBusy() {
        try {
            Object tasks =
                    server.invoke(
                            ObjectName.getInstance(LISTING),
                            OPERATION,
                            new Object[0],
                            new String[0]);
            return tasks instanceof String text && namesTask(text);
        } catch (JMException e) {
            return false;
        }
    }

    static boolean namesTask(String listing) {
        return TASK.matcher(listing).find();
    }
}
